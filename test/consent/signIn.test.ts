/** A person opens the page: who becomes known, who is connected, and what the answer says of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
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
