/** Sync against a Microsoft that misbehaves: what is stored ends up equal to the truth. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION, type Selection } from '../../src/domain/selection.ts';
import { press, visit } from '../support/browserConsent.ts';
import { READ, HEADERS, oidOf } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { whenAnswerIsHeld } from '../support/eventually.ts';

const OFF = EMPTY_SELECTION.mail;

interface Truth {
  readonly messages: readonly {
    readonly id: string;
    readonly folder: string;
    readonly subject: string;
    readonly changeKey: string;
  }[];
  readonly events: readonly { readonly id: string; readonly subject: string; readonly isSeries: boolean }[];
}

let world: World;

beforeEach(async () => {
  world = await createWorld({ messages: 25, events: 12 });
  await world.as(PEOPLE.mara, 'GET', '/api/session');
});
afterEach(() => world.close());

test.each([
  ['an error in the middle', { action: 'status', status: 503 }],
  ['a connection that breaks', { action: 'cut' }],
  ['throttling', { action: 'throttle', retryAfterSeconds: 0.2 }],
  ['a lost cursor', { action: 'expire-cursor' }],
  ['a slow answer', { action: 'delay', delayMilliseconds: 300 }],
])('after %s the mailbox is complete, without duplicates', async (_fault, fault) => {
  await world.control('POST', '/faults', [{ match: { path: '/messages/delta' }, nth: 2, times: 2, ...fault }]);
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await untilComplete();

  expect(await storedMail()).toEqual(await trueMail());
});

test("SYN-06 mirrors changes, moves, and deletions; a move isn't a deletion", async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();
  const before = await outboxKinds();
  const [first, second, third] = (await truth()).messages;
  await world.control('PATCH', `/items/${first?.id}`, { subject: 'Changed' });
  await world.control('PATCH', `/items/${second?.id}`, { folder: 'archive' });
  await world.control('DELETE', `/items/${third?.id}`);
  await world.nextRound();

  expect(await storedMail()).toEqual(await trueMail());
  const after = await outboxKinds();
  expect(after.removed - before.removed).toBe(1);
  expect(after.gaps).toBe(0);
});

test('SYN-10 a link to another host or another mailbox is not followed, and the mailbox is complete after it', async () => {
  const strange = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  const asked: unknown[] = [];
  strange.on('request', ({ headers }) => asked.push(headers.authorization));
  await once(strange, 'listening');
  const { port } = Object(strange.address());
  const links = [
    `http://127.0.0.1:${port}/v1.0/me/messages/delta`,
    `/v1.0/users/${await oidOf(world, PEOPLE.tom)}/messages/delta`,
    `${world.origin.replace('https:', 'http:')}/v1.0/me/messages/delta`,
  ];
  await world.control(
    'POST',
    '/faults',
    links.map((link, index) => ({ match: { path: '/messages/delta' }, nth: 2 + index, action: 'link', link })),
  );
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await untilComplete();
  strange.close();

  expect(asked).toEqual([]);
  const { requests } = Object((await world.control('GET', '/requests')).body);
  expect(requests.filter(({ url }: { url: string }) => url.includes('/v1.0/users/'))).toEqual([]);
  expect(await storedMail()).toEqual(await trueMail());
});

test('a second round over an unchanged mailbox tells the feed nothing', async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ, calendar: READ });
  await world.settle();
  const before = await outboxKinds();
  await world.nextRound();
  await world.nextRound();

  expect(await outboxKinds()).toEqual(before);
});

test('resyncs once after Microsoft resets its delta state', async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();
  await world.control('POST', '/reset', { seed: 'another', messages: 12, events: 0 });
  await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Mail.Read'] });
  await world.nextRound();
  await untilComplete();

  expect(await storedMail()).toEqual(await trueMail());
});

test('headers only: nothing of a text is stored, also after it was stored before', async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: HEADERS } });
  await world.nextRound();
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');
  const levels = new Set(itemsOf(body).map(({ level }) => level));
  const { rows } = await sql<{ size: number }>`select max(size) as size from items where level = 'full'`.execute(db());

  expect([...levels]).toEqual(['limited']);
  expect(rows[0]?.size).toBeNull();
  expect(await storedMail()).toEqual(await trueMail());
});

test('ignored domains: mail among insiders is never stored', async () => {
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization');
  const relevance = { ignoredDomains: ['harborreed.example'] };
  await world.as(PEOPLE.owen, 'PATCH', '/api/organization', { relevance }, { 'if-match': `"${Object(body).version}"` });
  const inside = [
    'From: tom.whitaker@harborreed.example',
    `To: ${PEOPLE.mara}`,
    'Subject: Inside',
    'Message-ID: <in@x>',
    '',
    'x',
  ];
  await world.control('POST', '/messages', { to: PEOPLE.mara, eml: inside.join('\r\n') });
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();

  const explained = await world.as(PEOPLE.mara, 'GET', '/api/me/items/explain?internetMessageId=%3Cin%40x%3E');
  expect(explained.body).toMatchObject({ verdict: 'ignoredDomains', by: 'organization' });
  expect((await storedMail()).length).toBeGreaterThan(0);
  expect((await storedMail()).length).toBeLessThan((await trueMail()).length);
});

test('a calendar with series is complete, every occurrence with its own times and its series’ subject', async () => {
  await consent({ ...EMPTY_SELECTION, calendar: READ });
  await world.settle();
  const series = (await truth()).events.filter(({ isSeries }) => isSeries);
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count from items where category = 'calendar'`.execute(db());

  expect(series.length).toBeGreaterThan(0);
  expect(rows[0]?.count).toBe((await truth()).events.length - series.length + series.length * 12);
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=calendar');
  expect(itemsOf(body).every(({ subject }) => subject !== '')).toBe(true);
});

test('an occurrence that was deleted goes, though the delta does not say so', async () => {
  await consent({ ...EMPTY_SELECTION, calendar: READ });
  await world.settle();
  const count = async () =>
    (await sql<{ count: number }>`select count(*) as count from items where category = 'calendar'`.execute(db()))
      .rows[0]?.count;
  const before = await count();
  const { rows } = await sql<{
    item_id: string;
  }>`select item_id from items where item_id ~ '[.][0-9]{12}$' limit 2`.execute(db());
  const [gone = '', moved = ''] = rows.map(({ item_id: id }) => id);
  await world.control('DELETE', `/items/${gone}`);
  await world.control('PATCH', `/items/${moved}`, { subject: 'Moved by hand' });
  await world.nextRound();
  const items = itemsOf((await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=calendar')).body);

  expect(await count()).toBe(Number(before) - 1);
  expect(items.filter(({ subject }) => subject === 'Moved by hand').length).toBeLessThanOrEqual(1);
  const ids = await sql<{
    item_id: string;
  }>`select item_id from items where item_id = any(${[gone, moved]}::text[])`.execute(db());
  expect(ids.rows.map(({ item_id: id }) => id)).toEqual([moved]);
});

test('turning mail off while it is being read: no request to Graph five seconds later, and a late page stores nothing', async () => {
  await world.control('POST', '/faults', [
    { match: { path: '/messages/delta' }, action: 'hold', delayMilliseconds: 60_000 },
  ]);
  await consent({ ...EMPTY_SELECTION, mail: READ });
  world.product.worker.wake();
  await whenAnswerIsHeld(world);
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: OFF }, data: { mail: 'erase' } });
  await world.control('DELETE', '/faults');
  await world.settle();
  const { body } = await world.control('GET', '/requests');
  const { next } = Object(body);
  await world.nextRound();

  const later = Object((await world.control('GET', `/requests?since=${next}`)).body).requests;
  expect(later.filter(({ target }: { target: string }) => target === 'graph')).toEqual([]);
  expect(await storedMail()).toEqual([]);
});

test('a revoked session ends the connection with a reason, once, and reconnecting continues', async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();
  await world.control('PUT', '/consent-policy', { tenant: HARBOR_REED, policy: 'notAdmitted' });
  await world.control('POST', '/faults', [{ match: { path: '/v1.0/' }, times: 3, action: 'status', status: 401 }]);
  await world.nextRound();
  const lost = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');

  expect(lost).toMatchObject({
    body: { connection: 'lost', decisions: { mail: { reason: 'reauthenticate', action: 'reconnect' } } },
  });
});

test('what was deleted at Microsoft while mail was off is gone when it is on again', async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: OFF }, data: { mail: 'keep' } });
  await world.nextRound();
  expect((await storedMail()).length).toBeGreaterThan(0);
  await world.control('DELETE', `/items/${(await truth()).messages[0]?.id}`);
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: READ } });
  await world.nextRound();

  expect(await storedMail()).toEqual(await trueMail());
});

test.each([
  ["the operator's secret has expired", { status: 401, code: 'invalid_client' }],
  ['Entra is busy', { status: 429, code: 'temporarily_unavailable' }],
  ['Entra is down', { status: 503, code: 'server_error' }],
])('when %s no member loses the connection', async (_when, fault) => {
  await consent({ ...EMPTY_SELECTION, mail: READ });
  await world.settle();
  await world.control('POST', '/faults', [
    { match: { path: '/oauth2/v2.0/token' }, times: 20, action: 'status', ...fault },
    { match: { path: '/v1.0/' }, times: 2, action: 'status', status: 401 },
  ]);
  await world.nextRound();

  expect(await world.as(PEOPLE.mara, 'GET', '/api/me/sync')).toMatchObject({ body: { connection: 'connected' } });
});

test('every call to Graph asks for immutable ids', async () => {
  await consent({ ...EMPTY_SELECTION, mail: READ, calendar: READ });
  await world.settle();
  const { requests } = Object((await world.control('GET', '/requests')).body);
  const graph = requests.filter(({ target }: { target: string }) => target === 'graph');

  expect(graph.length).toBeGreaterThan(5);
  expect(
    graph.every(({ headers }: { headers: { prefer: string } }) => headers.prefer.includes('IdType="ImmutableId"')),
  ).toBe(true);
});

test('a mailbox that is not in Exchange Online gets a state and a sentence, not an endless retry', async () => {
  await world.as(PEOPLE.hugo, 'GET', '/api/session');
  await consent({ ...EMPTY_SELECTION, mail: READ }, PEOPLE.hugo);
  await world.settle();
  const { body } = await world.as(PEOPLE.hugo, 'GET', '/api/me/sync');
  const { next } = Object((await world.control('GET', '/requests')).body);
  await world.nextRound();

  expect(body).toMatchObject({ decisions: { mail: { reason: 'mailboxNone', control: 'microsoft' } } });
  const later = Object((await world.control('GET', `/requests?since=${next}`)).body).requests;
  expect(later.filter(({ url }: { url: string }) => url.includes('mailFolders'))).toEqual([]);
});

async function consent(selection: Selection, upn: string = PEOPLE.mara): Promise<void> {
  const { body } = await world.as(upn, 'POST', '/api/me/consents', { selection });
  await press(world, await visit(world, new URL(readField(body, 'startUrl')).pathname), 'answer', 'accept');
}

function db() {
  return world.product.database.kysely;
}

/** Rounds until no stream waits after a failure. */
async function untilComplete(): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    await world.nextRound();
    const { rows } = await sql`select 1 from streams where error is not null or stage = 'baseline'`.execute(db());
    if (rows.length === 0) {
      return;
    }
  }
  throw new Error('The streams do not recover');
}

async function truth(): Promise<Truth> {
  return Object((await world.control('GET', `/mailboxes/${PEOPLE.mara}`)).body);
}

async function trueMail(): Promise<readonly string[]> {
  return (await truth()).messages.map(({ id, folder, changeKey }) => `${id} ${folder} ${changeKey}`).sort();
}

async function storedMail(): Promise<readonly string[]> {
  const { rows } = await sql<{ line: string }>`
    select item_id || ' ' || folder_id || ' ' || change_key as line from items where category = 'mail' and gone_round is null
  `.execute(db());
  return rows.map(({ line }) => line).sort();
}

async function outboxKinds(): Promise<{ upserted: number; removed: number; gaps: number }> {
  const { rows } = await sql<{ upserted: number; removed: number; gaps: number }>`
    select count(*) filter (where kind = 'upserted') as upserted, count(*) filter (where kind = 'removed') as removed,
      coalesce(max(sequence), 0) - count(*) as gaps from outbox
  `.execute(db());
  const [row] = rows;
  return { upserted: Number(row?.upserted), removed: Number(row?.removed), gaps: Number(row?.gaps) };
}

function itemsOf(body: unknown): readonly { readonly level: string; readonly subject: string }[] {
  return Object(body).items;
}
