/** D8 What one way of access had asked Microsoft to tell of ends at Microsoft when that way ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  answer,
  changeSettings,
  goToMicrosoft,
  MAIL,
  oidOf,
  readList,
  reasonOf,
  turnOn,
} from '../support/consenting.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 3, events: 0 });
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    await turnOn(world, PEOPLE.tom, MAIL);
  });
  afterAll(() => world.close());

  const atMicrosoft = async () => {
    const { body } = await world.control('GET', `/subscriptions/${PEOPLE.tom}`);
    return readList(body, 'subscriptions').map((each) => readField(each, 'id'));
  };

  test("to service mode, the member's own; and back, the application's", async () => {
    const own = await atMicrosoft();
    const tom = await oidOf(world, PEOPLE.tom);
    await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
      coverage: { kind: 'people', memberIds: [tom] },
      canary: null,
      people: [{ id: tom, name: null }],
    });
    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', {
      mode: 'service',
      selection: MAIL,
      confirmAdministrator: true,
    });
    await answer(world, await goToMicrosoft(world, begun), [PEOPLE.owen, 'accept']);
    for (let look = 0; look < 10 && (await reasonOf(world, PEOPLE.tom)) !== 'onByAdministrator'; look += 1) {
      world.advance(61_000);
      await world.settle();
    }
    await world.settle();
    const applications = await atMicrosoft();
    await changeSettings(world, PEOPLE.owen, { mode: 'individual' });
    const left = await atMicrosoft();
    await world.settle();

    expect(own).toHaveLength(1);
    expect(applications).toHaveLength(1);
    expect(applications).not.toEqual(own);
    expect(left.filter((id) => [...own, ...applications].includes(id))).toEqual([]);
  });
});
