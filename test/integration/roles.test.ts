/** Who may do what: product roles beside directory roles, for every part of the organization page. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  changeSettings,
  decideForEveryone,
  MAIL,
  oidOf,
  organizationOf,
  readList,
  turnOn,
} from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';

const OF_MANAGERS = [
  ['GET', '/api/organization/members'],
  ['GET', '/api/organization/coverage'],
  ['GET', '/api/organization/people?search=a'],
  ['GET', '/api/organization/groups?search=a'],
  ['GET', '/api/organization/readiness'],
  ['GET', '/api/organization/audit'],
  ['GET', '/api/organization/audit/export?format=csv'],
  ['POST', '/api/organization/preview', { mode: 'individual', selection: MAIL }],
  ['POST', '/api/organization/relevance/preview', { ignoredDomains: ['harborreed.example'] }],
  ['PUT', '/api/organization/coverage', { coverage: { kind: 'everyone' }, canary: null }],
  ['POST', '/api/organization/readiness'],
  ['DELETE', '/api/organization/grant'],
  ['POST', '/api/organization/consents', { mode: 'organization', selection: MAIL, confirmAdministrator: true }],
  ['POST', '/api/organization/consents', { mode: 'individual', selection: MAIL, confirmAdministrator: true }],
  ['POST', '/api/organization/consents', { mode: 'service', selection: MAIL, confirmAdministrator: true }],
] as const;

let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 3, events: 0 });
  await turnOn(world, PEOPLE.mara);
  await world.as(PEOPLE.tom, 'GET', '/api/session');
  await world.as(PEOPLE.ines, 'GET', '/api/session');
  await decideForEveryone(world, PEOPLE.owen);
  await decideForEveryone(world, PEOPLE.astrid);
});
afterAll(() => world.close());

describe('without a product role', () => {
  test.each(OF_MANAGERS)('AUT-11 a member is refused %s %s', async (method, path, ...[body]) => {
    expect((await world.as(PEOPLE.tom, method, path, body)).status).toBe(403);
  });

  test.each(OF_MANAGERS)('AUT-06 so is a directory administrator, %s %s', async (method, path, ...[body]) => {
    expect((await world.as(PEOPLE.ines, method, path, body)).status).toBe(403);
  });

  test('AUT-06 nor do they change settings or roles, and nothing moves', async () => {
    const before = await organizationOf(world, PEOPLE.owen);
    const tom = await oidOf(world, PEOPLE.tom);

    expect((await changeSettings(world, PEOPLE.ines, { mode: 'individual' })).status).toBe(403);
    expect(
      (await world.as(PEOPLE.tom, 'PATCH', `/api/organization/members/${tom}`, { productRole: 'owner' })).status,
    ).toBe(403);
    expect((await organizationOf(world, PEOPLE.owen))['version']).toBe(before['version']);
  });

  test('OPS-04 everyone sees who can act, and no one else learns who has not connected', async () => {
    expect(await organizationOf(world, PEOPLE.tom)).toMatchObject({
      people: [{ name: 'Owen Park', role: 'owner' }],
      rights: { canChange: false, canGrant: false, canGrantService: false, canAssignRoles: false },
    });
  });
});

describe('appointing', () => {
  const roleOf = async (upn: string) => {
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/members');
    const id = await oidOf(world, upn);
    return Reflect.get(Object(readList(body, 'members').find((each) => readField(each, 'id') === id)), 'productRole');
  };
  const appoint = async (by: string, whom: string, productRole: string | null) =>
    world.as(by, 'PATCH', `/api/organization/members/${await oidOf(world, whom)}`, { productRole });

  test('AUT-09 the last owner cannot leave', async () => {
    const refused = await appoint(PEOPLE.owen, PEOPLE.owen, null);

    expect(refused.status).toBe(409);
    expect(readField(refused.body, 'code')).toBe('last_owner');
    expect(await roleOf(PEOPLE.owen)).toBe('owner');
  });

  test('AUT-09 nor by writing their id in capitals', async () => {
    const path = `/api/organization/members/${(await oidOf(world, PEOPLE.owen)).toUpperCase()}`;
    const refused = await world.as(PEOPLE.owen, 'PATCH', path, { productRole: null });

    expect(refused.status).toBe(409);
    expect(await roleOf(PEOPLE.owen)).toBe('owner');
  });

  test('an owner appoints a manager, who sees the page and appoints no one', async () => {
    await appoint(PEOPLE.owen, PEOPLE.tom, 'manager');

    expect((await world.as(PEOPLE.tom, 'GET', '/api/organization/members')).status).toBe(200);
    expect((await appoint(PEOPLE.tom, PEOPLE.tom, 'owner')).status).toBe(403);
    expect(await roleOf(PEOPLE.tom)).toBe('manager');
  });

  test('AUT-07 a manager without a directory role is told so; nothing is granted and the mode stays', async () => {
    await changeSettings(world, PEOPLE.owen, { mode: 'individual' });
    const body = { mode: 'organization', selection: MAIL, confirmAdministrator: true };
    const refused = await world.as(PEOPLE.tom, 'POST', '/api/organization/consents', body);

    expect(refused.status).toBe(403);
    expect(readField(refused.body, 'code')).toBe('directory_role_required');
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ mode: 'individual' });
  });

  test('AUT-08 a list of roles that overflowed into a reference counts as no roles', async () => {
    const claims = { wids: null, hasgroups: true, _claim_names: { wids: 'src1' }, _claim_sources: { src1: {} } };
    const authorization = `Bearer ${await world.token(PEOPLE.owen, { claims })}`;
    const refused = await world.as(
      PEOPLE.owen,
      'POST',
      '/api/organization/consents',
      { mode: 'organization', selection: MAIL, confirmAdministrator: true },
      { authorization },
    );

    expect(refused.status).toBe(403);
    expect(readField(refused.body, 'code')).toBe('directory_role_required');
  });

  test('AUT-13 a role that is taken away is gone with the next call', async () => {
    await appoint(PEOPLE.owen, PEOPLE.tom, null);

    expect((await world.as(PEOPLE.tom, 'GET', '/api/organization/audit')).status).toBe(403);
  });

  test('concurrent demotions always leave one owner', async () => {
    await appoint(PEOPLE.owen, PEOPLE.ines, 'owner');
    const answers = await Promise.all([
      appoint(PEOPLE.owen, PEOPLE.ines, null),
      appoint(PEOPLE.ines, PEOPLE.owen, null),
    ]);
    const owners = [await ownersIn(world)].flat();

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(owners).toHaveLength(1);
    if (owners[0] !== 'Owen Park') {
      await appoint(PEOPLE.ines, PEOPLE.owen, 'owner');
    }
  });
});

describe('across organizations', () => {
  test('AUT-03 ids of another organization do not exist here', async () => {
    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/readiness');
    const id = readField(begun.body, 'id');
    const mara = await oidOf(world, PEOPLE.mara);

    expect((await world.as(PEOPLE.astrid, 'GET', `/api/organization/consents/${id}`)).status).toBe(404);
    expect((await world.as(PEOPLE.astrid, 'DELETE', `/api/organization/consents/${id}/link`)).status).toBe(404);
    expect(
      (await world.as(PEOPLE.astrid, 'PATCH', `/api/organization/members/${mara}`, { productRole: null })).status,
    ).toBe(404);
  });

  test('AUT-14 a place in one log is no way into another', async () => {
    const { body } = await world.as(PEOPLE.astrid, 'GET', '/api/organization/audit?before=100000');
    const ids = readList(body, 'events').map((event) => readField(Reflect.get(Object(event), 'actor'), 'id'));

    expect(ids).not.toContain(await oidOf(world, PEOPLE.owen));
  });

  test('a person of another organization cannot be covered, nor be the canary', async () => {
    const priya = await oidOf(world, PEOPLE.priya);
    const { body } = await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
      coverage: { kind: 'people', memberIds: [priya] },
      canary: null,
    });

    expect(readList(body, 'people')).toEqual([]);
  });
});

describe('AUT-04 fields that no one may set are refused', () => {
  test.each([
    ['POST', '/api/me/consents', { selection: MAIL, mode: 'organization' }],
    ['POST', '/api/me/consents', { selection: MAIL, tenantId: HARBOR_REED }],
    ['PATCH', '/api/me/sync', { selection: {}, verified: true }],
    ['PUT', '/api/organization/coverage', { coverage: { kind: 'everyone', all: true }, canary: null }],
    ['POST', '/api/organization/preview', { mode: 'individual', selection: MAIL, epoch: 9 }],
    ['DELETE', '/api/me/connection', { data: 'keep', memberId: 'x' }],
    ['POST', '/api/me/prompt', { answer: 'never', of: 'everyone' }],
  ])('%s %s %j', async (method, path, body) => {
    expect((await world.as(PEOPLE.owen, method, path, body)).status).toBe(400);
  });
});

describe('the audit log as a file', () => {
  test('begins with its columns, names people, and escapes what a spreadsheet would run', async () => {
    const { text, headers } = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit/export?format=csv');

    expect(headers.get('content-disposition')).toContain('assent-audit.csv');
    expect(text.split('\r\n')[0]).toContain('sequence,at,actorId,actor,action');
    expect(text).toContain('Owen Park');
    expect(text).not.toMatch(/(?:^|,)[=+@]/m);
  });

  test('is JSON as well, with the hashes of the chain', async () => {
    const { text } = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit/export?format=json');
    const events: unknown = JSON.parse(text);

    expect(Array.isArray(events)).toBe(true);
    expect(events).toContainEqual(
      expect.objectContaining({
        action: 'organization.claimed',
        previousHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    );
  });

  test('holds no address and no content', async () => {
    const { text } = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit/export?format=json');

    expect(text).not.toMatch(/@harborreed\.example/);
  });
});

async function ownersIn(of: World): Promise<readonly string[]> {
  const { body } = await of.as(PEOPLE.mara, 'GET', '/api/organization');
  const owners = readList(body, 'people').filter((person) => readField(person, 'role') === 'owner');
  return owners.map((person) => readField(person, 'name'));
}
