/**
 * The pages that the popup passes through: `/consent/start/ID`, which goes to Microsoft, and
 * `/consent/return`, to which Microsoft sends the browser back.
 *
 * The cookie binds the transaction to this browser: `__Host-`, so that no other host can set it, and `Lax`,
 * because the way back from Microsoft is a top-level navigation.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { startAuthorization } from '../../consent/startAuthorization.ts';
import { handleConsentCallback, type ReturnResult } from '../../consent/handleConsentCallback.ts';
import { parseState } from '../../consent/startAuthorization.ts';
import type { PopupOutcome } from '../pages/pages.ts';
import type { Services } from '../services.ts';
import { openWindowCookie, windowCookie } from '../cookies.ts';

export function registerConsentPages(app: FastifyInstance, services: Services): void {
  const { consent, pages, publicUrl } = services;
  app.get('/consent/start/:id', async (request, reply) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const opened = await startAuthorization(consent, id);
    if (opened.kind === 'redirect') {
      return reply
        .header('set-cookie', openWindowCookie(request.headers.cookie, 'consent', id, opened.browserSecret))
        .header('cache-control', 'no-store')
        .redirect(opened.url);
    }
    return pages.sendOutcome(reply, 410, opened.kind);
  });
  app.get('/consent/return', async (request, reply) => {
    // Not from the Host header: what Entra sent the browser to is the address that is registered.
    const returnedTo = new URL(`${publicUrl}${request.url}`);
    const result = await handleConsentCallback(consent, returnedTo, browserSecretOf(request, returnedTo));
    return result.kind === 'redirect'
      ? reply.header('cache-control', 'no-store').redirect(result.url)
      : pages.sendOutcome(reply, result.kind === 'invalid' ? 400 : 200, outcomeOf(result));
  });
}

function outcomeOf(result: Exclude<ReturnResult, { kind: 'redirect' }>): PopupOutcome {
  if (result.kind === 'invalid') {
    return result.why;
  }
  return result.outcome === 'granted' ? 'granted' : (result.reason ?? 'other');
}

function browserSecretOf(request: FastifyRequest, returnedTo: URL): string | null {
  const state = parseState(returnedTo.searchParams.get('state') ?? '');
  return state === null ? null : windowCookie(request.headers.cookie, 'consent', state.id);
}
