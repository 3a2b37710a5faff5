import { describe, expect, test } from '@jest/globals';
import { factsOf, type StoredFacts } from '../../src/domain/decisionFacts.ts';
import type { ServiceGrant, TenantGrant } from '../../src/domain/records.ts';
import { EMPTY_SELECTION, FULL_OFFER } from '../../src/domain/selection.ts';
import { UNKNOWN_CONSENT_POLICY } from '../../src/domain/userConsent.ts';
import { AT, CHECKED, CONNECTED, HARBOR_REED, MARA, READ } from '../support/storedRecords.ts';

const UNSEEN = { value: 'unknown', checkedAt: null } as const;

const GRANT: TenantGrant = {
  state: 'verified',
  scopes: ['Mail.Read', 'Calendars.Read'],
  grantedBy: 'owen',
  grantedAt: AT,
  provenAt: AT,
  missing: [],
  missingSince: null,
  checkedAt: AT,
};

const SERVICE: ServiceGrant = {
  state: 'verified',
  grantedBy: 'owen',
  grantedAt: AT.toISOString(),
  checkedAt: CHECKED.toISOString(),
  attemptedAt: CHECKED.toISOString(),
  reached: ['mail'],
  canary: 'refused',
  probedId: 'mara',
};

const STORED: StoredFacts = {
  organization: HARBOR_REED,
  member: MARA,
  connection: CONNECTED,
  awaiting: [],
  groups: [],
  erasing: [],
  now: AT,
};

test('a member who is connected, whole', () => {
  expect(factsOf(STORED)).toEqual({
    deployment: { cloud: 'supported', caps: FULL_OFFER, suspended: false },
    organization: { enabled: true, mode: 'individual', selection: EMPTY_SELECTION, pause: null },
    member: { disabled: false, guest: false, allowed: true },
    coverage: 'covered',
    userConsent: UNKNOWN_CONSENT_POLICY,
    preference: { selection: MARA.preference, pauses: {} },
    grant: {
      value: { state: 'live', scopes: ['User.Read', 'Mail.Read'], revoked: [] },
      checkedAt: CHECKED.toISOString(),
    },
    mailbox: MARA.mailbox,
    erasing: [],
  });
});

test('what the operator says of an organization', () => {
  const caps = { ...FULL_OFFER, mail: EMPTY_SELECTION.mail };
  const organization = { ...HARBOR_REED, caps, suspendedAt: AT };
  expect(factsOf({ ...STORED, organization }).deployment).toEqual({ cloud: 'supported', caps, suspended: true });
});

describe('the cloud', () => {
  test.each([
    ['supported', 'supported'],
    ['unknown', 'supported'],
    ['unsupported', 'unsupported'],
  ] as const)('%s counts as %s', (value, cloud) => {
    const organization = { ...HARBOR_REED, cloud: { value, checkedAt: null } };

    expect(factsOf({ ...STORED, organization }).deployment.cloud).toBe(cloud);
  });
});

describe('who is meant', () => {
  const group = { kind: 'group', groupId: 'partners', name: 'Partners' } as const;

  test('by a group: those who are in it', () => {
    const organization = { ...HARBOR_REED, access: group, coverage: group };

    expect(factsOf({ ...STORED, organization, groups: ['partners'] })).toMatchObject({
      member: { allowed: true },
      coverage: 'covered',
    });
    expect(factsOf({ ...STORED, organization, groups: ['others'] })).toMatchObject({
      member: { allowed: false },
      coverage: 'notCovered',
    });
  });

  test('a guest and a disabled account are told as such', () => {
    const member = { ...MARA, isGuest: true, isDisabled: true };

    expect(factsOf({ ...STORED, member }).member).toEqual({ disabled: true, guest: true, allowed: true });
  });
});

test('pauses that are over are none', () => {
  const organization = { ...HARBOR_REED, pause: { until: '2026-11-29T08:00:00.000Z' } };
  const pauses = { mail: { until: '2026-11-29T08:00:00.000Z' }, tasks: { until: '2026-11-29T10:00:00.000Z' } };
  const facts = factsOf({ ...STORED, organization, member: { ...MARA, pauses } });

  expect(facts.organization.pause).toBeNull();
  expect(facts.preference.pauses).toEqual({ tasks: pauses.tasks });
});

describe('the grant, delegated', () => {
  const grantOf = (stored: Partial<StoredFacts>) => factsOf({ ...STORED, ...stored }).grant;

  test.each([
    [null, 'unknown'],
    [{ ...CONNECTED, status: 'removed' as const }, 'unknown'],
    [{ ...CONNECTED, status: 'lost' as const }, 'lost'],
    [CONNECTED, 'live'],
  ])('of a connection that is %j', (connection, state) => {
    expect(grantOf({ connection }).value.state).toBe(state);
  });

  test('of someone without a connection is nothing, and was never checked', () => {
    expect(grantOf({ connection: null })).toEqual({
      value: { state: 'unknown', scopes: [], revoked: [] },
      checkedAt: null,
    });
  });

  test("propagates while the member's own consent awaits verification, and no one else's", () => {
    const stateWith = (mode: 'individual' | 'organization', memberId: string) =>
      grantOf({ awaiting: [{ mode, memberId }] }).value.state;

    expect(stateWith('individual', 'mara')).toBe('propagating');
    expect(stateWith('individual', 'tom')).toBe('live');
    expect(stateWith('organization', 'mara')).toBe('live');
  });

  test('lacks what the tenant-wide grant has lost, in an older token too, unless it was consented to individually', () => {
    const organization = { ...HARBOR_REED, grant: { ...GRANT, missing: ['Mail.Read', 'Calendars.Read'] } };
    const connection = { ...CONNECTED, scopes: ['User.Read', 'Mail.Read', 'Calendars.Read'] };

    expect(grantOf({ organization, connection }).value).toEqual({
      state: 'live',
      scopes: ['User.Read', 'Mail.Read'],
      revoked: ['Calendars.Read'],
    });
  });

  test('names what was revoked of either kind once', () => {
    const organization = { ...HARBOR_REED, grant: { ...GRANT, missing: ['Calendars.Read'] } };
    const connection = { ...CONNECTED, revokedScopes: ['Calendars.Read', 'Tasks.Read'] };

    expect(grantOf({ organization, connection }).value.revoked).toEqual(['Calendars.Read', 'Tasks.Read']);
  });
});

describe('the grant of a service account', () => {
  const selection = { ...EMPTY_SELECTION, mail: READ, calendar: READ };
  const grantOf = (service: ServiceGrant | null) =>
    factsOf({ ...STORED, organization: { ...HARBOR_REED, mode: 'service', selection, service } }).grant;

  test('is named by the delegated permissions that mean the same, and lacks what was not reached', () => {
    expect(grantOf(SERVICE)).toEqual({
      value: { state: 'live', scopes: ['Mail.Read'], revoked: ['Calendars.Read'] },
      checkedAt: CHECKED.toISOString(),
    });
  });

  test('counts without a canary as well', () => {
    expect(grantOf({ ...SERVICE, state: 'unproven' }).value.scopes).toEqual(['Mail.Read']);
  });

  test('propagates while Exchange settles, with nothing to read by', () => {
    expect(grantOf({ ...SERVICE, state: 'settling' }).value).toEqual({ state: 'propagating', scopes: [], revoked: [] });
  });

  test('that failed has lost everything that was chosen', () => {
    expect(grantOf({ ...SERVICE, state: 'failed' }).value).toEqual({
      state: 'live',
      scopes: [],
      revoked: ['Mail.Read', 'Calendars.Read'],
    });
  });

  test('that no one gave is unknown', () => {
    expect(grantOf(null)).toEqual({ value: { state: 'unknown', scopes: [], revoked: [] }, checkedAt: null });
  });
});

test('a mailbox that no one has looked at, and what is being erased, are told as they are', () => {
  const facts = factsOf({ ...STORED, member: { ...MARA, mailbox: UNSEEN }, erasing: ['tasks'] });

  expect(facts.mailbox).toEqual(UNSEEN);
  expect(facts.erasing).toEqual(['tasks']);
});
