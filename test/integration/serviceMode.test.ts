/** Service mode: one consent for the application itself, narrowed in Exchange, proven by probes, synced app-only. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  answer,
  changeSettings,
  goToMicrosoft,
  MAIL,
  MAIL_AND_CALENDAR,
  oidOf,
  organizationOf,
  readList,
  reasonOf,
  turnOn,
} from '../support/grantConsent.ts';
import { type Answer, createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { eventually } from '../support/eventually.ts';

const ENTRA_MAILBOX_ROLES = ['Mail.ReadBasic.All', 'Mail.Read', 'Calendars.ReadBasic.All', 'Calendars.Read'];
const EXCHANGE_ROLES = ['Application Mail.Read', 'Application Calendars.Read'];

let world: World;
let begun: Answer;

beforeAll(async () => {
  world = await createWorld({ messages: 6, events: 3 });
  await turnOn(world, PEOPLE.mara);
  await world.as(PEOPLE.tom, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
});
afterAll(() => world.close());

const cover = async (people: readonly string[], canary: string | null) => {
  const ids = await Promise.all(people.map((upn) => oidOf(world, upn)));
  return world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
    coverage: { kind: 'people', memberIds: ids },
    canary: canary === null ? null : { id: await oidOf(world, canary), name: null },
    people: ids.map((id) => ({ id, name: null })),
  });
};

const ask = (upn: string) =>
  world.as(upn, 'POST', '/api/organization/consents', {
    mode: 'service',
    selection: MAIL_AND_CALENDAR,
    confirmAdministrator: true,
  });

const stateOf = async (consent: Answer) => {
  const { body } = await world.as(PEOPLE.owen, 'GET', `/api/organization/consents/${readField(consent.body, 'id')}`);
  return body;
};

describe('before it is granted', () => {
  test('someone has to be covered first', async () => {
    const refused = await ask(PEOPLE.owen);

    expect(refused.status).toBe(409);
    expect(readField(refused.body, 'code')).toBe('nobody_covered');
  });

  test('coverage is shown as a list, with the mailbox that must stay closed', async () => {
    const covered = await cover([PEOPLE.mara, PEOPLE.tom], PEOPLE.owen);

    expect(covered.body).toMatchObject({
      people: [{ name: 'Mara Ellis' }, { name: 'Tom Whitaker' }],
      canary: { name: 'Owen Park' },
    });
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ mode: 'individual', members: { covered: 2 } });
  });

  test('a Cloud Application Administrator may not grant application permissions', async () => {
    await world.as(PEOPLE.ines, 'GET', '/api/session');
    const ines = await oidOf(world, PEOPLE.ines);
    await world.as(PEOPLE.owen, 'PATCH', `/api/organization/members/${ines}`, { productRole: 'manager' });
    const refused = await ask(PEOPLE.ines);

    expect(refused.status).toBe(403);
    expect(readField(refused.body, 'code')).toBe('directory_role_required');
  });
});

describe('the grant', () => {
  test('reaches every mailbox at first, the canary too, so it is not taken for proven', async () => {
    begun = await ask(PEOPLE.owen);
    await answer(world, await goToMicrosoft(world, begun), [PEOPLE.owen, 'accept']);
    await world.settle();

    expect(await stateOf(begun)).toMatchObject({ state: 'settling' });
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      mode: 'individual',
      service: { state: 'settling', canary: 'reached' },
    });
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
  });

  test('narrowed in Exchange, with a delay: nothing is reached yet, and nothing is healthy', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', roles: ENTRA_MAILBOX_ROLES });
    await world.control('PUT', '/exchange-roles', {
      tenant: HARBOR_REED,
      roles: EXCHANGE_ROLES,
      mailboxes: [PEOPLE.mara, PEOPLE.tom],
      delayMilliseconds: 90_000,
    });
    world.advance(61_000);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ service: { state: 'settling', reached: [] } });
  });

  test('CON-16 in force: the covered mailboxes are reached, the canary is refused, and the mode changes', async () => {
    await eventually(async () => {
      world.advance(61_000);
      await world.settle();
      return readField(await stateOf(begun), 'state') === 'verified';
    });

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      mode: 'service',
      service: { state: 'verified', canary: 'refused', reached: ['mail', 'calendar'], grantedBy: 'Owen Park' },
    });
  });

  test("its token's roles do not show what Exchange allows, and mail comes all the same, app-only", async () => {
    await world.settle();
    const { body } = await world.control('GET', '/requests');
    const mail = readList(body, 'requests').filter((each) => readField(each, 'url').includes('/v1.0/users/'));
    const last: unknown = Reflect.get(Object(mail.at(-1)), 'claims');

    expect(readList(last, 'roles')).toContain('User.Read.All');
    expect(readList(last, 'roles')).not.toContain('Mail.Read');
    expect(await reasonOf(world, PEOPLE.tom)).toBe('onByAdministrator');
    expect(readList((await world.as(PEOPLE.tom, 'GET', '/api/me/items?category=mail')).body, 'items')).toHaveLength(6);
    expect(readList((await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail')).body, 'items')).toHaveLength(6);
  });

  test('PUR-12 no one needs a refresh token any more: all of them are gone', async () => {
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/members');
    const keyring = world.product.keyring;
    const mara = await oidOf(world, PEOPLE.mara);
    const rows = await world.product.database.kysely
      .selectFrom('connections')
      .select('member_id')
      .where('credential', 'is not', null)
      .execute();

    expect(rows).toEqual([]);
    expect(await keyring.forReading({ tenantId: HARBOR_REED, memberId: mara, purpose: 'credential' })).toBeNull();
    expect(readList(body, 'members').length).toBeGreaterThan(4);
    expect(body).toMatchObject({ includesEverybody: true });
  });

  test('CON-16 no mailbox is read by two kinds of access at once', async () => {
    const { body: before } = await world.control('GET', '/requests');
    const next = Number(Reflect.get(Object(before), 'next'));
    await world.nextRound();
    const { body } = await world.control('GET', `/requests?since=${next}`);
    const urls = readList(body, 'requests').map((each) => readField(each, 'url'));

    expect(urls.some((url) => url.startsWith('/v1.0/users/'))).toBe(true);
    expect(urls.filter((url) => url.startsWith('/v1.0/me/'))).toEqual([]);
  });

  test('a person who is not covered is told so and nothing of theirs is read', async () => {
    expect(await reasonOf(world, PEOPLE.owen)).toBe('notCovered');
    expect(readList((await world.as(PEOPLE.owen, 'GET', '/api/me/items?category=mail')).body, 'items')).toEqual([]);
  });
});

describe('coverage', () => {
  test('AUT-12 someone who is taken out stops at once, and Graph is not asked for them', async () => {
    await cover([PEOPLE.mara], PEOPLE.owen);
    const { body: before } = await world.control('GET', '/requests');
    await world.nextRound();
    const { body } = await world.control('GET', `/requests?since=${String(Reflect.get(Object(before), 'next'))}`);
    const tom = await oidOf(world, PEOPLE.tom);
    const urls = readList(body, 'requests').map((each) => readField(each, 'url'));

    expect(await reasonOf(world, PEOPLE.tom)).toBe('notCovered');
    expect(urls.filter((url) => url.includes(tom))).toEqual([]);
  });

  test('a group covers whoever is in it, shown as a list', async () => {
    const { body: found } = await world.as(PEOPLE.owen, 'GET', '/api/organization/groups?search=Sea');
    const [group] = readList(found, 'groups');
    await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
      coverage: { kind: 'group', groupId: readField(group, 'id'), name: readField(group, 'name') },
      canary: { id: await oidOf(world, PEOPLE.owen), name: 'Owen Park' },
    });
    await world.settle();
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/coverage');

    expect(body).toMatchObject({
      coverage: { kind: 'group', name: 'Search team' },
      people: [{ name: 'Mara Ellis' }, { name: 'Tom Whitaker' }],
    });
    expect(await reasonOf(world, PEOPLE.tom)).toBe('onByAdministrator');
  });

  test('people who never opened Assent are found in the directory', async () => {
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/people?search=hugo');

    expect(body).toMatchObject({ people: [{ name: 'Hugo Marsh' }], fromDirectory: true });
  });
});

describe('after it was granted', () => {
  test('CON-19 Exchange closes every mailbox: found within five minutes, and nothing is healthy', async () => {
    await world.control('PUT', '/exchange-roles', { tenant: HARBOR_REED, roles: [], mailboxes: [] });
    world.advance(5 * 60_000 + 1_000);
    await world.settle();
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/readiness');

    expect(await reasonOf(world, PEOPLE.mara)).toBe('consentRevoked');
    expect(readList(body, 'checks')).toContainEqual(
      expect.objectContaining({ check: 'service', result: 'blocked', finding: 'nothingReached' }),
    );
  });

  test('what cannot be granted any more can still be left: back to everyone for themselves', async () => {
    const preview = await world.as(PEOPLE.owen, 'POST', '/api/organization/preview', {
      mode: 'individual',
      selection: MAIL,
    });
    const changed = await changeSettings(world, PEOPLE.owen, { mode: 'individual' });
    await world.settle();

    expect(preview.body).toMatchObject({ signInSilently: [{ name: 'Mara Ellis' }], signInAsked: [] });
    expect(changed.body).toMatchObject({ mode: 'individual' });
    expect(await reasonOf(world, PEOPLE.mara)).toBe('reauthenticate');
  });

  test('opening the page once is all that it takes', async () => {
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(readList((await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail')).body, 'items')).toHaveLength(6);
  });
});
