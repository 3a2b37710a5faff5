/** Rules of relevance beyond the ignored domains: of the organization and of a member, before and after the fact. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import {
  changeSettings,
  goToMicrosoft,
  organizationOf,
  READ,
  readList,
  storedOf,
  turnOn,
} from '../support/grantConsent.ts';
import { type Answer, createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NORA = 'nora.whitfield@quillworks.example';
const SELECTION = { ...EMPTY_SELECTION, mail: READ, contacts: READ };

interface Sent {
  readonly subject: string;
  readonly from: string;
  readonly folder?: string;
  /** Days ago. */
  readonly age?: number;
  readonly replyTo?: string;
}

async function deliver(world: World, { subject, from, folder, age = 0, replyTo }: Sent): Promise<void> {
  const eml = [
    `From: ${from}`,
    `To: ${PEOPLE.mara}`,
    `Subject: ${subject}`,
    `Date: ${new Date(Date.now() - age * DAY).toUTCString()}`,
    `Message-ID: ${idOf(subject)}`,
    ...(replyTo === undefined ? [] : [`In-Reply-To: ${idOf(replyTo)}`, `References: ${idOf(replyTo)}`]),
    '',
    'A text.',
  ].join('\r\n');
  const { status } = await world.control('POST', '/messages', {
    to: PEOPLE.mara,
    eml,
    ...(folder === undefined ? {} : { folder }),
  });
  expect(status).toBeLessThan(300);
}

function idOf(subject: string): string {
  return `<${subject.replaceAll(' ', '.').toLowerCase()}@rules.example>`;
}

async function subjectsOf(world: World): Promise<readonly string[]> {
  return (await storedOf(world, PEOPLE.mara)).map((item) => readField(item, 'subject')).toSorted();
}

function explain(world: World, subject: string): Promise<Answer> {
  const id = encodeURIComponent(idOf(subject));
  return world.as(PEOPLE.mara, 'GET', `/api/me/items/explain?internetMessageId=${id}`);
}

const exclude = (world: World, kind: string, value: string) =>
  world.as(PEOPLE.mara, 'PUT', '/api/me/exclusions', { kind, value });
const include = (world: World, kind: string, value: string) =>
  world.as(PEOPLE.mara, 'DELETE', '/api/me/exclusions', { kind, value });

/** An organization whose owner is Owen and in which Mara synchronizes a few messages that are known. */
async function openWorld(engine: 'pglite' | 'postgres'): Promise<World> {
  const world = await createWorld({ engine, messages: 0, events: 0, contacts: 0 });
  await deliver(world, { subject: 'From Nora', from: NORA });
  await deliver(world, { subject: 'Nora again', from: NORA, age: 40 });
  await deliver(world, { subject: 'From Tom', from: PEOPLE.tom });
  await deliver(world, { subject: 'A client', from: 'ines@fernhill.example', folder: 'clients' });
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  await turnOn(world, PEOPLE.mara, SELECTION);
  expect(await subjectsOf(world)).toEqual(['A client', 'From Nora', 'From Tom', 'Nora again']);
  return world;
}

const NONE = { ignoredDomains: [] };

describe.each(ENGINES)('an administrator changes the rules, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.close());

  const set = async (relevance: object): Promise<void> => {
    expect((await changeSettings(world, PEOPLE.owen, { relevance })).status).toBe(200);
    await world.settle();
  };

  test('what a rule excludes goes, the page says how many, and the feed is told', async () => {
    const preview = await world.as(PEOPLE.owen, 'POST', '/api/organization/relevance/preview', {
      ignoredDomains: ['harborreed.example'],
    });
    await set({ ignoredDomains: ['harborreed.example'] });
    const { rows } = await sql<{ kind: string }>`
      select kind from outbox order by sequence desc limit 1
    `.execute(world.product.database.kysely);

    expect(preview.body).toEqual({ looked: 4, excluded: 1, isComplete: true });
    expect(await subjectsOf(world)).toEqual(['A client', 'From Nora', 'Nora again']);
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      review: { looked: 4, removed: 1, endedAt: expect.any(String) },
    });
    expect(rows).toEqual([{ kind: 'removed' }]);
    expect((await explain(world, 'From Tom')).body).toMatchObject({ verdict: 'ignoredDomains', by: 'organization' });
  });

  test('items that are included again are synced again automatically', async () => {
    await set(NONE);

    expect(await subjectsOf(world)).toEqual(['A client', 'From Nora', 'From Tom', 'Nora again']);
  });

  test('saving the same rules looks through nothing', async () => {
    const before = await organizationOf(world, PEOPLE.owen);
    await set(NONE);

    expect(Reflect.get(await organizationOf(world, PEOPLE.owen), 'review')).toEqual(Reflect.get(before, 'review'));
  });

  test('a folder is left out by its name and is not read any more', async () => {
    await set({ ...NONE, excludedFolders: ['Clients'] });
    const { body } = await world.control('GET', '/requests');
    const next: unknown = Reflect.get(Object(body), 'next');
    await deliver(world, { subject: 'Another client', from: 'ines@fernhill.example', folder: 'clients' });
    await world.nextRound();
    const since = await world.control('GET', `/requests?since=${Number(next)}`);
    const mailbox = await world.control('GET', `/mailboxes/${PEOPLE.mara}`);
    const folders = readList(mailbox.body, 'messages').filter((item) => readField(item, 'subject') === 'A client');
    const [folder] = folders.map((item) => readField(item, 'folder'));

    expect(await subjectsOf(world)).toEqual(['From Nora', 'From Tom', 'Nora again']);
    expect(
      readList(since.body, 'requests')
        .map((each) => readField(each, 'url'))
        .join(' '),
    ).not.toContain(folder);
    expect((await explain(world, 'Another client')).body).toMatchObject({
      verdict: 'excludedFolders',
      by: 'organization',
    });
  });

  test('with the folder let in again, both of its messages come', async () => {
    await set(NONE);

    expect(await subjectsOf(world)).toEqual(['A client', 'Another client', 'From Nora', 'From Tom', 'Nora again']);
  });

  test('only with known contacts: who becomes known brings their mail within an hour and a round', async () => {
    await set({ ...NONE, knownContactsOnly: true });
    const before = await subjectsOf(world);
    const vcf = ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Nora Whitfield', `EMAIL:${NORA}`, 'END:VCARD'].join('\r\n');
    await world.control('POST', '/contacts', { to: PEOPLE.mara, vcf });
    await world.nextRound();
    world.advance(HOUR + 60_000);
    await world.nextRound();

    expect(before).toEqual([]);
    expect(await subjectsOf(world)).toEqual(['From Nora', 'Nora again']);
    expect((await explain(world, 'From Tom')).body).toMatchObject({ verdict: 'knownContacts', by: 'organization' });
  });

  test('what is older than the look-back goes and stays away', async () => {
    await set({ ...NONE, lookBackDays: 30 });
    await world.nextRound();

    expect(await subjectsOf(world)).toEqual(['A client', 'Another client', 'From Nora', 'From Tom']);
    expect((await explain(world, 'Nora again')).body).toMatchObject({ verdict: 'lookBack' });
  });

  test('retention removes what gets older, also while nothing is synchronized', async () => {
    await set({ ...NONE, retentionDays: 60 });
    const before = await subjectsOf(world);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { mail: { until: null } } });
    world.advance(25 * DAY);
    await world.settle();
    const after = await subjectsOf(world);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { mail: null } });
    await world.nextRound();

    expect(before).toContain('Nora again');
    expect(after).toEqual(['A client', 'Another client', 'From Nora', 'From Tom']);
    expect(await subjectsOf(world)).toEqual(after);
  });

  test.each([
    ['no domain', { ignoredDomains: ['not a domain'] }],
    ['no address', { ...NONE, excludedAddresses: ['nobody'] }],
    ['no number of days', { ...NONE, retentionDays: 0 }],
    ['an unknown rule', { ...NONE, excludedSubjects: ['Lunch'] }],
  ])('%s is refused', async (_what, relevance) => {
    expect((await changeSettings(world, PEOPLE.owen, { relevance })).status).toBe(400);
  });
});

describe.each(ENGINES)('a member leaves things out, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.close());

  test('an address: what is stored goes, the answer names the rule and what to take back', async () => {
    const excluded = await exclude(world, 'address', `  ${NORA.toUpperCase()} `);
    await world.settle();

    expect(excluded.body).toMatchObject({ own: { addresses: [NORA] } });
    expect(await subjectsOf(world)).toEqual(['A client', 'From Tom']);
    expect((await explain(world, 'From Nora')).body).toMatchObject({
      verdict: 'excludedAddresses',
      by: 'member',
      exclusion: { kind: 'address', value: NORA },
      sender: NORA,
    });
    expect((await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions')).body).toMatchObject({
      review: { looked: 4, removed: 2 },
    });
  });

  test('including it again restores it', async () => {
    await include(world, 'address', NORA);
    await world.settle();

    expect(await subjectsOf(world)).toEqual(['A client', 'From Nora', 'From Tom', 'Nora again']);
  });

  test('a conversation, by any of its messages, now and in future', async () => {
    const excluded = await exclude(world, 'conversation', idOf('From Tom'));
    await world.settle();
    await deliver(world, { subject: 'Re: From Tom', from: PEOPLE.tom, replyTo: 'From Tom' });
    await world.nextRound();
    const [conversation] = readList(Reflect.get(Object(excluded.body), 'own'), 'conversations');

    expect(conversation).toMatchObject({ subject: 'From Tom' });
    expect(await subjectsOf(world)).toEqual(['A client', 'From Nora', 'Nora again']);
    expect((await explain(world, 'Re: From Tom')).body).toMatchObject({
      verdict: 'excludedConversations',
      exclusion: { kind: 'conversation', value: readField(conversation, 'id') },
    });
  });

  test('a folder, by its id, shown with its name', async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');
    const clients = readList(body, 'folders').find((folder) => readField(folder, 'name') === 'Clients');
    const excluded = await exclude(world, 'folder', readField(clients, 'id'));
    await world.settle();

    expect(excluded.body).toMatchObject({ own: { folders: [{ name: 'Clients' }] } });
    expect(await subjectsOf(world)).toEqual(['From Nora', 'Nora again']);
  });

  test('saying the same again looks through nothing', async () => {
    const before = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');
    const [folder] = readList(Reflect.get(Object(before.body), 'own'), 'folders');
    const again = await exclude(world, 'folder', readField(folder, 'id'));

    expect(again.body).toEqual(before.body);
    expect((await world.as(PEOPLE.mara, 'PATCH', '/api/me/exclusions', {})).body).toEqual(before.body);
  });

  test('rule settings are the stricter of both', async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/exclusions', { lookBackDays: 30 });
    await world.settle();

    expect(await subjectsOf(world)).toEqual(['From Nora']);
    expect((await explain(world, 'Nora again')).body).toMatchObject({ verdict: 'lookBack', by: 'member' });
  });

  /** Every table, with whatever bytes it holds. */
  const dump = async (): Promise<string> => {
    const { kysely } = world.product.database;
    const tables = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public'
    `.execute(kysely);
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await sql<{ text: string | null }>`
        select encode(convert_to(string_agg(each::text, ' '), 'UTF8'), 'escape') as text from ${sql.table(name)} each
      `.execute(kysely);
      texts.push(rows[0]?.text ?? '');
    }
    const { rows } = await sql<{ text: string | null }>`
      select string_agg(encode(rules, 'escape'), ' ') as text from members
    `.execute(kysely);
    return [...texts, rows[0]?.text ?? ''].join(' ');
  };

  test('excluded addresses are never stored or logged in plain text', async () => {
    await exclude(world, 'address', 'doctor@clinic.example');
    await world.settle();
    const text = await dump();
    const history = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit');

    expect(text).not.toContain('doctor@clinic');
    expect(history.text).toContain('sync.rulesChanged');
    expect(history.text).not.toContain('doctor@clinic');
  });

  test.each([
    ['no address', 'address', 'nobody', 400],
    ['an address with a character that no database keeps', 'address', 'no\u0000body@x.example', 400],
    ['no domain', 'domain', 'no domain', 400],
    ['her own address', 'address', PEOPLE.mara, 409],
    ['her own domain', 'domain', 'harborreed.example', 409],
    ['a folder that is not hers', 'folder', 'AAMkADunknown', 404],
    ['a conversation of no message of hers', 'conversation', '<unknown@rules.example>', 404],
    ['something else', 'subject', 'Lunch', 400],
  ])('%s is refused', async (_what, kind, value, status) => {
    expect((await exclude(world, kind, value)).status).toBe(status);
  });

  test('a folder that is let in again while nothing was read brings everything that was in it', async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/exclusions', { lookBackDays: null });
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');
    const [clients] = readList(Reflect.get(Object(body), 'own'), 'folders');
    await include(world, 'folder', readField(clients, 'id'));
    await world.settle();
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { mail: { until: null } } });
    await exclude(world, 'folder', readField(clients, 'id'));
    await world.settle();
    const without = await subjectsOf(world);
    await include(world, 'folder', readField(clients, 'id'));
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { mail: null } });
    await world.settle();

    expect(without).not.toContain('A client');
    expect(await subjectsOf(world)).toContain('A client');
  });

  test('anyone who left and kept everything can have it erased afterwards, rules and all', async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/exclusions', { retentionDays: 300 });
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'keep' });
    await world.settle();
    const kept = await subjectsOf(world);
    const erased = await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' });
    await world.settle();
    const [receipt] = readList(erased.body, 'receipts');
    const shown = await world.as(PEOPLE.mara, 'GET', `/api/me/receipts/${readField(receipt, 'id')}`);
    const { rows } = await sql<{ days: number | null; rules: boolean }>`
      select retention_days as days, rules is not null as rules from members where retention_days is not null
    `.execute(world.product.database.kysely);

    expect(kept.length).toBeGreaterThan(0);
    expect(shown.body).toMatchObject({ state: 'erased', items: { mail: kept.length } });
    expect(await subjectsOf(world)).toEqual([]);
    expect(rows).toEqual([]);
  });

  test('what is left out while everything is erased is left out afterwards', async () => {
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: SELECTION });
    await goToMicrosoft(world, begun);
    await world.settle();
    const answers = await Promise.all([
      exclude(world, 'address', 'one@race.example'),
      world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' }),
      exclude(world, 'address', 'two@race.example'),
    ]);
    await world.settle();
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from members where rules is null and retention_days is not null
    `.execute(world.product.database.kysely);
    const shown = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(shown.status).toBe(200);
    expect(rows).toEqual([{ count: 0 }]);
  });

  test('disconnecting with everything erased forgets the rules as well', async () => {
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' });
    await world.settle();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');

    expect(body).toMatchObject({ own: { addresses: [], conversations: [], lookBackDays: null } });
  });
});
