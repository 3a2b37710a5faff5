/** Erasing under bad luck: without Microsoft, with an old dump at hand, with a large mailbox, and what the log keeps. */
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { OFF } from '../../src/domain/levels.ts';
import { oidOf, READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const MESSAGES = 450;

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: MESSAGES, events: 0 });
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await turnOn(world, PEOPLE.tom);
    await turnOn(world, PEOPLE.mara);
  });
  afterAll(() => world.close());
  beforeEach(() => resume());
  afterEach(() => world.control('DELETE', '/faults'));

  const resume = async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: READ } });
    await world.settle();
  };
  const items = async (upn: string) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from items where member_id = ${await oidOf(world, upn)}
    `.execute(world.product.database.kysely);
    return rows[0]?.count;
  };
  const erase = async () => {
    const { body } = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
      selection: { mail: OFF },
      data: { mail: 'erase' },
    });
    return readField(readList(body, 'receipts')[0], 'id');
  };
  const receipt = async (id: string) => (await world.as(PEOPLE.mara, 'GET', `/api/me/receipts/${id}`)).body;

  test('PUR-05 while Microsoft does not answer at all, everything goes all the same', async () => {
    const down = { match: { path: '.' }, times: 100_000, action: 'status', status: 503 };
    await world.control('POST', '/faults', [down]);
    const id = await erase();
    await world.settle();

    expect(await items(PEOPLE.mara)).toBe(0);
    expect(await receipt(id)).toMatchObject({ state: 'erased', items: { mail: MESSAGES } });
    expect(await items(PEOPLE.tom)).toBe(MESSAGES);
  });

  test('PUR-08 what a dump still has cannot be read by anyone, not even by this installation', async () => {
    const { kysely } = world.product.database;
    const memberId = await oidOf(world, PEOPLE.mara);
    const dump = await kysely.selectFrom('items').selectAll().where('member_id', '=', memberId).limit(20).execute();
    await erase();
    await world.settle();
    await resume();
    const key = await world.product.keyring.forReading({ tenantId: HARBOR_REED, memberId, purpose: 'mail' });

    expect(dump).toHaveLength(20);
    expect(key).not.toBeNull();
    for (const { item_id: id, sealed } of dump) {
      expect(() => key?.open(['item', HARBOR_REED, memberId, 'mail', id], sealed)).toThrow();
      expect(Buffer.from(sealed).toString('latin1')).not.toMatch(/subject|harborreed/i);
    }
  });

  test('PUR-09 the log keeps who, when and of what kind, and no subject, address or text', async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');
    const subjects = readList(body, 'items').map((item) => readField(item, 'subject'));
    const id = await erase();
    await world.settle();
    const { text } = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit/export?format=json');
    const rows = await world.product.database.kysely.selectFrom('audit').selectAll().execute();
    const kept = JSON.stringify(rows);

    expect(subjects.length).toBeGreaterThan(0);
    expect(text).toContain('data.eraseStarted');
    expect(text).toContain('data.erased');
    expect(kept).toContain(id);
    expect(subjects.filter((subject) => kept.includes(subject))).toEqual([]);
    expect(kept).not.toContain('@');
  });

  test('PUR-11 it goes in parts, and the feed is told once', async () => {
    const before = await world.product.database.kysely
      .selectFrom('outbox')
      .select('sequence')
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    await erase();
    await world.settle();
    const told = await world.product.database.kysely
      .selectFrom('outbox')
      .select(['kind', 'category'])
      .where('sequence', '>', before.sequence)
      .execute();

    const { kept } = await world.product.database.kysely
      .selectFrom('outbox')
      .select(({ fn }) => fn.count<number>('item_id').as('kept'))
      .where('member_id', '=', await oidOf(world, PEOPLE.mara))
      .where('category', '=', 'mail')
      .executeTakeFirstOrThrow();

    expect(await items(PEOPLE.mara)).toBe(0);
    expect(told).toEqual([{ kind: 'erased', category: 'mail' }]);
    expect(kept).toBe(0);
  });
});
