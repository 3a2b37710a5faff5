/**
 * `/connect`: an administrator admits the app for an organization in which nobody can sign in yet.
 *
 * Needs no session. One permission request names one resource only, so Microsoft asks twice: for Graph's
 * sign-in permissions, then for Assent's own. The redirect back proves nothing, and nothing is recorded: the
 * proof is the next sign-in. A random state in a cookie keeps others from sending people into the middle.
 *
 * Source  "Admin consent on the Microsoft identity platform": scopes of one resource a request.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { aadstsNumber, refusalOf } from '../../domain/refusals.ts';
import { cookieNamed, setCookie } from '../cookies.ts';
import type { Admission, AdmissionStep, Services } from '../services.ts';

const COOKIE = '__Host-connect';
const COOKIE_SECONDS = 15 * 60;

export function registerConnectPages(app: FastifyInstance, { pages, admission }: Services): void {
  app.get('/connect', (_request, reply) => pages.sendConnect(reply));
  app.post('/connect', (_request, reply) => ask(reply, admission, 'graph'));
  app.get('/connect/return', (request, reply) => {
    const query = new URL(request.url, 'https://localhost').searchParams;
    const state = query.get('state') ?? '';
    if (!isOurs(request, state)) {
      return pages.sendOutcome(reply, 400, 'otherBrowser');
    }
    const error = query.get('error');
    if (error !== null) {
      const number = aadstsNumber(query.get('error_description') ?? undefined);
      return pages.sendOutcome(reply, 200, refusalOf({ error, number }));
    }
    return state.startsWith('graph.') ? ask(reply, admission, 'api') : pages.sendOutcome(reply, 200, 'admitted');
  });
}

function ask(reply: FastifyReply, admission: Admission, step: AdmissionStep): FastifyReply {
  const state = `${step}.${randomBytes(32).toString('base64url')}`;
  return reply
    .header('set-cookie', setCookie(COOKIE, state, COOKIE_SECONDS))
    .header('cache-control', 'no-store')
    .redirect(admission.url(step, state), 303);
}

function isOurs(request: FastifyRequest, state: string): boolean {
  const given = Buffer.from(state);
  const kept = Buffer.from(cookieNamed(request.headers.cookie, COOKIE) ?? '');
  return given.length > 0 && given.length === kept.length && timingSafeEqual(given, kept);
}
