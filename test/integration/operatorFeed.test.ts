/** `/v1/changes` as the operator's product meets it: who may read it, what it tells, and how it is read to its end. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openFeedMark } from '../../src/db/delivery/feedMark.ts';
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
import { readList, READ, storedOf, turnOn } from '../support/grantConsent.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';

const SOMEWHERE = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1999';

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;
  let key: string;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 6, events: 3 });
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ });
    await turnOn(world, PEOPLE.priya, { ...EMPTY_SELECTION, contacts: READ });
    key = await makeKey(world);
  });
  afterAll(() => world.close());

  const get = (path: string, by = key) => withKey(world, by, path);
  const changesIn = ({ body }: Answer) => readList(body, 'changes');
  const textOf = (change: unknown, name: string) => String(Reflect.get(Object(change), name));

  /** Everything behind a cursor, in pages of that size. */
  async function readAll(path: string, limit: number, from: string | null = null): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for (let cursor = from; ;) {
      const answer = await get(`${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
      all.push(...changesIn(answer));
      cursor = readField(answer.body, 'next');
      if (Reflect.get(Object(answer.body), 'more') === false) {
        return all;
      }
    }
  }

  describe('who may read it', () => {
    test.each<[string, Record<string, string>, string]>([
      ['no key', {}, 'key_missing'],
      ['another scheme', { authorization: 'Basic YTpi' }, 'key_invalid'],
      ['an invented key', { authorization: `Bearer assent_${'a'.repeat(12)}_${'b'.repeat(49)}` }, 'key_invalid'],
    ])('%s is 401, and says what is needed', async (_what, headers, code) => {
      const { status, body, headers: answered } = await world.request('/v1/changes', { headers });

      expect([status, readField(body, 'code')]).toEqual([401, code]);
      expect(answered.get('www-authenticate')).toBe('Bearer');
      expect(answered.get('cache-control')).toBe('no-store');
    });

    test('a token of a person is none', async () => {
      const { status, body } = await world.as(PEOPLE.owen, 'GET', '/v1/changes');

      expect([status, readField(body, 'code')]).toEqual([401, 'key_invalid']);
    });

    test('a key in the address is refused', async () => {
      const { status } = await world.request(`/v1/changes?key=${key}`);

      expect(status).toBe(401);
    });

    test('a key that was revoked, or that has expired, is none any more', async () => {
      const expired = await makeKey(world, { expiresAt: new Date(Date.now() - 1_000) });
      const revoked = await makeKey(world);
      expect((await get('/v1/changes', revoked)).status).toBe(200);
      await sql`update api_keys set revoked_at = now() where key_id = ${revoked.split('_')[1]}`.execute(
        world.product.database.kysely,
      );

      expect((await get('/v1/changes', revoked)).status).toBe(401);
      expect((await get('/v1/changes', expired)).status).toBe(401);
    });

    test('a key without the scope is refused with 403', async () => {
      const { status, body } = await get('/v1/changes', await makeKey(world, { scopes: ['read:items'] }));

      expect([status, readField(body, 'code')]).toEqual([403, 'scope_missing']);
    });

    test('what a key may not see is not there: 404, as for what does not exist', async () => {
      const limited = await makeKey(world, { organizationIds: [LINDQVIST] });
      const unknown = await get(`/v1/organizations/${SOMEWHERE}/changes`);
      const hidden = await get(`/v1/organizations/${HARBOR_REED}/changes`, limited);
      const own = await get(`/v1/organizations/${LINDQVIST}/changes`, limited);
      const all = await get('/v1/changes', limited);

      expect([unknown.status, hidden.status, own.status]).toEqual([404, 404, 200]);
      expect(readField(hidden.body, 'code')).toBe('not_found');
      expect(new Set(changesIn(all).map((change) => textOf(change, 'organizationId')))).toEqual(new Set([LINDQVIST]));
    });

    test('only a hash of a key is kept, and when it was used', async () => {
      const { rows } = await sql<{ row: string; last_used_at: Date | null }>`
        select api_keys::text as row, last_used_at from api_keys where key_id = ${key.split('_')[1]}
      `.execute(world.product.database.kysely);

      expect(rows).toHaveLength(1);
      expect(rows[0]?.row).not.toContain(key.split('_')[2]);
      expect(rows[0]?.last_used_at).not.toBeNull();
    });
  });

  describe('what it tells', () => {
    test('each item once, whole by number, of one organization and over all, in pages of any size', async () => {
      const own = await readAll(`/v1/organizations/${HARBOR_REED}/changes`, 1_000);
      const all = await readAll('/v1/changes', 1_000);
      const stored = (await storedOf(world, PEOPLE.mara)).map((item) => readField(item, 'id'));

      const items = own.filter((change) => textOf(change, 'type').startsWith('item.'));
      expect(new Set(items.map((change) => textOf(change, 'itemId')))).toEqual(new Set(stored));
      expect(own.map((change) => Number(textOf(change, 'sequence')))).toEqual(own.map((_change, index) => index + 1));
      expect(await readAll('/v1/changes', 2)).toEqual(all);
      expect(all.filter((change) => textOf(change, 'organizationId') === HARBOR_REED)).toEqual(own);
      expect(all.length).toBeGreaterThan(own.length);
    });

    test('a wait ends with what comes meanwhile', async () => {
      const { body: now } = await get('/v1/changes?cursor=latest');
      const waiting = get(`/v1/changes?wait=30&cursor=${readField(now, 'next')}`);
      const eml = 'From: nora@quillworks.example\r\nSubject: While you waited\r\n\r\nHello.\r\n';
      const { body } = await world.control('POST', '/messages', { to: PEOPLE.mara, eml });
      await world.settle();
      const told = changesIn(await waiting);

      expect(changesIn({ ...(await waiting), body: now })).toEqual([]);
      expect(told.map((change) => [textOf(change, 'type'), textOf(change, 'itemId')])).toEqual([
        ['item.upserted', readField(body, 'id')],
      ]);
    });

    test('erasing is one change that says up to where, and no filter hides it', async () => {
      const { body: now } = await get(`/v1/organizations/${HARBOR_REED}/changes?cursor=latest&types=item.upserted`);
      await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
        selection: { calendar: EMPTY_SELECTION.calendar },
        data: { calendar: 'erase' },
      });
      await world.settle();
      const { body } = await get(
        `/v1/organizations/${HARBOR_REED}/changes?types=item.upserted&cursor=${readField(now, 'next')}`,
      );
      const [erased, ...others] = readList(body, 'changes');

      expect(others).toEqual([]);
      expect(erased).toEqual({
        organizationId: HARBOR_REED,
        sequence: expect.any(Number),
        type: 'category.erased',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        memberId: expect.any(String),
        connectionId: expect.any(String),
        category: 'calendar',
        upTo: Number(textOf(erased, 'sequence')),
      });
    });
  });

  describe('what it refuses', () => {
    test.each([
      ['limit=0', 'limit'],
      ['limit=1001', 'limit'],
      ['limit=ten', 'limit'],
      ['wait=31', 'wait'],
      ['types=item.upserted,everything', 'types'],
      ['category=letters', 'category'],
      ['memberId=mara', 'memberId'],
    ])('%s, and names the parameter', async (query, field) => {
      const { status, body } = await get(`/v1/changes?${query}`);
      const fields = readList(body, 'fields').map((each) => readField(each, 'field'));

      expect([status, readField(body, 'code')]).toEqual([400, 'body_invalid']);
      expect(fields.every((each) => each.startsWith(field))).toBe(true);
      expect(fields).not.toEqual([]);
    });

    test('a parameter that there is not', async () => {
      expect((await get('/v1/changes?offset=10')).status).toBe(400);
    });

    test.each(['%00', '%F0%9F%92%A9', 'c1.AAAA', '__proto__'])('the cursor %s', async (cursor) => {
      const { status, body } = await get(`/v1/changes?cursor=${cursor}`);

      expect([status, readField(body, 'code')]).toEqual([400, 'cursor_invalid']);
    });

    test('a cursor of another feed, or with another filter', async () => {
      const { body } = await get('/v1/changes?cursor=latest');
      const cursor = readField(body, 'next');
      const other = await get(`/v1/organizations/${HARBOR_REED}/changes?cursor=${cursor}`);
      const filtered = await get(`/v1/changes?category=mail&cursor=${cursor}`);

      expect([other.status, readField(other.body, 'code')]).toEqual([400, 'cursor_not_for_this']);
      expect([filtered.status, readField(filtered.body, 'code')]).toEqual([400, 'cursor_not_for_this']);
    });
  });

  test('a wait does not hold up a process that is to stop: it ends with nothing, at a place to go on from', async () => {
    const stopping = await createWorld({ engine, messages: 0, events: 0, contacts: 0 });
    const { body: now } = await withKey(stopping, await makeKey(stopping), '/v1/changes?cursor=latest');
    const own = await makeKey(stopping);
    const waiting = withKey(stopping, own, `/v1/changes?wait=30&cursor=${readField(now, 'next')}`);
    await eventually(async () => {
      const { rows } = await sql`
        select 1 from api_keys where key_id = ${own.split('_')[1]} and last_used_at is not null
      `.execute(stopping.product.database.kysely);
      return rows.length === 1;
    });
    const closed = stopping.product.application.close();
    const { status, body } = await waiting;
    await closed;
    await stopping.close();

    expect(status).toBe(200);
    expect(body).toMatchObject({ changes: [], more: false });
  });

  test('a database that was restored is noticed by its feed, once', async () => {
    const { database, keyring } = world.product;
    const before = await openFeedMark(database, keyring);
    const { rows } = await sql<{ position: number }>`select position from feed_head`.execute(database.kysely);
    await sql`update feed_head set position = 0`.execute(database.kysely);
    world.advance(61_000);
    const restored = await openFeedMark(database, keyring);
    const again = await openFeedMark(database, keyring);
    await sql`update feed_head set position = ${rows[0]?.position}`.execute(database.kysely);

    expect([before.isRestored, restored.isRestored, again.isRestored]).toEqual([false, true, false]);
    expect(restored.cursors.generation).not.toBe(before.cursors.generation);
    expect(again.cursors).toEqual(restored.cursors);
    expect(restored.cursors.secret).toEqual(before.cursors.secret);
  });
});
