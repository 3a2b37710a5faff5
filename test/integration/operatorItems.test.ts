/** `/v1/…/items` as the operator's product meets it: what an item contains, who may read it, and that nothing is missed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { makeKey, withKey } from '../support/apiKey.ts';
import {
  type Answer,
  createWorld,
  HARBOR_REED,
  LINDQVIST,
  PEOPLE,
  readField,
  type World,
} from '../support/createWorld.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { ENGINES } from '../support/databases.ts';

const MARA_ID = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const OFF = { sync: 'off', act: 'none', shared: false } as const;

const DEED = [
  'From: Nora Whitfield <nora@quillworks.example>',
  `To: Mara Ellis <${PEOPLE.mara}>`,
  'Reply-To: Desk <desk@quillworks.example>',
  'Subject: The deed',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  'Message-ID: <deed@quillworks.example>',
  'Importance: High',
  '',
  'Please sign it.',
].join('\r\n');

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;
  let key: string;
  let deed: string;
  const items = `/v1/organizations/${HARBOR_REED}/members/${MARA_ID}/items`;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 12, events: 10 });
    const { body } = await world.control('POST', '/messages', { to: PEOPLE.mara, eml: DEED });
    deed = readField(body, 'id');
    await turnOn(world, PEOPLE.mara, { mail: READ, calendar: READ, contacts: READ, tasks: READ, files: READ });
    await turnOn(world, PEOPLE.priya, { ...EMPTY_SELECTION, contacts: READ });
    key = await makeKey(world, { scopes: ['read:changes', 'read:items'] });
  });
  afterAll(() => world.close());

  const get = (path: string, by = key) => withKey(world, by, path);
  const read = (names: readonly object[], by = key) =>
    world.request(`/v1/organizations/${HARBOR_REED}/items/read`, {
      method: 'POST',
      headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      body: JSON.stringify({ items: names }),
    });
  const itemsIn = ({ body }: Answer) => readList(body, 'items');
  const field = (item: unknown, name: string): unknown => Reflect.get(Object(item), name);
  const nameIn = (item: unknown) => `${String(field(item, 'category'))} ${String(field(item, 'id'))}`;
  const refOf = (item: unknown) => ({
    memberId: field(item, 'memberId'),
    category: field(item, 'category'),
    id: field(item, 'id'),
  });

  async function readAll(path: string, limit: number): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for (let cursor = ''; ;) {
      const { body } = await get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
      all.push(...readList(body, 'items'));
      if (field(body, 'next') === null) {
        return all;
      }
      cursor = `&cursor=${readField(body, 'next')}`;
    }
  }

  async function storedNames(): Promise<readonly string[]> {
    const { rows } = await sql<{ name: string }>`
      select category || ' ' || item_id as name from items where member_id = ${MARA_ID}
    `.execute(world.product.database.kysely);
    return rows.map(({ name }) => name).toSorted();
  }

  describe('pages', () => {
    test.each([1, 7, 1_000])('of %i have everything that is stored, once', async (limit) => {
      const names = (await readAll(items, limit)).map(nameIn);

      expect(names.toSorted()).toEqual(await storedNames());
    });

    test('as lines they have the same, with where to go on behind them', async () => {
      const response = await world.request(items, {
        headers: { authorization: `Bearer ${key}`, accept: 'application/x-ndjson' },
      });
      const lines = response.text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line));

      expect(response.headers.get('content-type')).toBe('application/x-ndjson');
      expect(lines.slice(0, -1).map(nameIn).toSorted()).toEqual(await storedNames());
      expect(lines.at(-1)).toEqual({ next: null });
    });

    test('a page ends before it is too heavy', async () => {
      await sql`update items set size = 5000000 where category = 'mail'`.execute(world.product.database.kysely);
      const page = await get(`${items}?category=mail&limit=100`);
      const all = await readAll(`${items}?category=mail`, 100);
      await sql`update items set size = length(sealed)`.execute(world.product.database.kysely);

      expect(itemsIn(page)).toHaveLength(1);
      expect(new Set(all.map(nameIn)).size).toBe(13);
    });

    test('what is on its way to another folder is there until the feed says otherwise', async () => {
      const before = await readAll(items, 1_000);
      await sql`update items set gone_round = 1 where category = 'mail'`.execute(world.product.database.kysely);
      const during = await readAll(items, 1_000);
      await sql`update items set gone_round = null`.execute(world.product.database.kysely);

      expect(during).toEqual(before);
    });

    test('more than a page of JSON holds is refused with the way to have it', async () => {
      const { status, body } = await get(`${items}?limit=1001`);

      expect([status, readList(body, 'fields')]).toEqual([
        400,
        [{ field: 'limit', message: 'at most 1000; more as application/x-ndjson' }],
      ]);
    });

    test('of one category, of one folder, of one person, of one conversation, and of what changed since', async () => {
      const all = await readAll(items, 1_000);
      const mail = all.filter((item) => field(item, 'category') === 'mail');
      const [message] = mail;
      const [person] = readList(message, 'people');
      const address = String(field(person, 'address'));
      const conversation = String(field(field(message, 'message'), 'conversationId'));
      const folder = String(field(message, 'folderId'));
      const since = String(field(message, 'modifiedAt'));
      const having = (wanted: (item: unknown) => boolean) => all.filter(wanted).map(nameIn);
      const namesOf = async (filter: string) => (await readAll(`${items}?${filter}`, 1_000)).map(nameIn);
      const hasPerson = (item: unknown) =>
        readList(item, 'people').some((each) => String(field(each, 'address')).toLowerCase() === address.toLowerCase());

      expect(mail).toHaveLength(13);
      expect(await namesOf('category=mail')).toEqual(mail.map(nameIn));
      expect(await namesOf(`folderId=${encodeURIComponent(folder)}`)).toEqual(
        having((item) => field(item, 'folderId') === folder),
      );
      expect(await namesOf(`participant=${encodeURIComponent(address.toUpperCase())}`)).toEqual(having(hasPerson));
      expect(await namesOf(`conversationId=${encodeURIComponent(conversation)}`)).toEqual([nameIn(message)]);
      expect(await namesOf(`modifiedSince=${encodeURIComponent(since)}`)).toEqual(
        having((item) => String(field(item, 'modifiedAt')) >= since),
      );
    });
  });

  describe('an item', () => {
    test('of mail has what Graph has of it', async () => {
      const mail = await readAll(`${items}?category=mail`, 100);
      const item = mail.find((each) => field(each, 'subject') === 'The deed');

      expect(item).toEqual({
        organizationId: HARBOR_REED,
        memberId: MARA_ID,
        connectionId: expect.any(String),
        category: 'mail',
        id: deed,
        version: expect.any(String),
        level: 'full',
        folderId: expect.any(String),
        at: '2026-11-20T10:00:00.000Z',
        modifiedAt: '2026-11-20T10:00:00.000Z',
        subject: 'The deed',
        people: [
          { role: 'from', name: 'Nora Whitfield', address: 'nora@quillworks.example' },
          { role: 'sender', name: 'Nora Whitfield', address: 'nora@quillworks.example' },
          { role: 'to', name: 'Mara Ellis', address: PEOPLE.mara },
        ],
        message: {
          internetMessageId: '<deed@quillworks.example>',
          conversationId: expect.any(String),
          isDraft: false,
          isRead: false,
          importance: 'high',
          categories: [],
          receivedAt: '2026-11-20T10:00:00.000Z',
          sentAt: '2026-11-20T10:00:00.000Z',
          replyTo: [{ name: 'Desk', address: 'desk@quillworks.example' }],
          webLink: expect.stringContaining(encodeURIComponent(deed)),
          body: { contentType: 'text', content: expect.stringContaining('Please sign it.') },
          attachments: [],
        },
      });
    });

    test('of a calendar says of which series it is', async () => {
      const events = await readAll(`${items}?category=calendar`, 200);
      const types = new Set(events.map((item) => field(field(item, 'event'), 'type')));

      expect(types).toEqual(new Set(['singleInstance', 'occurrence']));
      for (const item of events) {
        const event = field(item, 'event');
        const isOccurrence = field(event, 'type') === 'occurrence';
        expect(typeof field(event, 'seriesMasterId')).toBe(isOccurrence ? 'string' : 'undefined');
        expect(typeof field(event, 'iCalUId')).toBe(isOccurrence ? 'undefined' : 'string');
        expect(field(event, 'body')).toMatchObject({ contentType: 'text' });
      }
    });

    test('of files, contacts and tasks has its own part, and only that', async () => {
      const partsOf = (item: unknown) =>
        ['message', 'event', 'contact', 'task', 'file'].filter((part) => field(item, part) !== undefined);
      const all = await readAll(items, 1_000);
      const parts = new Map(all.map((item) => [field(item, 'category'), partsOf(item)]));
      const file = all.find((item) => field(field(item, 'file'), 'isFolder') === false);

      expect(Object.fromEntries(parts)).toEqual({
        mail: ['message'],
        calendar: ['event'],
        contacts: ['contact'],
        tasks: ['task'],
        files: ['file'],
      });
      expect(field(file, 'file')).toMatchObject({
        eTag: expect.any(String),
        cTag: expect.any(String),
        hashes: { quickXorHash: expect.any(String) },
      });
    });

    test('alone has an ETag by which it is not sent again', async () => {
      const [item] = await readAll(`${items}?category=mail`, 1);
      const path = `${items}/mail/${encodeURIComponent(String(field(item, 'id')))}`;
      const whole = await get(path);
      const headers = { authorization: `Bearer ${key}`, 'if-none-match': whole.headers.get('etag') ?? '' };
      const again = await world.request(path, { headers });

      expect([whole.status, whole.body]).toEqual([200, item]);
      expect([again.status, again.text]).toEqual([304, '']);
    });
  });

  describe('by name', () => {
    test('there are those that are stored; of the rest only that they are missing', async () => {
      const [one, other] = await readAll(`${items}?category=mail`, 2);
      const strange = { memberId: MARA_ID, category: 'calendar', id: String(field(one, 'id')) };
      const { status, body } = await read([refOf(other), strange, refOf(one)]);

      expect([status, body]).toEqual([200, { items: [other, one], missing: [strange] }]);
    });

    test('more than 200 are refused', async () => {
      const name = { memberId: MARA_ID, category: 'mail', id: 'a' };
      const { status, body } = await read(Array.from({ length: 201 }, () => name));

      expect([status, readField(body, 'code')]).toEqual([400, 'body_invalid']);
    });
  });

  describe('who may read them', () => {
    test('a key without the scope is refused', async () => {
      const narrow = await makeKey(world, { scopes: ['read:changes'] });
      const statuses = [
        await get(items, narrow),
        await read([], narrow),
        await get('/v1/changes?include=item', narrow),
      ];

      expect(statuses.map(({ status, body }) => [status, readField(body, 'code')])).toEqual([
        [403, 'scope_missing'],
        [400, 'body_invalid'],
        [403, 'scope_missing'],
      ]);
    });

    test('of an organization that a key may not see, and of a member who is not there, nothing is found', async () => {
      const limited = await makeKey(world, { scopes: ['read:items'], organizationIds: [LINDQVIST] });
      const [item] = await readAll(`${items}?category=mail`, 1);
      const one = `${items}/mail/${encodeURIComponent(String(field(item, 'id')))}`;
      const elsewhere = one.replace(HARBOR_REED, LINDQVIST);
      const nobody = items.replace(MARA_ID, '7c2a9e10-0001-4c3d-8e5f-1000000000ff');
      const answers = [
        await get(items, limited),
        await get(one, limited),
        await read([refOf(item)], limited),
        await get(elsewhere, limited),
        await get(nobody),
      ];

      expect(answers.map(({ status, body }) => [status, readField(body, 'code')])).toEqual(
        answers.map(() => [404, 'not_found']),
      );
    });
  });

  describe('in the feed', () => {
    test('each change comes with its item as it is now', async () => {
      const { body } = await get('/v1/changes?include=item&limit=1000');
      const changes = readList(body, 'changes');
      const all = new Map((await readAll(items, 1_000)).map((item) => [nameIn(item), item]));
      const marasOwn = changes.filter(
        (change) => field(change, 'memberId') === MARA_ID && field(change, 'type') === 'item.upserted',
      );

      expect(marasOwn).toHaveLength(all.size);
      for (const change of marasOwn) {
        expect(field(change, 'item')).toEqual(
          all.get(`${String(field(change, 'category'))} ${String(field(change, 'itemId'))}`),
        );
      }
    });

    test('as lines it ends with where to go on', async () => {
      const response = await world.request('/v1/changes?include=item', {
        headers: { authorization: `Bearer ${key}`, accept: 'application/x-ndjson' },
      });
      const lines = response.text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      const { body } = await get('/v1/changes?include=item&limit=1000');

      expect(lines.slice(0, -1)).toEqual(readList(body, 'changes'));
      expect(lines.at(-1)).toEqual({ next: readField(body, 'next'), more: false });
    });
  });

  // The last, for it erases.
  test('what is erased opens nowhere any more', async () => {
    const before = readField((await get('/v1/changes?cursor=latest&include=item')).body, 'next');
    const [file] = await readAll(`${items}?category=files`, 1);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { files: OFF }, data: { files: 'erase' } });
    await world.settle();
    const gone = await get('/v1/changes?include=item&limit=1000&category=files');
    const since = await get(`/v1/changes?include=item&cursor=${before}`);

    expect(await readAll(`${items}?category=files`, 100)).toEqual([]);
    expect((await read([refOf(file)])).body).toEqual({ items: [], missing: [refOf(file)] });
    expect(readList(gone.body, 'changes').map((change) => [field(change, 'type'), field(change, 'item')])).toEqual([
      ['category.erased', undefined],
    ]);
    expect(readList(since.body, 'changes').map((change) => field(change, 'type'))).toEqual(['category.erased']);
  });
});
