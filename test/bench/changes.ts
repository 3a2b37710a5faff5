/** From Graph's notification to the item in the database of a mailbox at rest: inbox, queue, round and commit. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { Agent, fetch } from 'undici';
import { storeNotifications, takeNotifications } from '../../src/db/sync/notifications.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { NotificationInbox } from '../../src/sync/receiveNotifications.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { connectMailboxes, countItems } from './mailboxes.ts';
import { syncAll } from './product.ts';
import { startGraph } from './startGraph.ts';

const CHANGES = 100;
const BEFORE = 200;
const HASH = createHash('sha256').update('a secret').digest();

export async function measureChange(engine: string, database: Database): Promise<void> {
  const graph = await startGraph(BEFORE, 0);
  const agent = new Agent({ connections: 8 });
  const http = {
    fetch: (url: string, init: Parameters<typeof fetch>[1]) => fetch(url, { ...init, dispatcher: agent }),
    close: () => agent.close(),
  };
  const keyring = await memoryKeys(() => new Date());
  await connectMailboxes(database, 1, 'mail');
  await syncAll(database, keyring, http, graph.origin, 1);
  await sql`update subscriptions set subscription_id = 'bench', client_state_hash = ${HASH}, failures = 0, error = null,
    act_at = now() + interval '1 hour', expires_at = now() + interval '1 day'`.execute(database.kysely);
  const inbox = new NotificationInbox(
    (received) => storeNotifications(database, received, new Date()),
    () => undefined,
    () => false,
  );
  const times: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    await fetch(`${graph.origin}/change`, { method: 'POST' });
    // A mailbox at rest: one that was read a moment ago waits a little, so that bursts become one round.
    await sql`update mailboxes set round_at = null`.execute(database.kysely);
    const began = performance.now();
    await inbox.receive([{ subscriptionId: 'bench', clientStateHash: HASH, tenantId: null, kind: 'changed' }]);
    await takeNotifications(database, new Date());
    await syncAll(database, keyring, http, graph.origin, 1);
    times.push(performance.now() - began);
  }
  const stored = await countItems(database);
  graph.stop();
  await agent.close();
  if (stored !== BEFORE + CHANGES) {
    throw new Error(`${stored} items are stored, and not ${BEFORE + CHANGES}`);
  }
  const sorted = times.toSorted((first, second) => first - second);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  process.stdout.write(
    `\nFrom a notification to the stored item on ${engine}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms\n`,
  );
}
