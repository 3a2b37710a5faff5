/**
 * Floors of writing: the same rows, sealed beforehand, in bulk by `unnest` as the product does it, by `COPY` into a table
 * that nothing else is in, and by `COPY` into a staging table from which they are merged. None of them has a lease, an
 * epoch, a cursor or a feed.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type SealedItem, sealItem, upsertItems } from '../../src/db/content/items.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import type { OutboxOwner } from '../../src/db/delivery/outbox.ts';
import { aStream } from '../support/buildStream.ts';

const ROWS = 400;

export interface SealedMailbox {
  readonly owner: OutboxOwner;
  readonly items: readonly SealedItem[];
}

export async function sealMailbox(keyring: Keyring, count: number): Promise<SealedMailbox> {
  const tenantId = randomUUID();
  const owner = { tenantId, memberId: tenantId, connectionId: tenantId, category: 'mail' as const };
  const key = await keyring.forWriting({ tenantId, memberId: tenantId, purpose: 'mail' });
  const at = new Date();
  const content = {
    subject: 'Message',
    people: [
      { address: 'nora@quillworks.example', role: 'from' as const },
      { address: 'mara@harborreed.example', role: 'to' as const },
    ],
    internetMessageId: '<message@bench.example>',
    conversationId: 'conversation',
    body: { contentType: 'text', content: 'A line of an ordinary message, as long as lines are. '.repeat(20) },
  };
  const items = Array.from({ length: count }, (_, index) =>
    sealItem(key, owner, { itemId: `item ${index}`, changeKey: 'key', modifiedAt: at, at, content }),
  );
  return { owner, items };
}

export async function writeByUnnest(database: Database, { owner, items }: SealedMailbox): Promise<void> {
  const at = new Date();
  for (let from = 0; from < items.length; from += ROWS) {
    const rows = items.slice(from, from + ROWS);
    const write = { stream: aStream('mail', 'inbox', 'full', at), at, engine: database.engine };
    await database.kysely.transaction().execute((tx) => upsertItems(tx, owner, write, rows));
  }
}

const COLUMNS = `tenant_id, member_id, category, connection_id, folder_id, level, generation, stored_at, key_id, item_id,
  change_key, item_at, modified_at, size, message_hash, conversation_hash, participant_hashes, sealed`;

/** `COPY`, `ROWS` rows a transaction, straight into a table like the items' or by a staging table into the items. */
export async function writeByCopy(
  url: string,
  { owner, items }: SealedMailbox,
  way: 'direct' | 'staged',
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create temporary table staging as select ${COLUMNS} from items where false`);
  for (let from = 0; from < items.length; from += ROWS) {
    await client.query('begin');
    const table = way === 'direct' ? 'control_sealed' : 'staging';
    const lines = items.slice(from, from + ROWS).map((item) => lineOf(owner, item));
    await pipeline(Readable.from(lines), client.query(copyFrom(`copy ${table} (${COLUMNS}) from stdin`)));
    if (way === 'staged') {
      await client.query(`insert into items (${COLUMNS}) select ${COLUMNS} from staging
        on conflict (tenant_id, member_id, category, item_id) do update set sealed = excluded.sealed`);
      await client.query('truncate staging');
    }
    await client.query('commit');
  }
  await client.end();
}

export async function prepareSealed(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('drop table if exists control_sealed');
  await client.query('create table control_sealed (like items including defaults including indexes)');
  await client.end();
}

/** One line of `COPY`'s text format; none of the values holds a tab, a line's end or a backslash of its own. */
function lineOf(owner: OutboxOwner, { item, sealed, messageHash, conversationHash, ...row }: SealedItem): string {
  const at = item.at?.toISOString();
  const values = [
    owner.tenantId,
    owner.memberId,
    owner.category,
    owner.connectionId,
    'inbox',
    'full',
    '1',
    at,
    row.keyId,
    item.itemId,
    item.changeKey ?? '\\N',
    at,
    at,
    String(sealed.length),
    messageHash ?? '\\N',
    conversationHash ?? '\\N',
    `{${row.participantHashes.join(',')}}`,
    `\\\\x${sealed.toString('hex')}`,
  ];
  return `${values.join('\t')}\n`;
}
