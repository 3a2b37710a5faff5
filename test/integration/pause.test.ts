/** Pause and resume: nothing is read, nothing is forgotten, and afterwards everything resumes where it stopped. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  changeSettings,
  decideForEveryone,
  organizationOf,
  readList,
  reasonOf,
  turnOn,
} from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const HOUR = 3_600_000;

function message(subject: string): string {
  return [
    'From: Nora Whitfield <nora.whitfield@quillworks.example>',
    'To: Mara Ellis <mara.ellis@harborreed.example>',
    `Subject: ${subject}`,
    'Date: Sat, 21 Nov 2026 10:00:00 +0000',
    `Message-ID: <${subject.replaceAll(' ', '.')}@quillworks.example>`,
    '',
    'A text.',
  ].join('\r\n');
}

async function subjectsOf(world: World): Promise<readonly string[]> {
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');
  return readList(body, 'items').map((item) => readField(item, 'subject'));
}

/** The paths at which Graph was asked for mail from request `since` on. */
async function mailRequests(world: World, since: number): Promise<readonly string[]> {
  const { body } = await world.control('GET', `/requests?since=${since}`);
  return readList(body, 'requests')
    .map((request) => readField(request, 'url'))
    .filter((url) => /\/(?:messages|mailFolders)\b/.test(url));
}

async function nextRequest(world: World): Promise<number> {
  const { body } = await world.control('GET', '/requests');
  const next: unknown = Reflect.get(Object(body), 'next');
  return Number(next);
}

async function count(world: World, action: string): Promise<number> {
  const rows = await world.product.database.kysely
    .selectFrom('audit')
    .where('action', '=', action)
    .selectAll()
    .execute();
  return rows.length;
}

const pause = (world: World, until: string | null) =>
  world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { mail: { until } } });
const resume = (world: World) => world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { mail: null } });

describe.each(ENGINES)('a member pauses mail, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 12 });
    await turnOn(world, PEOPLE.mara);
  });
  afterAll(() => world.close());

  test('nothing is read while it is paused, and what was synchronized stays', async () => {
    const paused = await pause(world, null);
    await world.nextRound();
    const since = await nextRequest(world);
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: message('While paused') });
    await world.nextRound();

    expect(paused.body).toMatchObject({
      decisions: { mail: { reason: 'paused', control: 'member', action: 'resume', effective: { sync: 'off' } } },
      preference: { mail: { sync: 'full' } },
    });
    expect(await mailRequests(world, since)).toEqual([]);
    expect(await subjectsOf(world)).not.toContain('While paused');
    expect(await subjectsOf(world)).toHaveLength(12);
  });

  test('going on brings what came meanwhile, from where it stopped', async () => {
    const since = await nextRequest(world);
    const resumed = await resume(world);
    await world.settle();
    const deltas = (await mailRequests(world, since)).filter((url) => url.includes('/messages/delta'));

    expect(resumed.body).toMatchObject({ decisions: { mail: { reason: 'onByOwnChoice' } } });
    expect(await subjectsOf(world)).toContain('While paused');
    expect(deltas.length).toBeGreaterThan(0);
    expect(deltas.filter((url) => !/token=/.test(url))).toEqual([]);
  });

  test('a pause with an end continues by itself', async () => {
    const until = new Date(Date.now() + 2 * HOUR).toISOString();
    const paused = await pause(world, until);
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: message('Within two hours') });
    await world.nextRound();
    const before = await subjectsOf(world);
    world.advance(2 * HOUR + 60_000);
    await world.settle();

    expect(paused.body).toMatchObject({ decisions: { mail: { reason: 'paused', until } } });
    expect(before).not.toContain('Within two hours');
    expect(await subjectsOf(world)).toContain('Within two hours');
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
  });

  test('turning it off and on again ends the pause', async () => {
    const mail = { sync: 'full', act: 'none', shared: false };
    await pause(world, null);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: { ...mail, sync: 'off' } } });
    const on = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail } });

    expect(on.body).toMatchObject({ decisions: { mail: { reason: 'onByOwnChoice' } } });
  });

  test('at another level it stays paused, and a pause that ran out was ended by no one', async () => {
    const until = new Date(Date.now() + 8 * HOUR).toISOString();
    await pause(world, null);
    const limited = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
      selection: { mail: { sync: 'limited', act: 'none', shared: false } },
    });
    await resume(world);
    const resumed = await count(world, 'sync.resumed');
    await pause(world, until);
    world.advance(9 * HOUR);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: {} });

    expect(limited.body).toMatchObject({ decisions: { mail: { reason: 'paused' } } });
    expect(await count(world, 'sync.resumed')).toBe(resumed);
  });

  test.each([
    ['a time that is no time', { pause: { mail: { until: 'soon' } } }],
    ['a time that is over', { pause: { mail: { until: '2020-01-01T00:00:00Z' } } }],
    ['a time of absurd precision', { pause: { mail: { until: `2030-01-01T00:00:00.${'0'.repeat(500)}Z` } } }],
    ['a category that nobody knows', { pause: { notes: { until: null } } }],
    [
      'a pause beside a selection',
      { selection: { mail: { sync: 'limited', act: 'none', shared: false } }, pause: { mail: { until: null } } },
    ],
  ])('%s is refused', async (_what, body) => {
    expect((await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', body)).status).toBe(400);
  });
});

describe('an administrator pauses for everyone', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 12 });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    await decideForEveryone(world, PEOPLE.owen);
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    await world.settle();
  });
  afterAll(() => world.close());

  test('no one is synced until someone resumes', async () => {
    const paused = await changeSettings(world, PEOPLE.owen, { pause: { until: null } });
    await world.nextRound();
    const since = await nextRequest(world);
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: message('While everybody waits') });
    await world.nextRound();

    expect(paused.status).toBe(200);
    expect(await organizationOf(world, PEOPLE.mara)).toMatchObject({ pause: { until: null } });
    expect(await reasonOf(world, PEOPLE.mara)).toBe('pausedByAdministrator');
    expect(await mailRequests(world, since)).toEqual([]);
  });

  test('a member neither ends it nor pauses what the administrator turned on', async () => {
    const paused = await pause(world, null);
    const ended = await changeSettings(world, PEOPLE.mara, { pause: null });

    expect(paused).toMatchObject({ status: 403, body: { code: 'controlled_by_administrator' } });
    expect(ended).toMatchObject({ status: 403, body: { code: 'product_role_required' } });
  });

  test('going on brings what came meanwhile, and the history names both', async () => {
    await changeSettings(world, PEOPLE.owen, { pause: null });
    await world.settle();
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit');
    const actions = readList(body, 'events').map((event) => readField(event, 'action'));

    expect(await subjectsOf(world)).toContain('While everybody waits');
    expect(actions.slice(0, 2)).toEqual(['organization.resumed', 'organization.paused']);
  });
});
