/**
 * What others would do, over the same pages and the same database, several mailboxes at once like the product; and the
 * floors, below which no one comes.
 */
import { Client, type Context, PageIterator } from '@microsoft/microsoft-graph-client';
import { sql } from 'kysely';
import { fetch } from 'undici';
import { z } from 'zod';
import type { Database } from '../../src/db/openDatabase.ts';

const BATCH = 20;
const ROWS = 400;
const DELTA = '/me/mailFolders/inbox/messages/delta';

const Message = z.looseObject({ id: z.string() });
const Page = z.object({ value: z.array(Message), '@odata.nextLink': z.string().optional() });

export async function prepareControls({ kysely }: Database): Promise<void> {
  await sql`drop table if exists control_items`.execute(kysely);
  await sql`create table control_items (mailbox int, id text, body jsonb, primary key (mailbox, id))`.execute(kysely);
}

/** Microsoft's library and its page iterator, and an upsert for every message. */
export async function iterateAndUpsert({ kysely }: Database, origin: string, mailbox: number): Promise<void> {
  const client = clientOf(origin);
  const page = await client.api(DELTA).get();
  const waiting: Promise<unknown>[] = [];
  const iterator = new PageIterator(client, page, (message) => {
    waiting.push(upsertOne(kysely, mailbox, message));
    return waiting.length < 1;
  });
  await iterator.iterate();
  while (!iterator.isComplete() || waiting.length > 0) {
    await Promise.all(waiting.splice(0));
    if (!iterator.isComplete()) {
      await iterator.resume();
    }
  }
}

async function upsertOne(kysely: Database['kysely'], mailbox: number, message: { readonly id: string }): Promise<void> {
  await sql`insert into control_items values (${mailbox}, ${message.id}, ${JSON.stringify(message)}::jsonb)
    on conflict (mailbox, id) do update set body = excluded.body`.execute(kysely);
}

/** The ids by delta, then batches of 20 messages one after another, written in bulk. */
export async function batchAndInsert({ kysely }: Database, origin: string, mailbox: number): Promise<void> {
  const ids: string[] = [];
  for await (const page of pagesFrom(`${origin}/v1.0${DELTA}?kind=ids`)) {
    ids.push(...page.map(({ id }) => id));
  }
  const client = clientOf(origin);
  let rows: { id: string }[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const requests = ids
      .slice(from, from + BATCH)
      .map((id, index) => ({ id: String(index), method: 'GET', url: `/me/messages/${id}` }));
    const answer: unknown = await client.api('/$batch').post({ requests });
    const { responses } = z.object({ responses: z.array(z.object({ body: Message })) }).parse(answer);
    rows.push(...responses.map(({ body }) => body));
    if (rows.length >= ROWS) {
      await insertRows(kysely, mailbox, rows);
      rows = [];
    }
  }
  await insertRows(kysely, mailbox, rows);
}

async function insertRows(kysely: Database['kysely'], mailbox: number, rows: readonly { id: string }[]): Promise<void> {
  await sql`insert into control_items select ${mailbox}::int, id, body::jsonb
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map((row) => JSON.stringify(row))}::text[]) as row (id, body)
    on conflict (mailbox, id) do update set body = excluded.body`.execute(kysely);
}

/** Floor: the pages, read and thrown away. */
export async function fetchAndDiscard(origin: string): Promise<void> {
  for await (const page of pagesFrom(`${origin}/v1.0${DELTA}`)) {
    if (page.length === 0) {
      return;
    }
  }
}

async function* pagesFrom(first: string): AsyncGenerator<readonly { id: string }[]> {
  let url: string | undefined = first;
  while (url !== undefined) {
    const response = await fetch(url);
    const page: z.infer<typeof Page> = Page.parse(await response.json());
    yield page.value;
    url = page['@odata.nextLink'];
  }
}

function clientOf(origin: string): Client {
  return Client.initWithMiddleware({
    baseUrl: origin,
    customHosts: new Set(['127.0.0.1']),
    middleware: {
      execute: async (context: Context) => {
        const { method = 'GET', body } = context.options ?? {};
        const url = typeof context.request === 'string' ? context.request : context.request.url;
        const response = await fetch(url, { method, body: typeof body === 'string' ? body : null });
        context.response = new Response(await response.text(), { headers: { 'content-type': 'application/json' } });
      },
    },
  });
}
