import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { CreatedSubscription, GraphAnswer, Subscription } from '../../src/sync/ports.ts';
import { reconcileSubscriptions } from '../../src/sync/reconcileSubscriptions.ts';
import { aDesiredStream } from '../support/buildStream.ts';
import { ok } from '../support/graphPages.ts';
import { inTurn } from '../support/recordedGraph.ts';
import { AT, MARA } from '../support/storedRecords.ts';
import { after, factsWith, openSyncWorld, type SyncScript } from '../support/syncWorld.ts';

const HOUR_SECONDS = 3_600;
/** What is asked for: six days; where that is refused, 2.9. */
const LONG = '2026-12-05T09:00:00.000Z';
const SHORT = '2026-12-02T06:36:00.000Z';
/** What Graph gives of it. */
const GIVEN = new Date(LONG);
const HASH = createHash('sha256').update('a secret').digest('hex').slice(0, 8);

const INBOX = aDesiredStream('mail', 'inbox');
const TOLD: Subscription = {
  category: 'mail',
  resource: 'messages',
  subscriptionId: 'told',
  expiresAt: GIVEN,
  actAt: AT,
  failures: 1,
};
const NEVER_MADE: Subscription = { ...TOLD, subscriptionId: null, expiresAt: null };

type Answer = GraphAnswer<CreatedSubscription>;
const answers = (...each: readonly Answer[]) => inTurn(...each);
const given = (id: string, expiresAt = GIVEN) => ok({ id, expiresAt });

/** What is done for mail, of which `subscription` is known. */
async function reconcile(subscription: Subscription | null, script: SyncScript = {}, streams = [INBOX]) {
  const subscriptions = subscription === null ? [] : [subscription];
  const world = openSyncWorld({ ...script, state: { ...script.state, subscriptions } });
  const made = await reconcileSubscriptions(world.context, streams);
  return { made, log: world.log, changes: world.subscriptions };
}

/** At half of its life, at most after twelve hours, and then a tenth earlier, as chance has it. */
const LOOKED_AT = after(AT, 12 * HOUR_SECONDS * 0.9);
const KEPT = { subscriptionId: 'new', expiresAt: GIVEN, actAt: LOOKED_AT, failures: 0, error: null };

describe('a subscription that is not there', () => {
  test('is written down before Graph is asked for it, and its category is read again', async () => {
    expect(await reconcile(null, { graph: { createSubscription: answers(given('new')) } })).toEqual({
      made: ['mail'],
      log: [
        `prepare messages with ${HASH}`,
        `subscribe to messages with a secret until ${LONG}`,
        'change messages, which was none',
      ],
      changes: [KEPT],
    });
  });

  test('is asked for once for all streams of a category, and not where nothing tells of it', async () => {
    const streams = [
      INBOX,
      aDesiredStream('mail', 'archive'),
      aDesiredStream('mail', 'inbox', 'full', 'one'),
      aDesiredStream('calendar', 'work', 'limited'),
      aDesiredStream('contacts', 'default'),
      aDesiredStream('tasks', 'list'),
      aDesiredStream('files', 'root'),
    ];
    const { made, log } = await reconcile(
      null,
      { graph: { createSubscription: answers(given('mail'), given('contacts')) } },
      streams,
    );

    expect(made).toEqual(['mail', 'contacts']);
    expect(log.filter((line) => line.startsWith('subscribe'))).toEqual([
      `subscribe to messages with a secret until ${LONG}`,
      `subscribe to contacts with a secret until ${LONG}`,
    ]);
  });

  test('is asked for with a shorter life where the long one is refused', async () => {
    const expiresAt = new Date(SHORT);
    const graph = { createSubscription: answers({ kind: 'badRequest' }, given('new', expiresAt)) };
    const { made, log, changes } = await reconcile(null, { graph });

    expect(made).toEqual(['mail']);
    expect(log).toEqual([
      `prepare messages with ${HASH}`,
      `subscribe to messages with a secret until ${LONG}`,
      `subscribe to messages with a secret until ${SHORT}`,
      'change messages, which was none',
    ]);
    expect(changes).toEqual([{ ...KEPT, expiresAt }]);
  });

  test('replaces the one whose answer was lost, because no one knows its secret', async () => {
    const graph = {
      createSubscription: answers({ kind: 'conflict' }, given('new')),
      listSubscriptions: inTurn(ok(['lost', 'older'])),
      deleteSubscription: inTurn<GraphAnswer<null>>({ kind: 'notFound' }, ok(null)),
    };
    const { made, log } = await reconcile(null, { graph });

    expect(made).toEqual(['mail']);
    expect(log).toEqual([
      `prepare messages with ${HASH}`,
      `subscribe to messages with a secret until ${LONG}`,
      'subscriptions to messages',
      'end lost',
      'end older',
      `subscribe to messages with a secret until ${LONG}`,
      'change messages, which was none',
    ]);
  });

  test('that conflicts still has failed, and is not asked for a third time', async () => {
    const graph = {
      createSubscription: answers({ kind: 'conflict' }, { kind: 'conflict' }),
      listSubscriptions: inTurn({ kind: 'forbidden' } as const),
    };
    const { made, changes } = await reconcile(null, { graph });

    expect(made).toEqual([]);
    expect(changes).toMatchObject([{ subscriptionId: null, failures: 1, error: 'conflict' }]);
  });

  test('is not asked for where the store knows better', async () => {
    expect(await reconcile(null, { store: { prepareSubscription: inTurn('stale' as const) } })).toEqual({
      made: 'stopped',
      log: [`prepare messages with ${HASH}`],
      changes: [],
    });
  });

  test('ends the round where it may not go on, and nothing is recorded', async () => {
    const { made, changes } = await reconcile(null, { store: { renewLease: inTurn(false) } });

    expect({ made, changes }).toEqual({ made: 'stopped', changes: [] });
  });

  test('is not asked for before its time', async () => {
    const later = { ...NEVER_MADE, actAt: after(AT, 0.001) };

    expect(await reconcile(later)).toEqual({ made: [], log: [], changes: [] });
  });
});

describe('a subscription that is there', () => {
  test('is renewed when its time has come, under its own id, and nothing is read again for it', async () => {
    const { made, log, changes } = await reconcile(TOLD, { graph: { renewSubscription: answers(given('told')) } });

    expect(made).toEqual([]);
    expect(log).toEqual([`renew told until ${LONG}`, 'change messages, which was told']);
    expect(changes).toEqual([{ ...KEPT, subscriptionId: 'told' }]);
  });

  test('is made again where Graph has dropped it, and what it missed is read', async () => {
    const graph = { renewSubscription: answers({ kind: 'notFound' }), createSubscription: answers(given('new')) };

    expect(await reconcile(TOLD, { graph })).toEqual({
      made: ['mail'],
      log: [
        `renew told until ${LONG}`,
        `prepare messages with ${HASH}`,
        `subscribe to messages with a secret until ${LONG}`,
        'change messages, which was none',
      ],
      changes: [KEPT],
    });
  });

  test('is renewed for less where the long life is refused', async () => {
    const graph = { renewSubscription: answers({ kind: 'badRequest' }, given('told', new Date(SHORT))) };
    const { log } = await reconcile(TOLD, { graph });

    expect(log).toEqual([`renew told until ${LONG}`, `renew told until ${SHORT}`, 'change messages, which was told']);
  });

  test('stays what it is where it could not be renewed', async () => {
    const { made, changes } = await reconcile(TOLD, { graph: { renewSubscription: answers({ kind: 'forbidden' }) } });

    expect(made).toEqual([]);
    expect(changes).toEqual([
      { subscriptionId: 'told', expiresAt: GIVEN, actAt: after(AT, 4.4), failures: 2, error: 'forbidden' },
    ]);
  });

  test.each([
    ['half of a short life', 2 * HOUR_SECONDS, 0.5, HOUR_SECONDS * 0.9],
    ['half of it to the second, at the latest', 2 * HOUR_SECONDS, 1, HOUR_SECONDS],
    ['a fifth earlier, at the earliest', 2 * HOUR_SECONDS, 0, HOUR_SECONDS * 0.8],
    ['twelve hours of a long one', 30 * HOUR_SECONDS, 1, 12 * HOUR_SECONDS],
    ['a minute, however short its life', 10, 1, 60],
    ['a minute where it is over already', -10, 1, 60],
  ])('is looked at after %s', async (_when, lifeSeconds, chance, seconds) => {
    const graph = { renewSubscription: answers(given('told', after(AT, lifeSeconds))) };
    const { changes } = await reconcile(TOLD, { graph, ports: { random: () => chance } });

    expect(changes.map(({ actAt }) => actAt)).toEqual([after(AT, seconds)]);
  });
});

describe('a subscription that fails', () => {
  const silence = (retryAfterSeconds: number | null): Answer => ({ kind: 'throttled', retryAfterSeconds });

  test.each([
    ['soon, the first time', 0, { kind: 'forbidden' }, 2.2],
    ['soon, the second time', 1, { kind: 'forbidden' }, 4.4],
    ['within the hour from then on', 2, { kind: 'forbidden' }, 3_240],
    ['when Graph says, where it does', 0, silence(120), 132],
    ['as soon as otherwise, where Graph does not say when', 1, silence(null), 4.4],
  ] as const)('is tried again %s', async (_when, failures, answer, seconds) => {
    const before = { ...NEVER_MADE, failures };
    const { changes } = await reconcile(before, { graph: { createSubscription: answers(answer) } });

    expect(changes).toEqual([
      {
        subscriptionId: null,
        expiresAt: null,
        actAt: after(AT, seconds),
        failures: failures + 1,
        error: answer.kind,
      },
    ]);
  });

  test('says nothing of the mailbox', async () => {
    const facts = factsWith({ member: { ...MARA, mailbox: { value: 'unknown', checkedAt: null } } });
    const failing = await reconcile(null, { graph: { createSubscription: answers({ kind: 'mailboxUnavailable' }) } });
    const working = await reconcile(null, { state: { facts }, graph: { createSubscription: answers(given('new')) } });

    expect([...failing.log, ...working.log].filter((line) => line.startsWith('mailbox is'))).toEqual([]);
  });
});

describe('a subscription that is not wanted any more', () => {
  const onlyFiles = [aDesiredStream('files', 'root')];

  test.each<[string, GraphAnswer<null>]>([
    ['agrees', ok(null)],
    ['does not answer', { kind: 'failed', code: 'microsoftUnavailable' }],
  ])('is ended, and forgotten whether Graph %s', async (_what, answer) => {
    expect(await reconcile(TOLD, { graph: { deleteSubscription: inTurn(answer) } }, onlyFiles)).toEqual({
      made: [],
      log: ['end told', 'forget messages'],
      changes: [],
    });
  });

  test('and never was made is forgotten, and Graph is not asked', async () => {
    expect(await reconcile(NEVER_MADE, {}, onlyFiles)).toEqual({ made: [], log: ['forget messages'], changes: [] });
  });
});
