/**
 * Outlook's limits for an application and a mailbox: 4 requests at once, 10,000 in ten minutes.
 *
 * Source  "Microsoft Graph service-specific throttling limits". Refused requests count as well.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import { verifyToken } from '../entra/verify.ts';
import type { World } from '../world/world.ts';

const MAX_CONCURRENT_REQUESTS = 4;
const MAX_REQUESTS_PER_WINDOW = 10_000;
const WINDOW_MILLISECONDS = 10 * 60_000;

interface MailboxUsage {
  running: number;
  count: number;
  since: number;
}

export class MailboxThrottle {
  readonly #context: { readonly world: World; readonly now: () => Date };
  readonly #uses = new Map<string, MailboxUsage>();

  constructor(context: { readonly world: World; readonly now: () => Date }) {
    this.#context = context;
  }

  enter(request: FastifyRequest, reply: FastifyReply): void {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const claims = token === undefined ? null : verifyToken(this.#context, token);
    // An application's token is counted with the mailbox that it is used for.
    const oid = claims?.oid ?? /^\/v1\.0\/users\/([^/?]+)\//.exec(request.url)?.[1];
    // A batch is counted by what is in it.
    if (oid === undefined || request.url.startsWith('/v1.0/$batch')) {
      return;
    }
    const use = this.#useOf(oid);
    use.count += 1;
    use.running += 1;
    whenOver(reply, () => {
      use.running -= 1;
    });
    if (use.running > MAX_CONCURRENT_REQUESTS || use.count > MAX_REQUESTS_PER_WINDOW) {
      throw new GraphError(GRAPH_REFUSALS.throttled);
    }
  }

  #useOf(oid: string): MailboxUsage {
    const now = this.#context.now().getTime();
    const known = this.#uses.get(oid) ?? { running: 0, count: 0, since: now };
    if (now - known.since > WINDOW_MILLISECONDS) {
      known.count = 0;
      known.since = now;
    }
    this.#uses.set(oid, known);
    return known;
  }
}

/** Runs `end` once, when the answer is sent or the client has gone; in a batch, `close` alone comes too late. */
function whenOver(reply: FastifyReply, end: () => void): void {
  let isOver = false;
  const once = () => {
    if (!isOver) {
      isOver = true;
      end();
    }
  };
  reply.raw.once('finish', once);
  reply.raw.once('close', once);
}
