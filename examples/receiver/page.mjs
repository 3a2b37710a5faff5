/**
 * The example receiver with a page: what has reached it, newest first, as it comes and goes.
 *
 * PORT  where the page is, on this machine only; the rest as receiver.mjs
 */
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';

const { ASSENT_URL, ASSENT_KEY, STORE = 'receiver.sqlite', PORT = '3001' } = process.env;
const NEWEST = 60;

/** It goes on for ever; what ends it ends this process. */
void import('./receiver.mjs');
// Whoever started it has ended.
process.on('disconnect', () => process.exit());

const store = new DatabaseSync(STORE, { timeout: 10_000 });
const names = new Map();

/** People by their ids, asked for once where one is new. */
async function learnNames(organization) {
  const headers = { authorization: `Bearer ${ASSENT_KEY}` };
  const response = await fetch(new URL(`/v1/organizations/${organization}/members?limit=1000`, ASSENT_URL), {
    headers,
  });
  const { members } = await response.json();
  members.forEach(({ id, name, account }) => names.set(id, name ?? account));
}

async function received() {
  const isMade = store.prepare("select 1 from sqlite_master where name = 'items'").get() !== undefined;
  if (!isMade) {
    return { counts: [], items: [] };
  }
  const rows = store
    .prepare("select item from items order by json_extract(item, '$.at') desc limit ?")
    .all(NEWEST)
    .map(({ item }) => JSON.parse(item));
  const stranger = rows.find(({ memberId }) => !names.has(memberId));
  if (stranger !== undefined) {
    await learnNames(stranger.organizationId).catch(() => undefined);
  }
  return {
    counts: store.prepare('select category, count(*) as count from items group by category order by category').all(),
    items: rows.map(({ id, memberId, category, at, subject, people, contact }) => ({
      id,
      category,
      at,
      whose: names.get(memberId) ?? '',
      title: subject || contact?.companyName || '(no subject)',
      from: people.find(({ role }) => role === 'from' || role === 'organizer' || role === 'contact')?.address ?? '',
    })),
  };
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Northgate CRM: what has arrived</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; --quiet: light-dark(#5c5c66, #a5a5b0); --line: light-dark(#e3e3e8, #3a3a42); }
  body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; font: 15px/1.45 system-ui, sans-serif;
    background: light-dark(#fafafa, #1b1b1f); color: light-dark(#1d1d22, #eeeef2); }
  h1 { font-size: 1.4rem; margin: 0; display: flex; gap: .6rem; align-items: center; }
  p, small, time { color: var(--quiet); }
  ul { list-style: none; padding: 0; margin: 1.5rem 0; border-top: 1px solid var(--line); }
  li { display: grid; grid-template-columns: 5.5rem 1fr auto; gap: .25rem 1rem; padding: .6rem .25rem;
    border-bottom: 1px solid var(--line); animation: come 2s; }
  li div { min-width: 0; overflow-wrap: anywhere; }
  li strong { display: block; font-weight: 600; }
  .kind { color: var(--quiet); text-transform: capitalize; }
  @keyframes come { from { background: light-dark(#fff3c4, #4a3f12); } }
  @media (prefers-reduced-motion: reduce) { li { animation: none; } }
  @media (max-width: 30rem) { li { grid-template-columns: 1fr; } }
</style>
<h1><svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="6" fill="#0b6a6f"/>
  <path d="M7 22V10l7-5 7 5v12M11 22v-8h6v8" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round"/></svg>
  Northgate CRM</h1>
<p>An example of a product that receives what people share in Assent. Turn something on there, and it arrives here. Erase it
  there, and it is gone here.</p>
<p id="counts" role="status">Nothing has arrived yet.</p>
<ul id="items"></ul>
<script>
  const rows = new Map();
  const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const cell = (name, text, className) =>
    Object.assign(document.createElement(name), { textContent: text, className: className ?? '' });
  function rowOf({ category, title, from, whose, at }) {
    const row = document.createElement('li');
    const what = document.createElement('div');
    what.append(cell('strong', title), cell('small', [from, whose && 'shared by ' + whose].filter(Boolean).join(', ')));
    row.append(cell('span', category, 'kind'), what, cell('time', at === null ? '' : TIME.format(new Date(at))));
    return row;
  }
  async function show() {
    const { counts, items } = await (await fetch('/items')).json();
    document.getElementById('counts').textContent =
      counts.map(({ category, count }) => count + ' ' + category).join(', ') || 'Nothing has arrived yet.';
    const shown = new Set(items.map(({ id }) => id));
    [...rows].filter(([id]) => !shown.has(id)).forEach(([id, row]) => { row.remove(); rows.delete(id); });
    items.forEach((item, index) => {
      const list = document.getElementById('items');
      const row = rows.get(item.id) ?? rowOf(item);
      rows.set(item.id, row);
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
  }
  setInterval(() => show().catch(() => undefined), 1000);
  show();
</script>`;

createServer((request, response) => {
  if (request.url === '/items') {
    received().then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(),
    );
  } else {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
  }
}).listen(Number(PORT), '127.0.0.1');
