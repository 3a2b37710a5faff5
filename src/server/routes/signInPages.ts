/**
 * `/sign-in/start` and `/sign-in/return`: the window that signs someone in where their host cannot.
 *
 * The last page holds a token for Assent's own API, which its script hands to the host that opened the window. Office
 * passes it to our own origin only; Teams to whichever app opened the window, so there the page names the account and
 * waits for a click. The page is never stored and never framed.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { endSignIn, openSignIn } from '../../consent/signInWindow.ts';
import { endWindowCookie, openWindowCookie, windowCookie } from '../cookies.ts';
import type { Services } from '../services.ts';

const Query = z.object({
  host: z.enum(['teams', 'outlook']),
  tenant: z.guid().toLowerCase().optional(),
  hint: z.string().max(320).optional(),
  claims: z.string().max(4_096).optional(),
});

/** As the cookie has it: the secret, the organization, and the host that waits. */
const Kept = /^(?<secret>[\w-]{43})\.(?<tenantId>[\da-f-]{36})\.(?<host>teams|outlook)$/;

export function registerSignInPages(app: FastifyInstance, { consent, pages, publicUrl }: Services): void {
  app.get('/sign-in/start', async (request, reply) => {
    const query = Query.safeParse(request.query);
    if (!query.success) {
      return pages.sendOutcome(reply, 400, 'unknown');
    }
    const { host, tenant = null, hint = null, claims = null } = query.data;
    const domain = /@([\w.-]+)$/.exec(hint ?? '')?.[1] ?? null;
    const opened = await openSignIn(consent, { tenantId: tenant, domain, loginHint: hint, claims });
    if (opened.kind !== 'found') {
      return opened.kind === 'unknown'
        ? pages.sendOutcome(reply, 404, 'tenantUnknown')
        : pages.sendOutcome(reply, 503, 'microsoftUnavailable');
    }
    const { browserSecret, state, tenantId, url } = opened.value;
    const kept = [browserSecret, tenantId, host].join('.');
    return reply
      .header('set-cookie', openWindowCookie(request.headers.cookie, 'sign-in', state, kept))
      .header('cache-control', 'no-store')
      .redirect(url);
  });
  app.get('/sign-in/return', async (request, reply) => {
    const returnedTo = new URL(`${publicUrl}${request.url}`);
    const state = returnedTo.searchParams.get('state') ?? '';
    const kept = keptIn(request, state);
    const end = await endSignIn(consent, returnedTo, kept);
    if (end.kind !== 'otherBrowser') {
      void reply.header('set-cookie', endWindowCookie('sign-in', state));
    }
    switch (end.kind) {
      case 'token':
        return pages.sendHandOver(reply, kept?.host === 'outlook' ? 'outlook' : 'teams', end.accessToken);
      case 'refused':
        return pages.sendOutcome(reply, 200, end.refusal);
      case 'otherBrowser':
        return pages.sendOutcome(reply, 400, 'otherBrowser');
      case 'unavailable':
        return pages.sendOutcome(reply, 503, 'microsoftUnavailable');
    }
  });
}

function keptIn({ headers }: FastifyRequest, state: string) {
  const { secret, tenantId, host } = Kept.exec(windowCookie(headers.cookie, 'sign-in', state) ?? '')?.groups ?? {};
  return secret === undefined || tenantId === undefined ? null : { browserSecret: secret, tenantId, host };
}
