/** D8 What one way of access had asked Microsoft to tell of ends at Microsoft when that way ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changeSettings, connectByService, MAIL, readList, turnOn } from '../support/grantConsent.ts';
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
    await connectByService(world, PEOPLE.owen, [PEOPLE.tom], MAIL);
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
