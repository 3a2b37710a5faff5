/**
 * What a page answers when it cannot answer: a page again, which says so to the person who looks at it.
 *
 * The pages around Microsoft's look something up for anyone who opens them. What they do not find counts against the
 * address that asked; people who come with a consent of theirs are not counted.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemCode } from '../domain/problems.ts';
import type { Limits } from './limits.ts';
import type { Pages } from './pages/pages.ts';
import { isLookup, isPage } from './pages/paths.ts';
import { handleError, problemOf, statusOf } from './problems.ts';

export function guardPages(app: FastifyInstance, limits: Limits, pages: Pages): void {
  const isLookedUp = ({ url }: FastifyRequest) => isLookup(url);
  app.addHook('onRequest', async (request, reply) => {
    const seconds = isLookedUp(request) ? await limits.flood(request) : null;
    return seconds === null ? undefined : sendTooManyPage(pages, reply, seconds);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const isRefused = reply.statusCode >= 400 && reply.statusCode < 500 && reply.statusCode !== 429;
    const seconds = isLookedUp(request) && isRefused ? await limits.stranger(request) : null;
    if (seconds === null) {
      return payload;
    }
    void reply.code(429).header('retry-after', String(seconds)).removeHeader('content-length');
    return pages.outcomeText('tooManyRequests');
  });
  app.setErrorHandler((error: Parameters<typeof handleError>[0], request, reply) =>
    isPage(request.url) ? sendFailure(pages, reply, problemOf(error, request)) : handleError(error, request, reply),
  );
}

function sendTooManyPage(pages: Pages, reply: FastifyReply, seconds: number): FastifyReply {
  return pages.sendOutcome(reply.header('retry-after', String(seconds)), 429, 'tooManyRequests');
}

function sendFailure(pages: Pages, reply: FastifyReply, code: ProblemCode): FastifyReply {
  return pages.sendOutcome(reply, statusOf(code), code === 'storage_unavailable' ? 'storageUnavailable' : 'failed');
}
