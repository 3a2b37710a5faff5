/**
 * A consumer of Assent's feed: it keeps a copy of every item that it may read, and is interrupted wherever one likes.
 *
 * ASSENT_URL  where Assent answers
 * ASSENT_KEY  an API key with read:changes, read:items and read:organizations
 * STORE       the SQLite file that it keeps
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

const { ASSENT_URL, ASSENT_KEY, STORE = 'receiver.sqlite' } = process.env;

const store = new DatabaseSync(STORE, { timeout: 10_000 });
store.exec(`
  pragma journal_mode = wal;
  create table if not exists items (organization text, member text, category text, id text, item text,
    primary key (organization, member, category, id));
  create table if not exists place (id integer primary key check (id = 1), cursor text not null);
`);
const put = store.prepare('insert or replace into items values (?, ?, ?, ?, ?)');
const remove = store.prepare('delete from items where organization = ? and member = ? and category = ? and id = ?');
const erase = store.prepare('delete from items where organization = ? and member = ? and category = ?');
const keepPlace = store.prepare('insert or replace into place values (1, ?)');

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

/** Either all of it, with the place behind it, or nothing: what throws ends the process. */
function inTransaction(work) {
  store.exec('begin immediate');
  work();
  store.exec('commit');
}

function apply({ type, organizationId, memberId, category, itemId, item }) {
  if (type === 'item.upserted' && item !== null) {
    put.run(organizationId, memberId, category, itemId, JSON.stringify(item));
  } else if (type === 'item.removed' || type === 'item.upserted') {
    // An upserted item that is null has gone since.
    remove.run(organizationId, memberId, category, itemId);
  } else if (type === 'category.erased') {
    erase.run(organizationId, memberId, category);
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

/** At first, and where the cursor is too old: what happens meanwhile is told behind the new cursor. */
async function readEverything() {
  const { next } = await get('/v1/changes?cursor=latest');
  const found = [];
  for await (const organization of all('/v1/organizations', 'organizations', 'after')) {
    for await (const member of all(`/v1/organizations/${organization.id}/members`, 'members', 'after')) {
      const path = `/v1/organizations/${organization.id}/members/${member.id}/items`;
      for await (const item of all(path, 'items', 'cursor')) {
        found.push([organization.id, member.id, item.category, item.id, JSON.stringify(item)]);
      }
    }
  }
  inTransaction(() => {
    store.exec('delete from items');
    found.forEach((row) => put.run(...row));
    keepPlace.run(next);
  });
  return next;
}

let cursor = store.prepare('select cursor from place').get()?.cursor ?? (await readEverything());
for (;;) {
  const page = await get(`/v1/changes?include=item&wait=25&limit=500&cursor=${cursor}`);
  if (page !== null) {
    inTransaction(() => {
      page.changes.forEach(apply);
      keepPlace.run(page.next);
    });
  }
  cursor = page?.next ?? (await readEverything());
}
