/** What the sandbox's Entra and Exchange remember of grants, and from when tokens and mailboxes show them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { World } from '../../../src/sandbox/world/world.ts';

const HARBOR_REED = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const OKAFOR = 'okafor.example';
const NOON = Date.parse('2026-11-30T12:00:00Z');

let now: number;
let world: World;
let mara: string;
let tom: string;

beforeEach(() => {
  now = NOON;
  world = new World(null, { seed: 'tests', sizes: { messages: 1, events: 1, contacts: 1 } }, () => new Date(now));
  mara = oidOf('mara.ellis@harborreed.example');
  tom = oidOf('tom.whitaker@harborreed.example');
});

function oidOf(upn: string): string {
  return world.findPerson(upn)?.person.oid ?? '';
}

const own = (scopes: readonly string[]) => scopes.filter((scope) => /^(Mail|Calendars)\./.test(scope));
const granted = (oid: string) => own(world.grantedScopes(HARBOR_REED, oid));

describe('a delegated grant', () => {
  test('of one person is theirs alone, and adds to what they had', () => {
    world.grant(HARBOR_REED, { oid: mara }, ['Mail.Read']);
    world.grant(HARBOR_REED, { oid: mara }, ['Calendars.Read', 'Mail.Read']);

    expect(granted(mara)).toEqual(['Mail.Read', 'Calendars.Read']);
    expect(granted(tom)).toEqual([]);
  });

  test("for everyone is in everyone's tokens, beside their own", () => {
    world.grant(HARBOR_REED, { oid: mara }, ['Calendars.Read']);
    world.grant(HARBOR_REED, 'everyone', ['Mail.Read']);

    expect(granted(mara)).toEqual(['Mail.Read', 'Calendars.Read']);
    expect(granted(tom)).toEqual(['Mail.Read']);
  });

  test('for everyone can take its time, to the millisecond', () => {
    world.setPropagation(HARBOR_REED, 2_000);
    world.grant(HARBOR_REED, 'everyone', ['Mail.Read']);
    now = NOON + 1_999;
    const before = granted(tom);
    now = NOON + 2_000;

    expect(before).toEqual([]);
    expect(granted(tom)).toEqual(['Mail.Read']);
  });

  test('of one person never does', () => {
    world.setPropagation(HARBOR_REED, 2_000);
    world.grant(HARBOR_REED, { oid: mara }, ['Mail.Read']);

    expect(granted(mara)).toEqual(['Mail.Read']);
  });

  test('that is taken from everyone stays with who consented alone', () => {
    world.grant(HARBOR_REED, 'everyone', ['Mail.Read', 'Calendars.Read']);
    world.grant(HARBOR_REED, { oid: mara }, ['Mail.Read']);
    world.revoke(HARBOR_REED, 'everyone', ['Mail.Read']);

    expect(granted(mara)).toEqual(['Calendars.Read', 'Mail.Read']);
    expect(granted(tom)).toEqual(['Calendars.Read']);
  });

  test('is listed by the directory as one for everyone and one a person, and an empty one not at all', () => {
    world.grant(HARBOR_REED, { oid: mara }, ['Mail.Read']);
    world.grant(HARBOR_REED, { oid: tom }, ['Mail.Read']);
    world.revoke(HARBOR_REED, { oid: tom }, ['Mail.Read']);
    const grants = world.listedGrants(HARBOR_REED).map(({ oid, scopes }) => ({ oid, scopes: own(scopes) }));

    expect(grants).toEqual([
      { oid: null, scopes: [] },
      { oid: mara, scopes: ['Mail.Read'] },
    ]);
  });

  test('holds in its own tenant only', () => {
    world.grant(HARBOR_REED, 'everyone', ['Mail.Read']);
    const elsewhere = world.findTenant('lindqvist.example');

    expect(own(world.grantedScopes(elsewhere?.id ?? '', elsewhere?.people[0]?.oid ?? ''))).toEqual([]);
  });
});

describe('a tenant that has not admitted the application', () => {
  test('admits it with the first grant, which lets people sign in', () => {
    const tenant = world.findTenant(OKAFOR);
    const id = tenant?.id ?? '';
    const before = world.isAdmitted(id);
    world.grant(id, 'everyone', ['Mail.Read']);

    expect(before).toBe(false);
    expect(world.isAdmitted(id)).toBe(true);
    expect(world.grantedScopes(id, tenant?.people[0]?.oid ?? '')).toEqual(
      expect.arrayContaining(['openid', 'access_as_user', 'Mail.Read']),
    );
  });

  test('loses every grant when it throws the application out', () => {
    world.grant(HARBOR_REED, 'everyone', ['Mail.Read']);
    world.grant(HARBOR_REED, { oid: mara }, ['Calendars.Read']);
    world.setPolicy(HARBOR_REED, 'notAdmitted');

    expect(world.isAdmitted(HARBOR_REED)).toBe(false);
    expect(world.grantedScopes(HARBOR_REED, mara)).toEqual([]);
  });
});

describe("Exchange's roles", () => {
  test('reach the mailboxes of their scope, from when they are effective', () => {
    world.setExchangeRoles(HARBOR_REED, [{ roles: ['Application Mail.Read'], mailboxes: [mara] }], 60_000);
    const early = world.exchangeRolesFor(HARBOR_REED, mara);
    now = NOON + 60_000;

    expect(early).toEqual([]);
    expect(world.exchangeRolesFor(HARBOR_REED, mara)).toEqual(['Application Mail.Read']);
    expect(world.exchangeRolesFor(HARBOR_REED, tom)).toEqual([]);
  });

  test('without a scope reach everyone, and several add up', () => {
    world.setExchangeRoles(
      HARBOR_REED,
      [
        { roles: ['Application Mail.Read'], mailboxes: 'everyone' },
        { roles: ['Application Calendars.Read'], mailboxes: [tom] },
      ],
      0,
    );

    expect(world.exchangeRolesFor(HARBOR_REED, mara)).toEqual(['Application Mail.Read']);
    expect(world.exchangeRolesFor(HARBOR_REED, tom)).toEqual(['Application Mail.Read', 'Application Calendars.Read']);
  });
});

describe('a shared mailbox', () => {
  test('is open to those who are named, and to no one else', () => {
    world.shareMailbox(tom, [mara]);

    expect(world.isSharedWith(tom, mara)).toBe(true);
    expect(world.isSharedWith(mara, tom)).toBe(false);
  });
});

test('on the first day again grants are gone, and the keys that pages hold stay', () => {
  const { signingKey, secret } = world;
  world.grant(HARBOR_REED, 'everyone', ['Mail.Read']);
  world.reset('tests', { messages: 1, events: 1, contacts: 1 });

  expect(granted(mara)).toEqual([]);
  expect(world.signingKey).toEqual(signingKey);
  expect(world.secret).toBe(secret);
});
