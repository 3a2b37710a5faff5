/** Progress by stream for a member, and the fleet for whoever answers for it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

describe.each(ENGINES)('how far synchronizing has come, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 12, startWorker: true });
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await turnOn(world, PEOPLE.mara);
    await turnOn(world, PEOPLE.tom);
  });
  afterAll(() => world.close());

  const mailOf = async (upn: string) => {
    const { body } = await world.as(upn, 'GET', '/api/me/sync');
    const [mail] = readList(body, 'streams');
    return mail;
  };
  const fleet = async () => (await world.as(PEOPLE.owen, 'GET', '/api/organization/fleet')).body;

  test('every folder by itself, with its name and how many items it has', async () => {
    const mail = await mailOf(PEOPLE.mara);
    const parts = readList(mail, 'parts');
    const total: unknown = Reflect.get(Object(mail), 'items');
    const items = parts.map((part) => Number(Reflect.get(Object(part), 'items')));

    expect(mail).toMatchObject({ stage: 'current', error: null, partCount: parts.length });
    expect(parts).toContainEqual(expect.objectContaining({ kind: 'folder', name: 'Inbox', stage: 'current' }));
    expect(parts).toContainEqual(expect.objectContaining({ kind: 'list', name: null }));
    expect(items.reduce((sum, each) => sum + each, 0)).toBe(total);
    expect(total).toBe(12);
  });

  test('a folder that fails comes first, with the reason and when it is tried again', async () => {
    await world.control('POST', '/faults', [
      { match: { path: '/messages/delta' }, times: 500, action: 'status', status: 503 },
    ]);
    await world.nextRound();
    const mail = await mailOf(PEOPLE.mara);

    expect(mail).toMatchObject({ stage: 'failing', error: 'microsoftUnavailable', nextAttemptAt: expect.any(String) });
    expect(readList(mail, 'parts')[0]).toMatchObject({ stage: 'failing', nextAttemptAt: expect.any(String) });
  });

  test('the fleet says how many mailboxes fail, and by what cause', async () => {
    expect(await fleet()).toMatchObject({
      healthy: 0,
      failing: [{ cause: 'microsoftUnavailable', mailboxes: 2, nextAttemptAt: expect.any(String) }],
    });
  });

  test('afterwards it says that they are up to date, and who has paused', async () => {
    await world.control('DELETE', '/faults');
    await world.nextRound();
    const after = await fleet();
    await world.as(PEOPLE.tom, 'PATCH', '/api/me/sync', { pause: { mail: { until: null } } });
    await world.settle();

    expect(after).toEqual({ healthy: 2, catchingUp: 0, paused: 0, failing: [] });
    expect(await fleet()).toEqual({ healthy: 1, catchingUp: 0, paused: 1, failing: [] });
  });

  test('it is for owners and managers, and names no one', async () => {
    const refused = await world.as(PEOPLE.mara, 'GET', '/api/organization/fleet');

    expect(refused).toMatchObject({ status: 403, body: { code: 'product_role_required' } });
    expect(JSON.stringify(await fleet())).not.toContain('Mara');
  });
});

describe.each(ENGINES)('K8 one calendar that is refused, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 2, events: 3 });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
  });
  afterAll(() => world.close());

  test('is named, and does not speak for the others', async () => {
    const { body: made } = await world.control('POST', '/containers', {
      to: PEOPLE.mara,
      kind: 'calendars',
      name: 'Birthdays',
    });
    await world.control('POST', '/faults', [
      {
        match: { path: `calendars/${readField(made, 'id')}/` },
        times: 500,
        action: 'status',
        status: 403,
        code: 'ErrorAccessDenied',
      },
    ]);
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, calendar: READ });
    await world.nextRound();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
    const calendar = readList(body, 'streams').find((stream) => readField(stream, 'category') === 'calendar');
    const failing = readList(calendar, 'parts').filter((part) => readField(part, 'stage') === 'failing');

    expect(calendar).toMatchObject({
      stage: 'current',
      error: 'forbidden',
      failing: 1,
      lastSuccessAt: expect.any(String),
    });
    expect(failing).toEqual([expect.objectContaining({ name: 'Birthdays', error: 'forbidden' })]);
  });
});
