/** Access tokens for background work: when Entra is asked, what a refusal ends, and what it only holds up. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AccessTokenProvider } from '../../src/consent/accessTokens.ts';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import type { TokenAnswer } from '../../src/consent/ports.ts';
import type { EntraError, Refusal } from '../../src/domain/refusals.ts';
import { type ConsentStory, MAIL, MARA, OWEN, openStories } from '../support/consentStory.ts';

const IDENTITY = ['openid', 'profile', 'offline_access', 'User.Read'];
const MAIL_TOKEN = { kind: 'token', accessToken: MARA, scopes: [...IDENTITY, 'Mail.Read'] };
const SECOND = 1000;

const newStory = openStories();
let story: ConsentStory;
let tokens: AccessTokenProvider;
let asked: (readonly unknown[])[];
let elapsed: number;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA);
  await story.turnsOn(MARA, MAIL);
  story.recorded();
  asked = [];
  elapsed = 0;
  const { entra } = story.microsoft;
  const { refresh } = entra;
  entra.refresh = (...request) => {
    asked.push(request);
    return refresh(...request);
  };
  tokens = new AccessTokenProvider({ ...story.ports, now: () => new Date(story.now().getTime() + elapsed) });
});

const get = (...needed: readonly string[]) => tokens.get(story.tenantId, MARA, needed);
const renew = () => tokens.renew(story.tenantId, MARA);
const connection = () => story.ports.store.connection(story.tenantId, MARA);

/** Entra answers the next request so, having done something meanwhile. */
function answers(answer: TokenAnswer | null, meanwhile: () => Promise<unknown> = () => Promise.resolve()): void {
  const { refresh } = story.microsoft.entra;
  story.microsoft.entra.refresh = async (...request) => {
    story.microsoft.entra.refresh = refresh;
    const usual = await refresh(...request);
    await meanwhile();
    return answer ?? usual;
  };
}

const refusedWith = (error: EntraError): TokenAnswer => ({ kind: 'refused', error, claims: null });

describe('a token', () => {
  test('is asked for with the refresh token and the identity scopes, and kept for the next time', async () => {
    expect(await get('Mail.Read')).toEqual(MAIL_TOKEN);
    expect(await get('Mail.Read')).toEqual(MAIL_TOKEN);
    expect(asked).toEqual([[story.tenantId, `${MARA}/1`, IDENTITY]]);
  });

  test('that lacks what is needed now is not used, and what is needed may be there by now', async () => {
    await get('Mail.Read');
    story.microsoft.grantTo(MARA, ['Calendars.Read']);

    expect(await get('Mail.Read', 'Calendars.Read')).toEqual({
      ...MAIL_TOKEN,
      scopes: [...IDENTITY, 'Mail.Read', 'Calendars.Read'],
    });
    expect(asked).toHaveLength(2);
  });

  test('without what is needed is handed out as it is, by its scopes', async () => {
    expect(await get('Calendars.Read')).toEqual(MAIL_TOKEN);
  });

  test('is used until two minutes before it expires', async () => {
    await get();
    elapsed = 58 * 60 * SECOND - 1;
    await get();
    const before = asked.length;
    elapsed += 1;
    await get();

    expect([before, asked.length]).toEqual([1, 2]);
  });

  test('of an earlier connection is not used for the one that took its place', async () => {
    await get();
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await story.turnsOn(MARA, MAIL);
    await get();

    expect(asked).toHaveLength(2);
  });

  test('is not had for a connection that has ended, or never was', async () => {
    await get();
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    story.recorded();

    expect(await get()).toEqual({ kind: 'lost' });
    expect(await tokens.get(story.tenantId, '7c2a9e10-0001-4c3d-8e5f-100000000009', [])).toEqual({ kind: 'lost' });
    expect(asked).toHaveLength(1);
    expect(story.recorded()).toEqual([]);
  });

  test('that several ask for at once is asked for once, and again the next time', async () => {
    const all = await Promise.all([renew(), renew(), renew()]);
    await renew();

    expect(all).toEqual([MAIL_TOKEN, MAIL_TOKEN, MAIL_TOKEN]);
    expect(asked).toHaveLength(2);
  });

  test('of one member is never that of another', async () => {
    const both = await Promise.all([renew(), tokens.renew(story.tenantId, OWEN)]);

    expect(both).toMatchObject([{ accessToken: MARA }, { accessToken: OWEN }]);
  });

  test('that fails for a reason of ours is asked for again', async () => {
    const { refresh } = story.microsoft.entra;
    story.microsoft.entra.refresh = () => Promise.reject(new Error('The network card is on fire'));
    await expect(renew()).rejects.toThrow('on fire');
    story.microsoft.entra.refresh = refresh;

    expect(await renew()).toEqual(MAIL_TOKEN);
  });

  test('replaces the refresh token by the one that came with it', async () => {
    answers({ kind: 'tokens', accessToken: 'new', expiresAt: story.now(), refreshToken: 'rotated', scopes: IDENTITY });
    await renew();

    expect(await story.ports.vault.read(story.tenantId, MARA)).toBe('rotated');
  });
});

describe('a refusal', () => {
  test.each<[EntraError, Refusal]>([
    [{ error: 'invalid_grant', number: 50173 }, 'signInAgain'],
    [{ error: 'invalid_grant', number: 50057 }, 'accountDisabled'],
    [{ error: 'invalid_grant', number: 65001 }, 'notGranted'],
    [{ error: 'interaction_required', number: 53003 }, 'conditionalAccess'],
    [{ error: 'consent_required' }, 'administratorRequired'],
  ])('of %j ends the connection, and is not tried again', async (error, reason) => {
    answers(refusedWith(error));

    expect(await renew()).toEqual({ kind: 'lost' });
    expect(await connection()).toMatchObject({ status: 'lost', lostReason: reason });
    expect(story.recorded()).toEqual([{ acts: [[null, 'connection.lost', MARA, { reason }]], tell: [MARA], wake: [] }]);
    expect(await get()).toEqual({ kind: 'lost' });
    expect(asked).toHaveLength(1);
  });

  test.each<TokenAnswer>([
    { kind: 'unavailable' },
    refusedWith({ error: 'invalid_client', number: 7000215 }),
    refusedWith({ error: 'temporarily_unavailable' }),
    refusedWith({ error: 'something_new' }),
  ])('of %j costs the member nothing', async (answer) => {
    const before = await connection();
    answers(answer);

    expect(await renew()).toEqual({ kind: 'unavailable' });
    expect(await connection()).toEqual(before);
    expect(story.recorded()).toEqual([]);
    expect(await renew()).toEqual(MAIL_TOKEN);
  });

  test.each<[EntraError]>([
    [{ error: 'invalid_grant', number: 50105 }],
    [{ error: 'unauthorized_client', number: 700016 }],
    [{ error: 'invalid_grant', number: 7000112 }],
  ])('of %j suspends access, and the same refresh token brings it back', async (error) => {
    await get();
    answers(refusedWith(error));

    expect(await renew()).toEqual({ kind: 'unavailable' });
    expect(await connection()).toMatchObject({ status: 'live', scopes: [], hasCredential: true });
    expect(await get()).toEqual(MAIL_TOKEN);
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
  });

  test.each([
    ['a refusal', refusedWith({ error: 'invalid_grant', number: 50173 })],
    ['a suspension', refusedWith({ error: 'invalid_grant', number: 50105 })],
  ])(
    'that comes after a sign-in, being %s of an older token, does not touch the newer connection',
    async (_what, answer) => {
      answers(answer, async () => {
        await disconnectMember(story.ports, story.as(MARA), 'keep');
        await story.pass(1);
        await story.turnsOn(MARA, MAIL);
        story.recorded();
      });
      await renew();

      expect(await connection()).toMatchObject({ status: 'live', scopes: [...IDENTITY, 'Mail.Read'] });
      expect(story.recorded()).toEqual([]);
    },
  );
});

describe('a connection without a refresh token that opens', () => {
  test('is lost, and Entra is not asked', async () => {
    await story.ports.vault.destroy(story.tenantId, MARA);

    expect(await renew()).toEqual({ kind: 'lost' });
    expect(asked).toEqual([]);
    expect(await connection()).toMatchObject({ status: 'lost', lostReason: 'signInAgain' });
    expect(story.recorded()).toEqual([
      { acts: [[null, 'connection.lost', MARA, { reason: 'signInAgain' }]], tell: [MARA], wake: [] },
    ]);
  });

  test('of someone who was never connected is no loss to record', async () => {
    expect(await tokens.renew(story.tenantId, '7c2a9e10-0001-4c3d-8e5f-100000000009')).toEqual({ kind: 'lost' });
    expect(story.recorded()).toEqual([]);
  });
});

describe('a member who leaves while Entra answers', () => {
  test('stays gone, and the token is not handed out', async () => {
    answers(null, () => disconnectMember(story.ports, story.as(MARA), 'keep'));

    expect(await renew()).toEqual({ kind: 'lost' });
    expect(await connection()).toMatchObject({ status: 'removed', hasCredential: false });
  });

  test('and connects again is not given the token of the former connection', async () => {
    const late: TokenAnswer = {
      kind: 'tokens',
      accessToken: 'late',
      expiresAt: new Date(story.now().getTime() + 3600 * SECOND),
      refreshToken: 'late',
      scopes: IDENTITY,
    };
    answers(late, async () => {
      await disconnectMember(story.ports, story.as(MARA), 'keep');
      await story.turnsOn(MARA, MAIL);
    });
    await renew();

    expect(await story.ports.vault.read(story.tenantId, MARA)).toBe(`${MARA}/1`);
    expect(await get()).toEqual(MAIL_TOKEN);
    expect(asked).toHaveLength(2);
  });
});

describe('a page that is open', () => {
  const seen = () => tokens.refreshSeen(story.tenantId, MARA);

  test('asks Entra again once what is known is older than five seconds', async () => {
    elapsed = 5 * SECOND;
    await seen();
    const before = asked.length;
    elapsed += 1;
    await seen();

    expect([before, asked.length]).toEqual([0, 1]);
  });

  test('shows what was taken back since', async () => {
    story.microsoft.takeBack(['Mail.Read']);
    elapsed = 6 * SECOND;
    await seen();

    expect(await story.reason(MARA)).toBe('consentRevoked');
  });

  test.each([
    [
      'a lost connection',
      () => story.ports.store.transact((writer) => writer.loseConnection(story.tenantId, MARA, 'x')),
    ],
    ['a connection that ended', () => disconnectMember(story.ports, story.as(MARA), 'keep')],
    [
      'a connection of service mode',
      () => story.ports.store.transact((writer) => writer.dropCredentials(story.tenantId)),
    ],
  ])('of someone with %s asks nothing, and loses nothing', async (_what, happens) => {
    await happens();
    story.recorded();
    elapsed = 60 * SECOND;
    await seen();

    expect(asked).toEqual([]);
    expect(story.recorded()).toEqual([]);
  });

  test('of a stranger asks nothing', async () => {
    await tokens.refreshSeen(story.tenantId, '7c2a9e10-0001-4c3d-8e5f-100000000009');

    expect([asked, story.recorded()]).toEqual([[], []]);
  });
});
