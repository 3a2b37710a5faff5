/** A person opens the page: who becomes known, who is connected, and what the answer says of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import type { CloudKind } from '../../src/domain/records.ts';
import { type ConsentStory, MAIL, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const CONNECTED = { kind: 'connected' };

const newStory = openStories();
let story: ConsentStory;

beforeEach(() => {
  story = newStory();
});

const organization = () => story.ports.store.organization(story.tenantId);

test('the first one makes the organization known, once', async () => {
  const before = await organization();
  await story.opensThePage(OWEN);
  await story.opensThePage(MARA);
  const onboarded = (await story.history()).filter(([, action]) => action === 'organization.onboarded');

  expect(before).toBeNull();
  expect(await organization()).toMatchObject({
    mode: 'individual',
    enabled: true,
    grant: null,
    cloud: { value: 'supported' },
  });
  expect(onboarded).toEqual([[OWEN, 'organization.onboarded', {}]]);
});

test('each becomes known with when it was, and nothing of theirs is on', async () => {
  await story.opensThePage(OWEN);
  await story.pass(10);
  await story.opensThePage(MARA);

  expect(await story.ports.store.member(story.tenantId, MARA)).toMatchObject({
    memberId: MARA,
    openedAt: story.now(),
    productRole: null,
    isGuest: false,
  });
  expect(await story.reason(MARA)).toBe('offByOwnChoice');
});

describe('the connection', () => {
  test('is made with a refresh token that only this installation can open', async () => {
    expect(await story.opensThePage(MARA)).toEqual(CONNECTED);
    expect(await story.ports.vault.read(story.tenantId, MARA)).toContain(MARA);
    const rows = await story.database.kysely
      .selectFrom('connections')
      .select('credential')
      .where('tenant_id', '=', story.tenantId)
      .execute();

    expect(rows.map((row) => Buffer.from(row.credential ?? []).toString('latin1')).join('')).not.toContain(MARA);
  });

  test('that was looked at a moment ago asks Entra for nothing', async () => {
    await story.opensThePage(MARA);
    story.microsoft.isDown = true;

    expect(await story.opensThePage(MARA)).toEqual(CONNECTED);
  });

  test('that was looked at longer ago is said to be out of reach while Entra is', async () => {
    await story.opensThePage(MARA);
    await story.pass(2);
    story.microsoft.isDown = true;

    expect(await story.opensThePage(MARA)).toEqual({ kind: 'unavailable' });
  });

  test('shows at once what was granted in the meantime to someone who waits for it', async () => {
    await story.begin(MARA);
    await story.turnsOn(MARA, MAIL);
    story.microsoft.takeBack(['Mail.Read']);
    await story.pass(51);
    await story.opensThePage(MARA);
    const without = await story.reason(MARA);
    story.microsoft.grantTo(MARA, ['Mail.Read']);
    await story.opensThePage(MARA);

    expect(without).toBe('consentRevoked');
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });

  test('of someone whose account is disabled is refused, by the reason that Entra gives', async () => {
    await story.begin(MARA);
    await story.pass(2);
    story.microsoft.disable(MARA);

    expect(await story.opensThePage(MARA)).toMatchObject({ kind: 'refused', refusal: 'accountDisabled' });
  });

  test('is not made for who may not connect, whom the page still knows', async () => {
    await story.begin(MARA);
    await story.changes({ access: { kind: 'people', memberIds: [OWEN] } });

    expect(await story.opensThePage(TOM)).toEqual({ kind: 'notConnected' });
    expect(await story.ports.store.member(story.tenantId, TOM)).not.toBeNull();
    expect(await story.ports.store.connection(story.tenantId, TOM)).toBeNull();
  });
});

describe('a refusal of Entra', () => {
  const isRefused = (number: number, claims: string | null = null) => {
    story.microsoft.entra.onBehalfOf = () =>
      Promise.resolve({ kind: 'refused', error: { error: 'invalid_grant', number }, claims });
  };

  test('for want of a consent that no one was asked for is none where people decide alone', async () => {
    isRefused(65001);

    expect(await story.opensThePage(MARA)).toEqual({ kind: 'notConnected' });
    expect(await story.ports.store.connection(story.tenantId, MARA)).toBeNull();
  });

  test('for want of a consent is one where Microsoft wants something shown, or an administrator decides', async () => {
    isRefused(65001, '{"claims":1}');
    const withClaims = await story.opensThePage(MARA);
    await story.ports.store.transact((writer) => writer.changeOrganization(story.tenantId, { mode: 'organization' }));
    isRefused(65001);

    expect(withClaims).toEqual({ kind: 'refused', refusal: 'notGranted', claims: '{"claims":1}' });
    expect(await story.opensThePage(MARA)).toEqual({ kind: 'refused', refusal: 'notGranted', claims: null });
  });

  test.each([
    [50105, 'notAssigned'],
    [53003, 'conditionalAccess'],
    [50013, 'signInAgain'],
  ] as const)('of AADSTS%d is said as %s, and the person is known all the same', async (number, refusal) => {
    isRefused(number);

    expect(await story.opensThePage(MARA)).toEqual({ kind: 'refused', refusal, claims: null });
    expect(await story.ports.store.member(story.tenantId, MARA)).toMatchObject({ openedAt: story.now() });
  });
});

describe('the cloud of an organization', () => {
  let asked: string[];

  function answers(...values: readonly CloudKind[]): void {
    asked = [];
    story.microsoft.entra.cloudOf = (tenantId) => {
      asked.push(tenantId);
      return Promise.resolve(values[asked.length - 1] ?? 'supported');
    };
  }

  test('that is served is asked for once, and kept as it was found', async () => {
    answers('supported');
    await story.opensThePage(OWEN);
    await story.opensThePage(MARA);

    expect(asked).toEqual([story.tenantId]);
    expect((await organization())?.cloud).toEqual({ value: 'supported', checkedAt: story.now().toISOString() });
  });

  test('that is not served is asked for again: the installation may serve another one since', async () => {
    answers('unsupported', 'unsupported', 'supported');
    await story.opensThePage(OWEN);
    await story.opensThePage(MARA);
    const before = (await organization())?.cloud.value;
    await story.opensThePage(MARA);
    await story.opensThePage(OWEN);

    expect(before).toBe('unsupported');
    expect(asked).toHaveLength(3);
    expect((await organization())?.cloud.value).toBe('supported');
  });
});

describe('who left, or may not connect', () => {
  const GROUP = { kind: 'group', groupId: '7c2a9e10-0002-4c3d-8e5f-100000000001', name: 'Consultants' } as const;

  function countTokens(): string[][] {
    const asked: string[][] = [];
    const { onBehalfOf } = story.microsoft.entra;
    story.microsoft.entra.onBehalfOf = (...request) => {
      asked.push([...request[2]]);
      return onBehalfOf(...request);
    };
    return asked;
  }

  test('is not connected, and no token is asked for', async () => {
    await story.begin(MARA);
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await story.changes({ access: { kind: 'people', memberIds: [OWEN] } });
    const asked = countTokens();

    expect(await story.opensThePage(MARA)).toEqual({ kind: 'notConnected' });
    expect(await story.opensThePage(TOM)).toEqual({ kind: 'notConnected' });
    expect(asked).toEqual([]);
  });

  test('is looked for in the group that decides, with a token that is not kept', async () => {
    await story.begin(MARA);
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await story.changes({ access: GROUP });
    story.microsoft.directory.ownGroups = () => Promise.resolve({ kind: 'ok', value: [GROUP.groupId] });
    const asked = countTokens();

    expect(await story.opensThePage(MARA)).toEqual({ kind: 'notConnected' });
    expect(asked).toEqual([['User.Read']]);
    expect(await story.ports.store.isPersonIn(story.tenantId, GROUP, MARA)).toBe(true);
    expect(await story.ports.vault.read(story.tenantId, MARA)).toBeNull();
  });

  test('is connected again where an administrator decides by now', async () => {
    await story.begin(MARA);
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await story.decides(MAIL);

    expect(await story.opensThePage(MARA)).toEqual(CONNECTED);
    expect(await story.reason(MARA)).toBe('onByAdministrator');
  });
});
