/** Bits that flip in the database: whoever they concern is told, and no one else is touched. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { oidOf, readList, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const MESSAGES = 6;

describe.each(ENGINES)('STO-11 on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: MESSAGES, events: 0 });
    await turnOn(world, PEOPLE.mara);
    await turnOn(world, PEOPLE.tom);
  });
  afterAll(() => world.close());

  const connection = async (upn: string) => {
    const { body } = await world.as(upn, 'GET', '/api/me/sync');
    return Reflect.get(Object(body), 'connection');
  };

  test('in an item: it is left out, and the others are shown', async () => {
    await sql`
      update items set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where ctid = (
        select min(ctid) from items where member_id = ${await oidOf(world, PEOPLE.mara)}
      )
    `.execute(world.product.database.kysely);

    expect(await storedOf(world, PEOPLE.mara)).toHaveLength(MESSAGES - 1);
    expect(await storedOf(world, PEOPLE.tom)).toHaveLength(MESSAGES);
  });

  test('in a refresh token: its member is asked to sign in again, and Entra is left alone', async () => {
    await sql`
      update connections set credential = set_byte(credential, 40, get_byte(credential, 40) # 1)
      where member_id = ${await oidOf(world, PEOPLE.mara)}
    `.execute(world.product.database.kysely);
    world.advance(61 * 60_000);
    await world.nextRound();
    const { body: before } = await world.control('GET', '/requests');
    await world.nextRound();
    const since = Number(Reflect.get(Object(before), 'next'));
    const { body } = await world.control('GET', `/requests?since=${since}`);
    const tokens = readList(body, 'requests').filter((each) =>
      /oauth2\/v2\.0\/token/.test(JSON.stringify(Reflect.get(Object(each), 'url'))),
    );

    expect(await connection(PEOPLE.mara)).toBe('lost');
    expect(await connection(PEOPLE.tom)).toBe('connected');
    expect(await storedOf(world, PEOPLE.tom)).toHaveLength(MESSAGES);
    expect(tokens.length).toBeLessThanOrEqual(1);
  });
});
