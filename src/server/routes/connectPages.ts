/**
 * `/connect/TOKEN`: an admin grants what someone else asked for. `/connect`: an admin approves the app for an
 * organization in which no one can sign in yet.
 *
 * Needs no session. One permission request names one resource only, so Microsoft asks twice: for Graph's
 * sign-in permissions, then for Assent's own. The redirect back proves nothing, and nothing is recorded: the
 * proof is the next sign-in. A random state in a cookie keeps others from sending people into the middle.
 *
 * Source  "Admin consent on the Microsoft identity platform": scopes of one resource a request.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ReadLink, resolveLink, startFromLink } from '../../consent/handOff.ts';
import { isSame } from '../../consent/secrets.ts';
import { scopesForSelection, SERVICE_ROLES } from '../../domain/permissions.ts';
import { aadstsNumber, refusalOf } from '../../domain/refusals.ts';
import type { HandOffPage } from '../pages/handOffPage.ts';
import { endWindowCookie, openWindowCookie, windowCookie } from '../cookies.ts';
import type { AppApproval, AppApprovalStep, Services } from '../services.ts';

export function registerConnectPages(app: FastifyInstance, services: Services): void {
  const { pages, admission } = services;
  registerHandOff(app, services);
  app.get('/connect', (_request, reply) => pages.sendConnect(reply));
  app.post('/connect', (request, reply) => ask(request, reply, admission, 'graph'));
  app.get('/connect/return', (request, reply) => {
    const query = new URL(request.url, 'https://localhost').searchParams;
    const state = query.get('state') ?? '';
    if (!isOurs(request, state)) {
      return pages.sendOutcome(reply, 400, 'otherBrowser');
    }
    void reply.header('set-cookie', endWindowCookie('connect', state));
    const error = query.get('error');
    if (error !== null) {
      const number = aadstsNumber(query.get('error_description') ?? undefined);
      return pages.sendOutcome(reply, 200, refusalOf({ error, number }));
    }
    return state.startsWith('graph.')
      ? ask(request, reply, admission, 'api')
      : pages.sendOutcome(reply, 200, 'admitted');
  });
}

/** GET has no side effects. POST starts a new transaction and redirects. */
function registerHandOff(app: FastifyInstance, { consent, pages, publicUrl }: Services): void {
  const Params = z.object({ token: z.string() });
  app.get('/connect/:token', async (request, reply) => {
    const { token } = Params.parse(request.params);
    const found = await resolveLink(consent, token);
    return found.kind === 'link'
      ? pages.sendHandOff(reply, handOffOf(token, found))
      : pages.sendOutcome(reply, found.kind === 'unknown' ? 404 : 410, outcomeOf(found.kind));
  });
  app.post('/connect/:token', async (request, reply) => {
    const { token } = Params.parse(request.params);
    const found = await resolveLink(consent, token);
    if (found.kind !== 'link') {
      return pages.sendOutcome(reply, found.kind === 'unknown' ? 404 : 410, outcomeOf(found.kind));
    }
    const id = await startFromLink(consent, found);
    return reply.header('cache-control', 'no-store').redirect(`${publicUrl}/consent/start/${id}`, 303);
  });
}

function outcomeOf(kind: 'unknown' | 'expired' | 'revoked') {
  return kind === 'expired' ? 'linkExpired' : kind === 'revoked' ? 'linkRevoked' : 'unknown';
}

function handOffOf(token: string, { link, organization, maker }: ReadLink): HandOffPage {
  const isService = link.mode === 'service';
  return {
    token,
    organization: organization.name,
    asker: maker.name,
    permissions: isService ? SERVICE_ROLES : [...scopesForSelection(link.selection), 'User.Read', 'offline_access'],
    type: isService ? 'application' : 'delegated',
    decides: link.mode === 'organization',
    expiresAt: link.expiresAt,
  };
}

function ask(
  request: FastifyRequest,
  reply: FastifyReply,
  admission: AppApproval,
  step: AppApprovalStep,
): FastifyReply {
  const state = `${step}.${randomBytes(32).toString('base64url')}`;
  return reply
    .header('set-cookie', openWindowCookie(request.headers.cookie, 'connect', state, state))
    .header('cache-control', 'no-store')
    .redirect(admission.url(step, state), 303);
}

function isOurs(request: FastifyRequest, state: string): boolean {
  return state !== '' && isSame(state, windowCookie(request.headers.cookie, 'connect', state) ?? '');
}
