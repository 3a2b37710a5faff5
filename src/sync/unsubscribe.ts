/**
 * Deletes Graph subscriptions when a connection or a way of access ends, so that Microsoft stops notifying about
 * mailboxes that are no longer read.
 *
 * Units   Graph isn't asked later than four seconds after the end. What is left expires on its own within days, and its
 *         notifications name a subscription that isn't known.
 */
import type { Mode } from '../domain/mode.ts';
import type { GraphAccess, GraphPort, TokenPort } from './ports.ts';

const UNSUBSCRIBE_DEADLINE_MS = 4_000;
const REQUEST_TIMEOUT_MS = 2_000;
/** How many mailboxes are left at once. */
const AT_ONCE = 8;
/** What can be ended in that time, and more. */
const MAX_SUBSCRIPTIONS = 2_000;

export interface UnsubscribePorts {
  /** Graph's ids of a mailbox's subscriptions. */
  idsOf(tenantId: string, mailboxId: string): Promise<readonly string[]>;
  /** The same of an organization's mailboxes, by mailbox; at most `limit` ids. */
  idsIn(tenantId: string, limit: number): Promise<ReadonlyMap<string, readonly string[]>>;
  readonly tokens: Pick<TokenPort, 'get'>;
  readonly graph: Pick<GraphPort, 'deleteSubscription'>;
  now(): Date;
}

interface Leaving {
  readonly access: GraphAccess;
  readonly ids: readonly string[];
}

/** While there is a token still; what it answers is called when the connection has ended. */
export async function prepareUnsubscribe(
  ports: UnsubscribePorts,
  { tenantId, memberId }: { readonly tenantId: string; readonly memberId: string },
): Promise<() => Promise<void>> {
  const ids = await ports.idsOf(tenantId, memberId);
  const leaving = await preparing(ports, { tenantId, mode: 'individual' }, new Map([[memberId, ids]]));
  return () => leave(ports, leaving);
}

/** The same for a whole organization, of which `mode` is the way of access that ends. */
export async function prepareUnsubscribeAll(
  ports: UnsubscribePorts,
  tenantId: string,
  mode: Mode,
): Promise<() => Promise<void>> {
  const leaving = await preparing(ports, { tenantId, mode }, await ports.idsIn(tenantId, MAX_SUBSCRIPTIONS));
  return () => leave(ports, leaving);
}

async function preparing(
  { tokens, now }: Pick<UnsubscribePorts, 'tokens' | 'now'>,
  { tenantId, mode }: { readonly tenantId: string; readonly mode: Mode },
  idsOf: ReadonlyMap<string, readonly string[]>,
): Promise<readonly Leaving[]> {
  const until = now().getTime() + UNSUBSCRIBE_DEADLINE_MS;
  const leaving: Leaving[] = [];
  await some([...idsOf], async ([memberId, ids]) => {
    if (ids.length === 0 || now().getTime() >= until) {
      return;
    }
    const token = await withTimeout(tokens.get({ tenantId, memberId, mode }, []));
    if (token?.kind === 'token') {
      leaving.push({ access: token.access, ids });
    }
  });
  return leaving;
}

async function leave(
  { graph, now }: Pick<UnsubscribePorts, 'graph' | 'now'>,
  leaving: readonly Leaving[],
): Promise<void> {
  const until = now().getTime() + UNSUBSCRIBE_DEADLINE_MS;
  await some(leaving, async ({ access, ids }) => {
    for (const id of ids) {
      if (now().getTime() < until) {
        await withTimeout(graph.deleteSubscription(access, id));
      }
    }
  });
}

/** A few at once, in order. */
async function some<T>(each: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...each];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker()));
}

/** Disconnecting never waits for Microsoft. Resolves to `null` on timeout or error. */
function withTimeout<T>(answer: Promise<T>): Promise<T | null> {
  return Promise.race([
    answer.catch(() => null),
    new Promise<null>((resolve) => {
      setTimeout(resolve, REQUEST_TIMEOUT_MS, null).unref();
    }),
  ]);
}
