/** Tokens become a connection: what is kept of them, what they show to be gone, and what a refusal leaves alone. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { connectMember, recordGroupMembership, storeTokens, suspendAccess } from '../../src/consent/connectMember.ts';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import type { TokenAnswer } from '../../src/consent/ports.ts';
import type { Connection } from '../../src/domain/records.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const IDENTITY = ['openid', 'profile', 'offline_access', 'User.Read'];
const CONSULTANTS = '7c2a9e10-0002-4c3d-8e5f-100000000001';

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA);
  story.recorded();
});

const organization = () => story.ports.store.organization(story.tenantId);
const connect = (memberId = MARA) => connectMember(story.ports, story.as(memberId), memberId);

async function connectionOf(memberId = MARA): Promise<Connection> {
  const connection = await story.ports.store.connection(story.tenantId, memberId);
  return connection ?? Promise.reject(new Error('There is no connection'));
}

type Tokens = Extract<TokenAnswer, { kind: 'tokens' }>;

function tokens(scopes: readonly string[], refreshToken: string | null = 'a newer one'): Tokens {
  return { kind: 'tokens', accessToken: 'token', expiresAt: story.now(), refreshToken, scopes };
}

const store = (scopes: readonly string[], origin: 'personal' | 'shared' = 'shared', onlyFor: string | null = null) =>
  storeTokens(story.ports, story.tenantId, MARA, tokens(scopes), origin, onlyFor);

describe('a token that a host handed over', () => {
  test('makes a connection, in the history once', async () => {
    await story.database.kysely.deleteFrom('connections').where('tenant_id', '=', story.tenantId).execute();

    expect(await connect()).toEqual({ kind: 'connected' });
    expect(await connectionOf()).toEqual({
      tenantId: story.tenantId,
      memberId: MARA,
      connectionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'live',
      lostReason: null,
      epoch: 1,
      scopes: IDENTITY,
      scopesCheckedAt: story.now(),
      personalScopes: IDENTITY,
      revokedScopes: [],
      hasCredential: true,
      createdAt: story.now(),
    });
    expect(story.recorded()).toEqual([{ acts: [[MARA, 'connection.made', MARA, {}]], tell: [MARA], wake: [MARA] }]);
    await connect();
    expect(story.recorded()).toEqual([]);
  });

  test('that shows more than before keeps the connection, and wakes its mailbox', async () => {
    const { connectionId, epoch } = await connectionOf();
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    await connect();

    expect(await connectionOf()).toMatchObject({ connectionId, epoch, scopes: [...IDENTITY, 'Mail.Read'] });
    expect(story.recorded()).toEqual([{ acts: [], tell: [MARA], wake: [MARA] }]);
  });

  test('that shows less stops what is under way', async () => {
    await story.turnsOn(MARA, MAIL);
    const { epoch } = await connectionOf();
    story.recorded();
    story.microsoft.takeBack(['Mail.Read']);
    await connect();

    expect(await connectionOf()).toMatchObject({
      epoch: epoch + 1,
      scopes: IDENTITY,
      personalScopes: IDENTITY,
      revokedScopes: ['Mail.Read'],
    });
    expect(story.recorded()).toEqual([{ acts: [], tell: [MARA], wake: [MARA] }]);
  });

  test('asks for the name of the organization until there is one', async () => {
    const names = [null, 'Harbor Reed Partners', 'Another'];
    story.microsoft.directory.organizationName = () => Promise.resolve(names.shift() ?? null);
    await connect();
    const first = (await organization())?.name;
    await connect();
    await connect();

    expect(first).toBeNull();
    expect((await organization())?.name).toBe('Harbor Reed Partners');
    expect(names).toEqual(['Another']);
  });

  test.each([
    ['an unavailable Entra', { kind: 'unavailable' }, { kind: 'unavailable' }],
    [
      'a refusal',
      { kind: 'refused', error: { error: 'interaction_required', number: 50076 }, claims: '{"claims":1}' },
      { kind: 'refused', refusal: 'conditionalAccess', claims: '{"claims":1}' },
    ],
    [
      'a refusal of an application that is not admitted',
      { kind: 'refused', error: { error: 'invalid_grant', number: 7000112 }, claims: null },
      { kind: 'refused', refusal: 'appDisabled', claims: null },
    ],
  ] as const)('%s changes nothing that is stored', async (_what, answer, result) => {
    const before = await connectionOf();
    story.microsoft.entra.onBehalfOf = () => Promise.resolve(answer);

    expect(await connect()).toEqual(result);
    expect(await connectionOf()).toEqual(before);
    expect(story.recorded()).toEqual([]);
  });

  test('of a disabled account is remembered as such, until a token is given out again', async () => {
    const disabled = async () => (await story.ports.store.member(story.tenantId, MARA))?.isDisabled;
    const { epoch } = await connectionOf();
    const { onBehalfOf } = story.microsoft.entra;
    story.microsoft.disable(MARA);

    expect(await connect()).toEqual({ kind: 'refused', refusal: 'accountDisabled', claims: null });
    expect(await disabled()).toBe(true);
    expect((await connectionOf()).epoch).toBe(epoch + 1);
    expect(story.recorded()).toEqual([{ acts: [], tell: [MARA], wake: [] }]);
    story.microsoft.entra.onBehalfOf = (...request) => onBehalfOf(request[0], OWEN, request[2]);
    await connect();
    expect(await disabled()).toBe(false);
  });
});

describe('tokens that are stored', () => {
  test('seal the newest refresh token; where there is none, the one before stays', async () => {
    await store(IDENTITY);
    await storeTokens(story.ports, story.tenantId, MARA, tokens(IDENTITY, null), 'shared');

    expect(await story.ports.vault.read(story.tenantId, MARA)).toBe('a newer one');
  });

  test.each([
    ['personal', ['Mail.Read']],
    ['shared', []],
  ] as const)('of a %s origin are their own, where everyone has a grant: %j', async (origin, own) => {
    await story.decides(MAIL);
    await store([...IDENTITY, 'Mail.Read'], origin);

    expect((await connectionOf()).personalScopes.filter((scope) => !IDENTITY.includes(scope))).toEqual(own);
  });

  test('are their own where no administrator is at Microsoft, and may not be where one is', async () => {
    await store([...IDENTITY, 'Mail.Read']);
    const alone = (await connectionOf()).personalScopes;
    await story.opens(await story.asksForEveryone(OWEN, { selection: MAIL_AND_CALENDAR }));
    await store([...IDENTITY, 'Mail.Read', 'Calendars.Read']);

    expect(alone).toEqual([...IDENTITY, 'Mail.Read']);
    expect((await connectionOf()).personalScopes).toEqual(alone);
  });

  test('are not kept in service mode, but for what they show', async () => {
    await story.covers({ kind: 'people', memberIds: [MARA] });
    await story.decides(MAIL, 'service');
    await story.pass(5);
    await store([...IDENTITY, 'Mail.Read']);

    expect(await connectionOf()).toMatchObject({ hasCredential: false, scopes: [...IDENTITY, 'Mail.Read'] });
    expect(await story.ports.vault.read(story.tenantId, MARA)).toBeNull();
  });

  test('of a renewal do not bring back a connection that was ended, or replaced, meanwhile', async () => {
    const { connectionId } = await connectionOf();
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await store(IDENTITY, 'shared', connectionId);
    const ended = await connectionOf();
    await store(IDENTITY, 'personal');
    const replaced = await connectionOf();
    story.recorded();
    await store([...IDENTITY, 'Mail.Read'], 'shared', connectionId);

    expect(ended).toMatchObject({ status: 'removed', hasCredential: false });
    expect(replaced).toMatchObject({ status: 'live' });
    expect(replaced.connectionId).not.toBe(connectionId);
    expect(await connectionOf()).toEqual(replaced);
    expect(story.recorded()).toEqual([]);
  });

  test('by opening the page do not bring back who left, unless an administrator decides', async () => {
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await store(IDENTITY);
    const alone = await connectionOf();
    await story.decides(MAIL);
    await store(IDENTITY);

    expect(alone).toMatchObject({ status: 'removed' });
    expect(await connectionOf()).toMatchObject({ status: 'live' });
  });
});

describe('a token held against the grant for everyone', () => {
  beforeEach(async () => {
    await story.decides(MAIL_AND_CALENDAR);
    story.recorded();
  });

  const grant = async () => (await organization())?.grant;
  const ALL = [...IDENTITY, 'Mail.Read', 'Calendars.Read'];

  test('says nothing within two minutes of the proof: some token servers are slow', async () => {
    const before = await grant();
    await store([...IDENTITY, 'Mail.Read']);

    expect(await grant()).toEqual(before);
  });

  test('says what is gone once they are over, to the millisecond, and later what is back', async () => {
    await story.pass(1);
    story.recorded();
    const before = await organization();
    await store([...IDENTITY, 'Mail.Read']);
    const lost = await organization();
    const [lostChange] = story.recorded();
    await store(ALL);

    expect(lost).toMatchObject({
      epoch: (before?.epoch ?? 0) + 1,
      grant: { missing: ['Calendars.Read'], missingSince: story.now(), checkedAt: story.now() },
    });
    expect(lostChange).toEqual({
      acts: [[null, 'grant.lost', null, { scopes: ['Calendars.Read'] }]],
      tell: 'everyone',
      wake: 'everyone',
    });
    expect(await organization()).toMatchObject({
      epoch: (before?.epoch ?? 0) + 2,
      grant: { missing: [], missingSince: null },
    });
    expect(story.recorded()[0]).toEqual({
      acts: [[null, 'grant.found', null, { scopes: ['Calendars.Read'] }]],
      tell: 'everyone',
      wake: 'everyone',
    });
  });

  test('that says the same again is only noted', async () => {
    await story.pass(2);
    await store([...IDENTITY, 'Mail.Read']);
    const before = await organization();
    story.recorded();
    await store([...IDENTITY, 'Mail.Read']);

    expect(await organization()).toEqual(before);
    expect(story.recorded()).toEqual([]);
  });

  test('of who consented alone does not say that what was gone is back', async () => {
    await story.pass(2);
    await store([...IDENTITY, 'Mail.Read']);
    await store(ALL, 'personal');

    expect(await grant()).toMatchObject({ missing: ['Calendars.Read'] });
  });

  test.each([
    ['of who had consented to nothing proves a grant that was not proven', 'shared', 'verified'],
    ['of who consented alone does not', 'personal', 'unproven'],
  ] as const)('%s', async (_what, origin, state) => {
    await story.database.kysely
      .updateTable('organizations')
      .set({ grant_state: 'unproven', grant_proven_at: null })
      .where('tenant_id', '=', story.tenantId)
      .execute();
    await store(ALL, origin);

    expect(await grant()).toMatchObject({ state, provenAt: state === 'verified' ? story.now() : null, missing: [] });
  });

  test('cannot say that something is gone of a grant that was never proven', async () => {
    await story.pass(2);
    await story.database.kysely
      .updateTable('organizations')
      .set({ grant_state: 'unproven' })
      .where('tenant_id', '=', story.tenantId)
      .execute();
    await store(IDENTITY);

    expect(await grant()).toMatchObject({ state: 'unproven', missing: [] });
  });
});

describe('the group that decides who may connect', () => {
  beforeEach(async () => {
    await story.changes({ access: { kind: 'group', groupId: CONSULTANTS, name: 'Consultants' } });
    story.recorded();
  });

  const record = (groups: readonly string[] | 'refused' | 'unavailable') => {
    story.microsoft.directory.ownGroups = () =>
      Promise.resolve(typeof groups === 'string' ? { kind: groups } : { kind: 'ok', value: groups });
    return recordGroupMembership(story.ports, { tenantId: story.tenantId, memberId: MARA }, 'token');
  };
  const mayConnect = async () =>
    story.ports.store.isPersonIn(story.tenantId, { kind: 'group', groupId: CONSULTANTS, name: 'Consultants' }, MARA);

  test('is learned from their own token, and news stops or starts their sync', async () => {
    const { epoch } = await connectionOf();
    await record(['another group', CONSULTANTS]);
    const isIn = await mayConnect();
    const joined = story.recorded();
    await record(['another group']);

    expect([isIn, await mayConnect()]).toEqual([true, false]);
    expect((await connectionOf()).epoch).toBe(epoch + 2);
    expect(joined).toEqual([{ acts: [], tell: [MARA], wake: [MARA] }]);
    expect(story.recorded()).toEqual(joined);
  });

  test('that says the same again is no news', async () => {
    await record([CONSULTANTS]);
    story.recorded();
    const { epoch } = await connectionOf();
    await record([CONSULTANTS]);

    expect((await connectionOf()).epoch).toBe(epoch);
    expect(story.recorded()).toEqual([]);
  });

  test.each(['refused', 'unavailable'] as const)('stays as it was where the directory is %s', async (answer) => {
    await record([CONSULTANTS]);
    await record(answer);

    expect(await mayConnect()).toBe(true);
  });

  test('is not asked for where no group decides', async () => {
    await story.changes({ access: { kind: 'everyone' } });
    const asked: string[] = [];
    story.microsoft.directory.ownGroups = (token) => {
      asked.push(token);
      return Promise.resolve({ kind: 'refused' });
    };
    await recordGroupMembership(story.ports, { tenantId: story.tenantId, memberId: MARA }, 'token');

    expect(asked).toEqual([]);
  });
});

describe('access that an administrator suspends at Entra', () => {
  test('stops at once, keeps the refresh token, and is there again with the next token', async () => {
    await story.turnsOn(MARA, MAIL);
    const { connectionId, epoch } = await connectionOf();
    story.recorded();
    await suspendAccess(story.ports, story.tenantId, MARA, connectionId, 'notAssigned');

    expect(await connectionOf()).toMatchObject({
      status: 'live',
      epoch: epoch + 1,
      scopes: [],
      personalScopes: [...IDENTITY, 'Mail.Read'],
      revokedScopes: [...IDENTITY, 'Mail.Read'],
      hasCredential: true,
    });
    expect(story.recorded()).toEqual([{ acts: [], tell: [MARA], wake: [MARA] }]);
    await suspendAccess(story.ports, story.tenantId, MARA, connectionId, 'notAssigned');
    expect(story.recorded()).toEqual([]);
    await connect();
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });

  test.each([
    ['notAssigned', []],
    ['appDisabled', ['Mail.Read']],
    ['notAdmitted', ['Mail.Read']],
  ] as const)('by %s leaves of the grant for everyone %j missing', async (refusal, missing) => {
    await story.decides(MAIL);
    await story.pass(3);
    const { connectionId } = await connectionOf();
    await suspendAccess(story.ports, story.tenantId, MARA, connectionId, refusal);

    expect((await organization())?.grant?.missing).toEqual(missing);
  });

  test('is not that of a newer connection, of one that is lost, or of no one', async () => {
    const { connectionId } = await connectionOf();
    await suspendAccess(story.ports, story.tenantId, MARA, '7c2a9e10-0004-4c3d-8e5f-100000000001', 'notAssigned');
    await suspendAccess(story.ports, story.tenantId, TOM, connectionId, 'notAssigned');
    const other = (await connectionOf()).scopes;
    await story.ports.store.transact((writer) => writer.loseConnection(story.tenantId, MARA, 'signInAgain'));
    await suspendAccess(story.ports, story.tenantId, MARA, connectionId, 'notAssigned');

    expect(other).toEqual(IDENTITY);
    expect(await connectionOf()).toMatchObject({ status: 'lost', scopes: IDENTITY });
    expect(story.recorded()).toEqual([]);
  });
});
