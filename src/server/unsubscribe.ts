/**
 * Deletes Graph subscriptions when a connection or a way of access ends, so that Microsoft stops notifying about
 * mailboxes that are no longer read.
 *
 * Units   Graph isn't asked later than four seconds after the end. What is left expires on its own within days, and its
 *         notifications name a subscription that isn't known.
 */
import type { UnsubscribePort, Principal } from '../consent/ports.ts';
import type { Database } from '../db/openDatabase.ts';
import { readSubscriptionIds, readSubscriptions } from '../db/sync/subscriptions.ts';
import type { Mode } from '../domain/mode.ts';
import type { GraphAccess, GraphPort, TokenPort } from '../sync/ports.ts';

const UNSUBSCRIBE_DEADLINE_MS = 4_000;
const REQUEST_TIMEOUT_MS = 2_000;
/** How many mailboxes are left at once. */
const AT_ONCE = 8;
/** What can be ended in that time, and more. */
const MAX_SUBSCRIPTIONS = 2_000;

export interface UnsubscribeSources {
  readonly database: Database;
  readonly tokens: Pick<TokenPort, 'get'>;
  readonly graph: Pick<GraphPort, 'deleteSubscription'>;
  readonly now: () => Date;
}

interface Leaving {
  readonly access: GraphAccess;
  readonly ids: readonly string[];
}

/** While there is a token still; what it answers is called when the connection has ended. */
export async function prepareUnsubscribe(
  sources: UnsubscribeSources,
  { tenantId, memberId }: Principal,
): Promise<() => Promise<void>> {
  const subscriptions = await readSubscriptions(sources.database.kysely, { tenantId, mailboxId: memberId });
  const ids = subscriptions.flatMap(({ subscriptionId }) => subscriptionId ?? []);
  const leaving = await preparing(sources, { tenantId, mode: 'individual' }, new Map([[memberId, ids]]));
  return () => leave(sources, leaving);
}

/** The same for a whole organization whose way of access ends. */
export function unsubscribePort(sources: UnsubscribeSources, onFailure: (error: unknown) => void): UnsubscribePort {
  return {
    prepare: async (tenantId, mode) => {
      const ids = await readSubscriptionIds(sources.database.kysely, tenantId, MAX_SUBSCRIPTIONS);
      const leaving = await preparing(sources, { tenantId, mode }, ids);
      return () => leave(sources, leaving).catch(onFailure);
    },
  };
}

async function preparing(
  { tokens, now }: UnsubscribeSources,
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

async function leave({ graph, now }: UnsubscribeSources, leaving: readonly Leaving[]): Promise<void> {
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
