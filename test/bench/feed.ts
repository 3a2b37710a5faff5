/**
 * The feed: changes a second as lines, ids alone and with their items, beside the same rows as the database alone gives them
 * as JSON; and how long a change takes from its commit to the feed over all organizations.
 */
import { sql } from 'kysely';
import { openFeedStore } from '../../src/db/delivery/feedStore.ts';
import { openItemStore } from '../../src/db/delivery/itemStore.ts';
import { appendOutbox } from '../../src/db/delivery/outbox.ts';
import { publish, publishAll } from '../../src/db/delivery/publisher.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { transact } from '../../src/db/transact.ts';
import type { FeedPorts } from '../../src/delivery/ports.ts';
import { readChanges } from '../../src/delivery/readChanges.ts';
import { presentChange } from '../../src/server/present/changes.ts';
import { emptyTables } from '../support/tables.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { sealMailbox, type SealedMailbox, writeByUnnest } from './sealedRows.ts';

const ORGANIZATIONS = 20;
const ITEMS = 1_000;
const ROWS_A_PAGE = 1_000;
const COMMITS = 200;

export async function measureFeed(engine: string, database: Database): Promise<void> {
  await emptyTables(database);
  const keyring = await memoryKeys(() => new Date());
  const mailboxes = await Promise.all(Array.from({ length: ORGANIZATIONS }, () => sealMailbox(keyring, ITEMS)));
  for (const mailbox of mailboxes) {
    await writeByUnnest(database, mailbox);
    await tell(database, mailbox);
  }
  await publishAll(database, new Date());
  const ports: FeedPorts = {
    feed: openFeedStore(database),
    items: openItemStore(database, keyring),
    cursors: { generation: 'of the bench', secret: Buffer.alloc(32, 1) },
    newsCount: () => 0,
    untilNews: () => Promise.resolve(),
    isStopping: () => false,
    now: () => new Date(),
  };
  const floor = await perSecond(() => readBare(database));
  const ids = await perSecond(() => readLines(ports, false));
  const items = await perSecond(() => readLines(ports, true));
  const delays = await measureDelays(database, mailboxes);
  const part = (of: number) => `${of.toFixed(1)} ms`;
  process.stdout.write(
    `\nFeed on ${engine}: ${ids} changes/s as ids (×${(ids / floor).toFixed(2)} of SQL to JSON, ${floor}/s), ${items}/s with items; commit to feed beside the wait for a round: p50 ${part(delays.p50)}, p95 ${part(delays.p95)}\n`,
  );
}

function tell(database: Database, { owner, items }: SealedMailbox): Promise<void> {
  return transact(database, (tx) => {
    const entries = items.map(({ item: { itemId } }) => ({ kind: 'upserted', itemId }) as const);
    appendOutbox(tx, owner, entries, new Date());
    return Promise.resolve();
  });
}

async function perSecond(read: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const count = await read();
  return Math.round((count / (performance.now() - begun)) * 1_000);
}

/** The same rows without places, filters or a form of their own. */
async function readBare({ kysely }: Database): Promise<number> {
  let count = 0;
  let [tenantId, sequence] = ['00000000-0000-0000-0000-000000000000', 0];
  for (;;) {
    const { rows } = await sql<{ tenant_id: string; sequence: number; line: string }>`
      select tenant_id, sequence, row_to_json(outbox)::text as line from outbox
      where (tenant_id, sequence) > (${tenantId}, ${sequence}) order by tenant_id, sequence limit ${ROWS_A_PAGE}
    `.execute(kysely);
    count += rows.length;
    const last = rows.at(-1);
    if (last === undefined) {
      return count;
    }
    [tenantId, sequence] = [last.tenant_id, last.sequence];
  }
}

async function readLines(ports: FeedPorts, withItems: boolean): Promise<number> {
  let count = 0;
  for (let cursor: string | null = null; ;) {
    const page = await readChanges(ports, {
      scope: { kind: 'all', organizationIds: null },
      filter: { types: null, category: null, memberId: null },
      cursor,
      limit: ROWS_A_PAGE,
      waitMilliseconds: 0,
      withItems,
    });
    if (page.kind === 'problem') {
      throw new Error(`The feed refuses: ${page.code}`);
    }
    const lines = page.changes.map((change) => JSON.stringify(presentChange(change)));
    count += lines.length;
    if (!page.isMore) {
      return count;
    }
    cursor = page.next;
  }
}

/** Of one change each: a round of the publisher right behind its commit. Milliseconds. */
async function measureDelays(
  database: Database,
  mailboxes: readonly SealedMailbox[],
): Promise<{ readonly p50: number; readonly p95: number }> {
  const delays: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += 1) {
    const mailbox = mailboxes[commit % mailboxes.length];
    if (mailbox !== undefined) {
      await tell(database, { owner: mailbox.owner, items: mailbox.items.slice(0, 1) });
      const committed = performance.now();
      await publish(database, new Date());
      delays.push(performance.now() - committed);
    }
  }
  const sorted = delays.toSorted((one, other) => one - other);
  return { p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}
