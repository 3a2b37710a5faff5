/** Consents for everyone under attack: a typed way back, half-finished changes, outages that look like refusals. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { visit } from '../support/browserConsent.ts';
import {
  answer,
  changeSettings,
  decideForEveryone,
  goToMicrosoft,
  MAIL,
  MAIL_AND_CALENDAR,
  oidOf,
  organizationOf,
  reasonOf,
  turnOn,
} from '../support/grantConsent.ts';
import { type Answer, createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { whenAnswerIsHeld } from '../support/eventually.ts';

const MINUTE = 60_000;

async function linkOf(world: World, upn: string, whom: 'me' | 'organization', consent: unknown): Promise<string> {
  const made = await world.as(upn, 'POST', `/api/${whom}/consents/${readField(consent, 'id')}/link`);
  return new URL(readField(made.body, 'url')).pathname;
}

/** Starts from a link, never looks at Microsoft's page for admins, types the way back, and signs in. */
async function forge(world: World, link: string, upn: string): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const pressed = await world.request(link, { method: 'POST', headers });
  const path = new URL(pressed.headers.get('location') ?? '', world.origin).pathname;
  const started = await world.request(path);
  const cookies = new Map<string, string>();
  for (const cookie of started.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    cookies.set(name, value);
  }
  const state = `${path.split('/').at(-1) ?? ''}.adminConsent`;
  const back = `/consent/return?admin_consent=True&tenant=${HARBOR_REED}&state=${state}`;
  await answer(world, await visit(world, back, cookies), [upn]);
}

describe('a way back from Microsoft that someone typed', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 3, events: 1 });
    await turnOn(world, PEOPLE.mara);
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  });
  afterAll(() => world.close());

  test("records no tenant-wide grant out of a member's own consent", async () => {
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    await forge(world, await linkOf(world, PEOPLE.mara, 'me', begun.body), PEOPLE.mara);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ mode: 'individual', grant: null });
  });

  test('AUT-07 does not let a manager without a directory role decide for everyone', async () => {
    const mara = await oidOf(world, PEOPLE.mara);
    await world.as(PEOPLE.owen, 'PATCH', `/api/organization/members/${mara}`, { productRole: 'manager' });
    const refused = await world.as(PEOPLE.mara, 'POST', '/api/organization/consents', {
      mode: 'organization',
      selection: MAIL,
      relevance: { ignoredDomains: ['evil.example'] },
      confirmAdministrator: true,
    });
    const consent: unknown = Reflect.get(Object(refused.body), 'consent');
    await forge(world, await linkOf(world, PEOPLE.mara, 'organization', consent), PEOPLE.mara);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      mode: 'individual',
      grant: null,
      relevance: { ignoredDomains: [] },
    });
  });

  test('neither overwrites a grant nor hides what is missing of it', async () => {
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    await decideForEveryone(world, PEOPLE.owen, MAIL_AND_CALENDAR);
    world.advance(6 * MINUTE);
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Calendars.Read'] });
    await world.settle();
    await forge(world, await linkOf(world, PEOPLE.mara, 'me', begun.body), PEOPLE.mara);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      grant: { scopes: ['Mail.Read', 'Calendars.Read'], missing: ['Calendars.Read'] },
    });
    expect(await reasonOf(world, PEOPLE.mara, 'calendar')).toBe('consentRevoked');
  });
});

describe('a custom role, which no token shows', () => {
  test('continues by having Microsoft accept: someone else signs in and proves it', async () => {
    const world = await createWorld({ messages: 1, events: 0 });
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    for (const person of [PEOPLE.mara, PEOPLE.tom]) {
      await world.as(person, 'GET', '/api/session');
    }
    const mara = await oidOf(world, PEOPLE.mara);
    await world.as(PEOPLE.owen, 'PATCH', `/api/organization/members/${mara}`, { productRole: 'manager' });
    const refused = await world.as(PEOPLE.mara, 'POST', '/api/organization/consents', {
      mode: 'organization',
      selection: MAIL,
      confirmAdministrator: true,
    });
    const link = await linkOf(world, PEOPLE.mara, 'organization', Reflect.get(Object(refused.body), 'consent'));
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    await forge(world, link, PEOPLE.mara);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      mode: 'organization',
      grant: { state: 'verified' },
    });
    await world.close();
  });
});

describe('a permission for the moment', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 1, events: 0 });
    await decideForEveryone(world, PEOPLE.owen, MAIL_AND_CALENDAR);
    await changeSettings(world, PEOPLE.owen, { selection: MAIL });
  });
  afterAll(() => world.close());

  const scopesOf = async (upn: string): Promise<string> => {
    const { body } = await world.control('POST', '/token', { as: upn, audience: 'graph' });
    const [, payload = ''] = readField(body, 'token').split('.');
    return readField(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'scp');
  };
  const accept = async (begun: Answer) => {
    await answer(world, await goToMicrosoft(world, begun), ['accept']);
    world.advance(MINUTE);
    await world.settle();
  };

  test('is given back also when the change itself failed', async () => {
    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/grant/narrow');
    await world.control('POST', '/faults', [
      { match: { method: 'PATCH', path: 'oauth2PermissionGrants' }, action: 'status', status: 503 },
    ]);
    await accept(begun);

    expect(await scopesOf(PEOPLE.owen)).not.toContain('DelegatedPermissionGrant');
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ grant: { unused: ['Calendars.Read'] } });
  });

  test('changes nothing where something else was decided meanwhile, and is given back', async () => {
    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/grant/narrow');
    await changeSettings(world, PEOPLE.owen, { selection: MAIL_AND_CALENDAR });
    await accept(begun);

    expect(await scopesOf(PEOPLE.owen)).toContain('Calendars.Read');
    expect(await scopesOf(PEOPLE.owen)).not.toContain('DelegatedPermissionGrant');
    expect(await reasonOf(world, PEOPLE.owen, 'calendar')).toBe('onByAdministrator');
  });

  test('a removal is not proven by tokens from before it, and leaves no one with permissions of their own', async () => {
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    const removal = await world.as(PEOPLE.owen, 'DELETE', '/api/organization/grant');
    const consent: unknown = Reflect.get(Object(removal.body), 'consent');
    const walk = await goToMicrosoft(world, { ...removal, body: consent });
    await answer(world, walk, ['accept']);
    // A token server that still answers from before.
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(MINUTE);
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    await world.settle();
    const path = `/api/organization/consents/${readField(consent, 'id')}`;
    const early = await world.as(PEOPLE.owen, 'GET', path);
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(MINUTE);
    await world.settle();

    expect(early.body).toMatchObject({ state: 'propagating' });
    expect((await world.as(PEOPLE.owen, 'GET', path)).body).toMatchObject({ state: 'verified' });
    const { rows } = await sql<{ personal: string[] }>`select personal_scopes as personal from connections`.execute(
      world.product.database.kysely,
    );
    expect(rows.flatMap(({ personal }) => personal)).not.toContain('Mail.Read');
  });
});

describe('an end that crosses something under way', () => {
  test('PUR-01 a renewal that was under way does not bring back a connection that was ended', async () => {
    const world = await createWorld({ messages: 2, events: 0 });
    await turnOn(world, PEOPLE.mara);
    await world.control('POST', '/faults', [
      { match: { method: 'POST', path: '/token' }, action: 'hold', delayMilliseconds: 60_000 },
    ]);
    world.advance(51 * MINUTE);
    world.product.worker.watch();
    await whenAnswerIsHeld(world);
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'erase' });
    await world.control('DELETE', '/faults');
    await world.settle();
    const rows = await world.product.database.kysely
      .selectFrom('connections')
      .select(['status', 'credential'])
      .where('member_id', '=', await oidOf(world, PEOPLE.mara))
      .execute();

    expect(rows).toEqual([{ status: 'removed', credential: null }]);
    await world.close();
  });

  test('who may not connect any more is not connected by having been at Microsoft', async () => {
    const world = await createWorld({ messages: 2, events: 0 });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: MAIL });
    const walk = await goToMicrosoft(world, begun);
    const owen = await oidOf(world, PEOPLE.owen);
    await changeSettings(world, PEOPLE.owen, { access: { kind: 'people', memberIds: [owen] } });
    await answer(world, walk, ['accept']);
    const rows = await world.product.database.kysely
      .selectFrom('connections')
      .select('credential')
      .where('member_id', '=', await oidOf(world, PEOPLE.mara))
      .execute();

    expect(rows).toEqual([{ credential: null }]);
    expect(await reasonOf(world, PEOPLE.mara)).toBe('notAllowed');
    await world.close();
  });
});

describe('who may connect, by a group', () => {
  test('those in it continue, the others stop, and leaving the group is found by the next renewal', async () => {
    const world = await createWorld({ messages: 2, events: 0 });
    await turnOn(world, PEOPLE.mara);
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await world.as(PEOPLE.ines, 'GET', '/api/session');
    const groupId = '6e3b0d20-0001-4f5a-9b7c-100000000001';
    await changeSettings(world, PEOPLE.owen, { access: { kind: 'group', groupId, name: 'Search team' } });
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(await reasonOf(world, PEOPLE.ines)).toBe('notAllowed');
    await world.close();
  });
});

describe('odd input', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ startWorker: false, messages: 1, events: 0 });
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  });
  afterAll(() => world.close());

  test.each(['a\0b', 'a\ud800b'])('a name that no database can hold is refused, not an accident: %j', async (name) => {
    const id = '7c2a9e10-0001-4c3d-8e5f-100000000001';
    const coverage = { coverage: { kind: 'everyone' }, canary: { id, name } };
    const access = { access: { kind: 'group', groupId: id, name } };

    expect((await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', coverage)).status).toBe(400);
    expect((await changeSettings(world, PEOPLE.owen, access)).status).toBe(400);
  });

  test('no one who has never opened Assent becomes an owner', async () => {
    const id = '0e8f0b4e-0000-4000-8000-000000000001';
    await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
      coverage: { kind: 'people', memberIds: [id] },
      canary: null,
      people: [{ id, name: 'Owen Park' }],
    });

    expect(
      (await world.as(PEOPLE.owen, 'PATCH', `/api/organization/members/${id}`, { productRole: 'owner' })).status,
    ).toBe(404);
  });
});

describe('an outage in service mode', () => {
  test('is not taken for a grant that was taken back', async () => {
    const world = await createWorld({ messages: 2, events: 0 });
    await turnOn(world, PEOPLE.mara);
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
      coverage: { kind: 'people', memberIds: [await oidOf(world, PEOPLE.mara)] },
      canary: null,
    });
    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', {
      mode: 'service',
      selection: MAIL,
      confirmAdministrator: true,
    });
    await answer(world, await goToMicrosoft(world, begun), [PEOPLE.owen, 'accept']);
    await world.settle();
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ mode: 'service', service: { state: 'unproven' } });
    await world.control('POST', '/faults', [
      { match: { method: 'GET', path: 'messages' }, action: 'status', status: 503, times: 3 },
    ]);
    world.advance(5 * MINUTE + 1_000);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      service: { state: 'unproven', reached: ['mail'] },
    });
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByAdministrator');
    await world.close();
  });
});
