/** Microsoft's own client library judges the sandbox's Graph: paging, deltas, errors, batches. */
import { Client, type Context, type Middleware, PageIterator } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Agent, fetch } from 'undici';
import { createWorld, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';
import { readList } from '../support/grantConsent.ts';

const SCOPES = ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Tasks.Read', 'Files.Read'];
const FEW = 7;

let world: World;
let client: Client;
let agent: Agent;

beforeAll(async () => {
  world = await createWorld({ messages: 30, events: 4, contacts: 5, startWorker: false });
  await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: SCOPES });
  const token = await world.token(PEOPLE.mara, { audience: 'graph' });
  agent = new Agent({ connect: { rejectUnauthorized: false } });
  client = Client.initWithMiddleware({
    baseUrl: world.origin,
    customHosts: new Set([new URL(world.origin).hostname]),
    middleware: sender(token),
  });
});
afterAll(async () => {
  await agent.close();
  await world.close();
});

test('its page iterator walks all pages of a folder, and then what has changed', async () => {
  const first = await walk(`/me/mailFolders/inbox/messages/delta`);
  await world.control('PATCH', `/items/${first.ids[0]}`, { subject: 'Changed since' });
  const second = await walk(first.deltaLink);
  const { value } = await client
    .api('/me/mailFolders/inbox')
    .select('totalItemCount')
    .get()
    .then((folder) => ({ value: folder.totalItemCount }));

  expect(first.ids).toHaveLength(value);
  expect(new Set(first.ids).size).toBe(first.ids.length);
  expect(second.ids).toEqual([first.ids[0]]);
});

test.each([
  ['/me/contacts/delta'],
  ['/me/todo/lists/AQMkADtasksAAA/tasks/delta'],
  ['/me/drive/root/delta'],
  [
    '/me/calendars/AAMkADcalendarAAA/calendarView/delta?startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-12-31T00:00:00Z',
  ],
])('its page iterator walks %s to a delta link', async (path) => {
  const { ids, deltaLink } = await walk(path);

  expect(ids.length).toBeGreaterThan(0);
  expect(deltaLink).toContain('$deltatoken=');
});

test("a refusal comes as its error, with Graph's code", async () => {
  await expect(client.api('/me/messages/none').get()).rejects.toMatchObject({
    statusCode: 404,
    code: 'ErrorItemNotFound',
  });
});

test('a batch is answered part by part, and a part may fail alone', async () => {
  const answer = await client.api('/$batch').post({
    requests: [
      { id: '1', method: 'GET', url: '/me/mailFolders/inbox' },
      { id: '2', method: 'GET', url: '/me/messages/none' },
    ],
  });
  const parts = readList(answer, 'responses').map((part) => `${Object(part).id}: ${Object(part).status}`);

  expect(new Set(parts)).toEqual(new Set(['1: 200', '2: 404']));
  await expect(client.api('/$batch').post({ requests: many(21) })).rejects.toMatchObject({ statusCode: 400 });
});

function many(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index), method: 'GET', url: '/me' }));
}

async function walk(path: string): Promise<{ readonly ids: readonly string[]; readonly deltaLink: string }> {
  const ids: string[] = [];
  const page = await client.api(path).header('Prefer', `odata.maxpagesize=${FEW}`).get();
  const iterator = new PageIterator(client, page, (item) => {
    ids.push(item.id);
    return true;
  });
  await iterator.iterate();
  return { ids, deltaLink: iterator.getDeltaLink() ?? '' };
}

/** Its requests with a token, and with the certificate of this machine. */
function sender(token: string): Middleware {
  return {
    execute: async (context: Context) => {
      const { method, headers, body } = context.options ?? {};
      const url = typeof context.request === 'string' ? context.request : context.request.url;
      const response = await fetch(url, {
        method: method ?? 'GET',
        headers: { ...Object.fromEntries(new Headers(headers).entries()), authorization: `Bearer ${token}` },
        body: typeof body === 'string' ? body : null,
        dispatcher: agent,
      });
      const text = await response.text();
      context.response = new Response(text, {
        status: response.status,
        headers: { 'content-type': response.headers.get('content-type') ?? '' },
      });
    },
  };
}
