/**
 * Takes leave of Graph for somebody who ends their connection: subscriptions are ended there, so that Microsoft does
 * not go on telling of a mailbox that nobody listens to.
 *
 * Units   Nothing is asked of Graph later than four seconds after the connection ended; what is left lapses by itself.
 */
import type { Principal } from '../consent/ports.ts';
import type { Database } from '../db/openDatabase.ts';
import { readSubscriptions } from '../db/subscriptions.ts';
import type { GraphPort, TokenPort } from '../sync/ports.ts';

const MOST_MILLISECONDS = 4_000;
const PATIENCE_MILLISECONDS = 2_000;

export interface FarewellSources {
  readonly database: Database;
  readonly tokens: TokenPort;
  readonly graph: Pick<GraphPort, 'deleteSubscription'>;
  readonly now: () => Date;
}

/** While there is a token still; what it answers is called when the connection has ended. */
export async function prepareFarewell(
  { database, tokens, graph, now }: FarewellSources,
  { tenantId, memberId }: Principal,
): Promise<() => Promise<void>> {
  const subscriptions = await readSubscriptions(database.kysely, { tenantId, mailboxId: memberId });
  const ids = subscriptions.flatMap(({ subscriptionId }) => subscriptionId ?? []);
  const token = ids.length === 0 ? null : await soon(tokens.get({ tenantId, memberId, mode: 'individual' }, []));
  if (token?.kind !== 'token') {
    return () => Promise.resolve();
  }
  return async () => {
    const until = now().getTime() + MOST_MILLISECONDS;
    for (const id of ids) {
      if (now().getTime() < until) {
        await graph.deleteSubscription(token.access, id);
      }
    }
  };
}

/** Nobody waits for Microsoft to be let go: what does not come soon, or at all, is `null`. */
function soon<T>(answer: Promise<T>): Promise<T | null> {
  return Promise.race([
    answer.catch(() => null),
    new Promise<null>((resolve) => {
      setTimeout(resolve, PATIENCE_MILLISECONDS, null).unref();
    }),
  ]);
}
