/** What Microsoft says was granted is proven: by whose token, how often it is tried, and how long. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AccessTokenProvider } from '../../src/consent/accessTokens.ts';
import { hashOf } from '../../src/consent/secrets.ts';
import { VerificationFailedError, verifyConsents } from '../../src/consent/verifyConsents.ts';
import type { ConsentRequest } from '../../src/domain/records.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ConsentStory, MAIL, MARA, OWEN, READ, TOM, openStories } from '../support/consentStory.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const newStory = openStories();
let story: ConsentStory;
let elapsed: number;

beforeEach(async () => {
  story = newStory();
  // The worker looks at every organization, and those of other tests are over.
  await story.database.kysely.deleteFrom('consents').execute();
  await story.begin(MARA, TOM);
  elapsed = 0;
  story.recorded();
});

/** The worker looks, so long after the story's time, with tokens that it has not kept. */
function look(milliseconds = elapsed): Promise<number> {
  elapsed = milliseconds;
  const now = () => new Date(story.now().getTime() + milliseconds);
  const ports = { ...story.ports, now };
  return verifyConsents(ports, new AccessTokenProvider(ports));
}

const consentOf = (id: string) => story.ports.store.consent(story.tenantId, hashOf(id));
const organization = () => story.ports.store.organization(story.tenantId);

async function attemptAt(id: string): Promise<number | undefined> {
  const row = await story.database.kysely
    .selectFrom('consents')
    .select('attempt_at')
    .where('consent_hash', '=', hashOf(id))
    .executeTakeFirst();
  return row?.attempt_at === null ? undefined : (row?.attempt_at.getTime() ?? 0) - story.now().getTime();
}

/** Someone accepted for everyone at Microsoft, whose token servers are slow. */
async function accepted(request: Partial<ConsentRequest> = {}, by = OWEN): Promise<string> {
  story.microsoft.lags = true;
  const id = await story.asksForEveryone(OWEN, { selection: MAIL, ...request });
  await story.accepts(id, by);
  story.recorded();
  return id;
}

async function acceptedForOneself(): Promise<string> {
  story.microsoft.lags = true;
  const begun = await story.changesSync(MARA, { selection: { mail: READ } });
  const id = begun.kind === 'consentRequired' ? begun.consent.id : begun.kind;
  await story.accepts(id, MARA);
  story.recorded();
  return id;
}

describe('an attempt', () => {
  test('that shows nothing yet leaves everything as it is', async () => {
    const id = await acceptedForOneself();

    expect(await look()).toBe(1);
    expect(await consentOf(id)).toMatchObject({ step: 'proving', state: 'propagating', reason: null });
    expect((await story.ports.store.member(story.tenantId, MARA))?.preference).toEqual(EMPTY_SELECTION);
    expect(story.recorded()).toEqual([]);
  });

  test('is repeated after ever longer times, a quarter of a minute at most', async () => {
    const id = await acceptedForOneself();
    const due: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await look((await attemptAt(id)) ?? 0);
      due.push((await attemptAt(id)) ?? 0);
    }
    const between = due.map((at, index) => (at - (due[index - 1] ?? 0)) / SECOND);

    // The three steps to Microsoft and back count as attempts.
    expect(between).toEqual([8, 15, 15, 15, 15, 15]);
  });

  test('is not made before its time', async () => {
    const id = await acceptedForOneself();
    await look();
    const due = (await attemptAt(id)) ?? 0;

    expect(await look(due - 1)).toBe(0);
    expect(await look(due)).toBe(1);
  });

  test('that finds it ends it, and applies what was asked for', async () => {
    const id = await acceptedForOneself();
    story.microsoft.spread();
    await look();

    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(await look(MINUTE)).toBe(0);
  });

  test('is made by one of two workers at once as far as anyone can see', async () => {
    const id = await acceptedForOneself();
    story.microsoft.spread();
    await Promise.all([look(), look()]);
    const acts = (await story.history()).map(([, action]) => action);

    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect(acts.filter((action) => action === 'consent.verified')).toHaveLength(1);
    expect(acts.filter((action) => action === 'sync.changed')).toHaveLength(1);
  });

  test('that fails for a reason of ours is said, is repeated later, and holds up no other', async () => {
    const broken = await acceptedForOneself();
    const whole = await accepted();
    story.microsoft.spread();
    const { refresh } = story.microsoft.entra;
    story.microsoft.entra.refresh = (...request) =>
      request[1].startsWith(MARA) ? Promise.reject(new Error('The network card is on fire')) : refresh(...request);
    const failed = await look().catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(VerificationFailedError);
    expect(failed).toMatchObject({ code: 'verification_failed', cause: new Error('The network card is on fire') });
    expect(await story.consent(whole)).toEqual({ state: 'verified', reason: null });
    expect(await story.consent(broken)).toEqual({ state: 'propagating', reason: null });
    expect(await attemptAt(broken)).toBeGreaterThan(0);
  });
});

describe('after twenty minutes', () => {
  test.each([
    ['of someone who may grant is not granted', OWEN, 'notGranted'],
    ['of someone who may not was none', MARA, 'notAdministrator'],
  ])('what was said for everyone %s', async (_what, by, reason) => {
    const id = await accepted({}, by);
    await look(20 * MINUTE);
    const inTime = await story.consent(id);
    await look(20 * MINUTE + 16 * SECOND);

    expect(inTime).toEqual({ state: 'propagating', reason: null });
    expect(await story.consent(id)).toEqual({ state: 'refused', reason });
    expect(await organization()).toMatchObject({ mode: 'individual', grant: null });
    expect(story.recorded()).toEqual([
      { acts: [[OWEN, 'consent.refused', hashOf(id), { mode: 'organization', reason }]], tell: 'everyone', wake: [] },
    ]);
  });

  test('what shows in the last attempt is still granted', async () => {
    const id = await accepted();
    story.microsoft.spread();
    await look(21 * MINUTE);

    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect((await organization())?.mode).toBe('organization');
  });
});

describe('whose token proves it', () => {
  test("for everyone, the asker's own, where a qualified person accepted", async () => {
    await accepted();
    story.microsoft.spread();
    await look();

    expect((await organization())?.grant).toMatchObject({ state: 'verified', grantedBy: OWEN });
  });

  test('of who had consented alone does not prove it, but decides', async () => {
    await story.turnsOn(OWEN, MAIL);
    const id = await accepted();
    story.microsoft.spread();
    await look();

    expect(await story.consent(id)).toEqual({ state: 'grantedUnproven', reason: null });
    expect(await organization()).toMatchObject({ mode: 'organization', grant: { state: 'unproven', provenAt: null } });
  });

  test('without a directory role only that of a third person who had consented to nothing of it', async () => {
    await story.turnsOn(TOM, MAIL);
    const id = await accepted({}, MARA);
    story.microsoft.spread();
    await look();
    const before = await story.consent(id);
    await story.database.kysely
      .updateTable('connections')
      .set({ personal_scopes: [] })
      .where('tenant_id', '=', story.tenantId)
      .where('member_id', '=', TOM)
      .execute();
    await look(MINUTE);

    expect(before).toEqual({ state: 'propagating', reason: null });
    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
  });

  test('of a colleague proves nothing that someone asked for alone', async () => {
    const id = await acceptedForOneself();
    story.microsoft.takeBack(['Mail.Read']);
    story.microsoft.grantTo(TOM, ['Mail.Read']);
    story.microsoft.spread();
    await look();

    expect(await story.consent(id)).toEqual({ state: 'propagating', reason: null });
  });
});

describe('a grant that was taken back', () => {
  beforeEach(async () => {
    await story.decides(MAIL);
    await story.pass(3);
    story.recorded();
  });

  test('is proven by a token without it, and is not while a token still carries it', async () => {
    const id = await accepted({ purpose: 'removeGrant', selection: EMPTY_SELECTION });
    await look();
    const early = await story.consent(id);
    story.microsoft.spread();
    await look(MINUTE);

    expect(early).toEqual({ state: 'propagating', reason: null });
    expect(await story.consent(id)).toEqual({ state: 'verified', reason: null });
    expect(story.recorded()).toContainEqual({ acts: [], tell: 'everyone', wake: [] });
  });

  test('is left unproven where no one is connected who could show it', async () => {
    const id = await accepted({ purpose: 'removeGrant', selection: EMPTY_SELECTION });
    await story.database.kysely.deleteFrom('connections').where('tenant_id', '=', story.tenantId).execute();
    await look();

    expect(await story.consent(id)).toEqual({ state: 'grantedUnproven', reason: null });
  });

  test('is not proven while Microsoft does not answer', async () => {
    const id = await accepted({ purpose: 'removeGrant', selection: EMPTY_SELECTION });
    story.microsoft.spread();
    story.microsoft.isDown = true;
    await look();

    expect(await story.consent(id)).toEqual({ state: 'propagating', reason: null });
  });
});

describe('a grant to the application', () => {
  const SETTLING = { state: 'settling', reason: null };

  beforeEach(async () => {
    await story.covers({ kind: 'people', memberIds: [MARA] });
  });

  test('is shown as settling while Exchange refuses, and is in use by no one', async () => {
    const id = await accepted({ mode: 'service' });
    await look();

    expect(await story.consent(id)).toEqual(SETTLING);
    expect(await organization()).toMatchObject({ mode: 'individual', service: { state: 'settling', reached: [] } });
    expect(story.recorded()).toEqual([{ acts: [], tell: 'everyone', wake: [] }]);
  });

  test('is tried every minute at the latest', async () => {
    const id = await accepted({ mode: 'service' });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await look((await attemptAt(id)) ?? 0);
      waits.push(((await attemptAt(id)) ?? 0) - elapsed);
    }

    expect(waits).toEqual([16, 32, 60, 60, 60, 60].map((seconds) => seconds * SECOND));
  });

  test.each([
    ['nothing is reached', false, 'nothingReached', 'failed'],
    ['Microsoft gives no answer', true, 'microsoftUnavailable', null],
  ] as const)('ends after two hours and ten minutes where %s', async (_what, isDown, reason, state) => {
    const id = await accepted({ mode: 'service' });
    story.microsoft.isDown = isDown;
    await look(130 * MINUTE);
    const inTime = await story.consent(id);
    await look(132 * MINUTE);

    expect(inTime).toEqual(SETTLING);
    expect(await story.consent(id)).toEqual({ state: 'refused', reason });
    expect((await organization())?.service?.state ?? null).toBe(state);
    expect((await organization())?.mode).toBe('individual');
  });

  test('that reaches the canary as well is too wide', async () => {
    await story.covers({ kind: 'people', memberIds: [MARA] }, TOM);
    const id = await accepted({ mode: 'service' });
    story.microsoft.spread();
    await look(132 * MINUTE);

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'tooWide' });
    expect(await organization()).toMatchObject({ mode: 'individual', service: { state: 'failed', canary: 'reached' } });
  });

  test('that was decided on other settings is overtaken, and no mailbox is tried', async () => {
    const id = await accepted({ mode: 'service' });
    await story.changes({ enabled: true });
    const tried: unknown[] = [];
    story.microsoft.directory.probe = (...question) => {
      tried.push(question);
      return Promise.resolve('reached');
    };
    await look();

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'superseded' });
    expect(tried).toEqual([]);
  });

  test('that is in use is not overwritten by one that settles', async () => {
    story.microsoft.lags = false;
    await story.decides(MAIL, 'service');
    await story.pass(5);
    const before = (await organization())?.service;
    await accepted({ mode: 'service' });
    story.microsoft.takeBack(['Mail.Read']);
    story.microsoft.spread();
    await look();

    expect(before).toMatchObject({ state: 'unproven', reached: ['mail'] });
    expect((await organization())?.service).toEqual(before);
  });
});
