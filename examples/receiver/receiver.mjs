/**
 * A consumer of Assent's feed: it keeps a copy of every item that it may read, and is interrupted wherever one likes.
 *
 * ASSENT_URL, ASSENT_KEY, STORE  where Assent answers; a key that reads changes, items and organizations; its SQLite file
 * WEBHOOK_SECRET, WEBHOOK_PORT   where webhooks come to it; without them it waits at Assent for changes
 */
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

const { ASSENT_URL, ASSENT_KEY, STORE = 'receiver.sqlite', WEBHOOK_SECRET, WEBHOOK_PORT } = process.env;
const store = new DatabaseSync(STORE, { timeout: 10_000 });
store.exec(`
  pragma journal_mode = wal;
  create table if not exists items (organization, member, category, id, item, primary key (organization, member, category, id));
  create table if not exists place (id integer primary key check (id = 1), cursor text not null);
`);
const put = store.prepare('insert or replace into items values (?, ?, ?, ?, ?)');
const remove = store.prepare('delete from items where organization = ? and member = ? and category = ? and id = ?');
const erase = store.prepare('delete from items where organization = ? and member = ? and category = ?');

/** A document of Assent's, waited for where Assent is busy or away; `null` where the cursor is too old. */
async function get(path) {
  for (;;) {
    const headers = { authorization: `Bearer ${ASSENT_KEY}` };
    const response = await fetch(new URL(path, ASSENT_URL), { headers }).catch(() => null);
    const document = await response?.json().catch(() => null);
    if (response?.status === 410 || (response?.ok && document !== null)) {
      return response.ok ? document : null;
    }
    if (response !== null && response.status < 500 && response.status !== 429) {
      throw new Error(`${document?.title} ${document?.action}`);
    }
    await pause(1_000 * Number(response?.headers.get('retry-after') ?? 1));
  }
}

/** Everything of a list, page by page; `next` is how the page after is asked for. */
async function* all(path, name, next) {
  for (let more = ''; more !== null;) {
    const page = await get(`${path}?limit=200${more}`);
    yield* page[name];
    more = page.next === null ? null : `&${next}=${page.next}`;
  }
}

/** The work and the place behind it, or neither: what throws ends the process. */
function keep(cursor, work) {
  store.exec('begin immediate');
  work();
  store.prepare('insert or replace into place values (1, ?)').run(cursor);
  store.exec('commit');
  return cursor;
}

function apply({ type, organizationId, memberId, category, itemId, item }) {
  if (type === 'category.erased') {
    erase.run(organizationId, memberId, category);
  } else if (type === 'item.removed' || (type === 'item.upserted' && item === null)) {
    remove.run(organizationId, memberId, category, itemId);
  } else if (type === 'item.upserted') {
    put.run(organizationId, memberId, category, itemId, JSON.stringify(item));
  }
}

/** At first, and where the cursor is too old: what happens meanwhile is told behind the new cursor. */
async function readEverything() {
  const { next } = await get('/v1/changes?cursor=latest');
  const found = [];
  for await (const { id } of all('/v1/organizations', 'organizations', 'after')) {
    for await (const member of all(`/v1/organizations/${id}/members`, 'members', 'after')) {
      for await (const item of all(`/v1/organizations/${id}/members/${member.id}/items`, 'items', 'cursor')) {
        found.push([id, member.id, item.category, item.id, JSON.stringify(item)]);
      }
    }
  }
  return keep(next, () => [store.exec('delete from items'), ...found.map((row) => put.run(...row))]);
}

let wake = () => undefined;
if (WEBHOOK_SECRET) {
  const { Webhook } = await import('standardwebhooks');
  createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const hook = await Promise.try(() => new Webhook(WEBHOOK_SECRET).verify(body, request.headers)).catch(() => null);
    response.writeHead(hook === null ? 401 : 204).end();
    if (hook !== null) {
      wake();
    }
  }).listen(WEBHOOK_PORT, '127.0.0.1');
}

let cursor = store.prepare('select cursor from place').get()?.cursor ?? (await readEverything());
for (;;) {
  const news = new Promise((resolve) => (wake = resolve));
  const page = await get(`/v1/changes?include=item&limit=500&wait=${WEBHOOK_SECRET ? 0 : 25}&cursor=${cursor}`);
  cursor = page === null ? await readEverything() : keep(page.next, () => page.changes.forEach(apply));
  await (WEBHOOK_SECRET && page?.more === false && Promise.race([news, pause(60_000)]));
}
