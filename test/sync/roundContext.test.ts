import { describe, expect, test } from '@jest/globals';
import type { Mode } from '../../src/domain/mode.ts';
import type { GraphAccess, GraphAnswer, Subscription } from '../../src/sync/ports.ts';
import { mailboxOf, openRound, type RequestScope } from '../../src/sync/roundContext.ts';
import { aDesiredStream, aStream } from '../support/buildStream.ts';
import { ok } from '../support/graphPages.ts';
import { AT, HARBOR_REED, MARA } from '../support/storedRecords.ts';
import { aRoundState, after, CAREERS, factsWith, openSyncWorld, type SyncScript } from '../support/syncWorld.ts';

const MAIL: RequestScope = { category: 'mail', level: 'full', failures: 0 };
const SHARED: RequestScope = { ...MAIL, sharedMailbox: CAREERS.id };
const FILES: RequestScope = { ...MAIL, category: 'files' };
const ASIDE: RequestScope = { ...MAIL, isAside: true };
const NONE: GraphAnswer<never> = { kind: 'mailboxUnavailable' };

/** A round over Mara's mailbox and Careers; `reached` has the mailboxes that requests went to. */
function aRound({ state = {}, ...script }: SyncScript = {}) {
  const world = openSyncWorld({
    ...script,
    state: { mailboxes: [CAREERS], facts: factsWith({}, true), ...state },
  });
  const reached: string[] = [];
  const ask = <T>(scope: RequestScope, answer: GraphAnswer<T>) =>
    world.context.callGraph(scope, ({ mailbox }) => {
      reached.push(mailbox);
      return Promise.resolve(answer);
    });
  return { ...world, ask, reached };
}

describe('a request', () => {
  test('is made with the permissions of its level, into the mailbox that it is for', async () => {
    const accesses: GraphAccess[] = [];
    const { context, needed } = aRound();
    const ask = (scope: RequestScope) =>
      context.callGraph(scope, (access) => {
        accesses.push(access);
        return Promise.resolve(ok('an answer'));
      });

    expect([await ask({ ...MAIL, level: 'limited' }), await ask(SHARED), await ask(FILES)]).toEqual([
      ok('an answer'),
      ok('an answer'),
      ok('an answer'),
    ]);
    expect(needed).toEqual([
      ['Mail.ReadBasic', 'Mail.ReadBasic.Shared'],
      ['Mail.Read', 'Mail.Read.Shared'],
      ['Files.Read'],
    ]);
    expect(accesses).toEqual(
      ['me', 'users/careers%40harborreed.example', 'me'].map((mailbox) => ({
        accessToken: 'a token',
        mailbox,
        memberId: 'mara',
      })),
    );
  });

  test('needs nothing for what is shared where nothing shared is read', async () => {
    const { ask, needed } = aRound({ state: { facts: factsWith({}) } });
    await ask(MAIL, ok('an answer'));

    expect(needed).toEqual([['Mail.Read']]);
  });

  test('is not begun once the process is to stop, and the store is not asked then', async () => {
    const renewLease = () => Promise.reject(new Error('The store was asked'));
    const { ask, reached, needed } = aRound({ ports: { isStopping: () => true }, store: { renewLease } });

    expect(await ask(MAIL, ok('an answer'))).toEqual({ kind: 'stopped' });
    expect({ reached, needed }).toEqual({ reached: [], needed: [] });
  });

  test('is not begun once the lease or an epoch is not what it was', async () => {
    let isValid = true;
    const { ask, reached, needed } = aRound({ store: { renewLease: () => Promise.resolve(isValid) } });
    await ask(MAIL, ok('an answer'));
    isValid = false;

    expect(await ask(MAIL, ok('an answer'))).toEqual({ kind: 'stopped' });
    expect(reached).toEqual(['me']);
    expect(needed).toHaveLength(1);
  });

  test.each([
    ['lost', { kind: 'stopped' }],
    ['unavailable', { kind: 'failed', code: 'microsoftUnavailable' }],
  ] as const)('is not made without a token, which is %s', async (kind, answer) => {
    const { ask, reached, log } = aRound({ tokens: { get: () => Promise.resolve({ kind }) } });

    expect(await ask(MAIL, ok('an answer'))).toEqual(answer);
    expect({ reached, log }).toEqual({ reached: [], log: [] });
  });

  test('is not made into a shared mailbox that the member names no more', async () => {
    const { ask, reached } = aRound({ state: { mailboxes: [] } });

    expect(await ask(SHARED, ok('an answer'))).toEqual({ kind: 'stopped' });
    expect(reached).toEqual([]);
  });
});

describe('a silence that is asked for', () => {
  const silence = (retryAfterSeconds: number | null): GraphAnswer<never> => ({ kind: 'throttled', retryAfterSeconds });

  test("of the member's own mailbox is stored, and holds for those of others, until it is over", async () => {
    const { ask, reached, log, pass } = aRound();

    expect(await ask(MAIL, silence(30))).toEqual(silence(30));
    pass(20);
    expect([await ask(FILES, ok('own')), await ask(SHARED, ok('shared'))]).toEqual([silence(10), silence(10)]);
    expect(reached).toEqual(['me']);
    expect(new Set(log)).toEqual(new Set(['silence until 2026-11-29T09:00:30.000Z']));
    pass(10);
    expect([await ask(FILES, ok('own')), await ask(SHARED, ok('shared'))]).toEqual([ok('own'), ok('shared')]);
  });

  test("of a shared mailbox is its own, and is nothing that the member's mailbox waits for", async () => {
    const { ask, log, pass } = aRound();
    await ask(SHARED, silence(30));
    pass(29);

    expect([await ask(SHARED, ok('shared')), await ask(MAIL, ok('own'))]).toEqual([silence(1), ok('own')]);
    expect(log).toEqual([]);
    pass(1);
    expect(await ask(SHARED, ok('shared'))).toEqual(ok('shared'));
  });

  test.each([
    [0, '2026-11-29T09:00:02.000Z'],
    [3, '2026-11-29T09:00:16.000Z'],
  ])('without a time lasts longer the more often it failed before (%i)', async (failures, until) => {
    const { ask, log } = aRound();
    await ask({ ...MAIL, failures }, silence(null));

    expect(log).toEqual([`silence until ${until}`]);
  });

  test('is obeyed for an hour at most', async () => {
    const { ask, log } = aRound();
    await ask(MAIL, silence(7200));

    expect(log).toEqual(['silence until 2026-11-29T10:00:00.000Z']);
  });
});

describe('a token that is refused', () => {
  test.each([
    ['unauthorized', MAIL, 1],
    ['forbidden', MAIL, 1],
    ['forbidden', { ...MAIL, failures: 3 }, 1],
    ['unauthorized', { ...SHARED, failures: 1 }, 1],
    ['forbidden', SHARED, 1],
    ['forbidden', { ...SHARED, failures: 1 }, 0],
    ['notFound', MAIL, 0],
    ['mailboxUnavailable', SHARED, 0],
  ] as const)('with %s by %j is renewed, and the request is not made again', async (kind, scope, times) => {
    const { ask, reached, log } = aRound();

    expect(await ask(scope, { kind })).toEqual({ kind });
    expect(reached).toHaveLength(1);
    expect(log).toEqual(Array.from({ length: times }, () => 'renew the token'));
  });

  test.each<[Mode]>([['individual'], ['organization']])(
    'is renewed for the mailbox and the way of access: %s',
    async (mode) => {
      const facts = factsWith({ organization: { ...HARBOR_REED, mode } });
      const renewed: unknown[] = [];
      const renew = (mailbox: unknown) => Promise.resolve(renewed.push(mailbox));
      const { ask, state } = aRound({ state: { facts }, tokens: { renew } });
      await ask(MAIL, { kind: 'unauthorized' });

      expect(renewed).toEqual([{ tenantId: 'tenant', memberId: 'mara', mode }]);
      expect(mailboxOf(state)).toEqual(renewed[0]);
    },
  );
});

describe('a mailbox that is not there', () => {
  test('is stored, and not asked for again in the round; the drive is elsewhere, and so is what others share', async () => {
    const { ask, reached, log } = aRound();

    expect([await ask(MAIL, NONE), await ask(MAIL, ok('mail'))]).toEqual([NONE, NONE]);
    expect(reached).toEqual(['me']);
    expect(new Set(log)).toEqual(new Set(['mailbox is none']));
    expect([await ask(FILES, ok('files')), await ask(SHARED, ok('shared')), await ask(ASIDE, ok('aside'))]).toEqual([
      ok('files'),
      ok('shared'),
      ok('aside'),
    ]);
  });

  test.each([SHARED, FILES, ASIDE])("says nothing of the member's own where it was asked by %j", async (scope) => {
    const { ask, log } = aRound();

    expect([await ask(scope, NONE), await ask(MAIL, ok('mail'))]).toEqual([NONE, ok('mail')]);
    expect(log).toEqual([]);
  });

  test.each([
    ['unknown', MAIL, ['mailbox is cloud']],
    ['cloud', MAIL, []],
    ['unknown', SHARED, []],
    ['unknown', FILES, []],
    ['unknown', ASIDE, []],
  ] as const)('may be there: where it was %s, an answer to %j shows it', async (value, scope, lines) => {
    const facts = factsWith({ member: { ...MARA, mailbox: { value, checkedAt: null } } });
    const { ask, log } = aRound({ state: { facts } });
    await ask(scope, ok('an answer'));

    expect(log).toEqual(lines);
  });

  test('is not shown to be there by a refusal', async () => {
    const facts = factsWith({ member: { ...MARA, mailbox: { value: 'unknown', checkedAt: null } } });
    const { ask, log } = aRound({ state: { facts } });
    await ask(MAIL, { kind: 'notFound' });

    expect(log).toEqual([]);
  });
});

describe('a stream that has caught up', () => {
  const TOLD: Subscription = {
    category: 'mail',
    resource: 'messages',
    subscriptionId: 'told',
    expiresAt: AT,
    actAt: AT,
    failures: 0,
  };
  const own = aStream('mail', 'inbox', 'full', AT);
  const shared = { ...own, ...aDesiredStream('mail', 'inbox', 'full', CAREERS.id) };

  test.each([
    ['a minute, where Graph does not tell of it', own, [], 60],
    ['ten, where it does', own, [TOLD], 600],
    ['a minute, where Graph was asked to tell and has not agreed', own, [{ ...TOLD, subscriptionId: null }], 60],
    ['a minute, where Graph tells of another category', own, [{ ...TOLD, category: 'calendar' }], 60],
    ['five, in a shared mailbox', shared, [TOLD], 300],
  ] as const)('is read again after %s', (_after, stream, subscriptions, seconds) => {
    const nextAt = (chance: number) =>
      openSyncWorld({ state: { subscriptions }, ports: { random: () => chance } }).context.nextReadAt(stream);

    expect(nextAt(0.5)).toEqual(after(AT, seconds));
    expect(nextAt(0)).toEqual(after(AT, seconds * 0.9));
    expect(nextAt(1)).toEqual(after(AT, seconds * 1.1));
  });
});

test('the time of a round is over after half a minute, counted from its own beginning', () => {
  const { ports, pass } = openSyncWorld();
  pass(100);
  const round = openRound(ports, aRoundState());
  pass(30);
  const atTheEnd = round.isTimeBudgetSpent();
  pass(0.001);

  expect([atTheEnd, round.isTimeBudgetSpent()]).toEqual([false, true]);
});
