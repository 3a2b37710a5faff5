import { describe, expect, test } from '@jest/globals';
import { askEach } from '../../src/sync/askEach.ts';
import type { GraphAnswer } from '../../src/sync/ports.ts';

const IDS = Array.from({ length: 20 }, (_, index) => `item ${index}`);
const ASKER = { category: 'mail', level: 'full', failures: 0 } as const;
const TOO_HEAVY = { kind: 'tooHeavy', retryAfterSeconds: null } as const;
const ACCESS = { accessToken: 'a token', mailbox: 'me', memberId: 'a member' } as const;

interface Limits {
  readonly isTimeBudgetSpent?: boolean;
  /** How many can be had in one answer. */
  readonly room?: number;
  readonly ids?: readonly string[];
}

/** Answers `ids` one by one with `answerOf`, and writes down what was asked and waited for. */
function mailbox(
  answerOf: (id: string, timesAsked: number) => GraphAnswer<string>,
  { isTimeBudgetSpent = false, room = IDS.length, ids: all = IDS }: Limits = {},
) {
  const asked: string[] = [];
  const batches: number[] = [];
  const waits: number[] = [];
  const weights: (number | undefined)[] = [];
  const context = {
    ports: {
      wait: (milliseconds: number) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    },
    isTimeBudgetSpent: () => isTimeBudgetSpent,
    callGraph: <T>(_: unknown, request: (access: typeof ACCESS) => Promise<T>, weight?: number) => {
      weights.push(weight);
      return request(ACCESS);
    },
  };
  const request = (_: unknown, ids: readonly string[]) => {
    batches.push(ids.length);
    if (ids.length > room) {
      return Promise.resolve(TOO_HEAVY);
    }
    const value = new Map(ids.map((id) => [id, answerOf(id, asked.filter((each) => each === id).length)]));
    asked.push(...ids);
    return Promise.resolve({ kind: 'ok' as const, value });
  };
  return { read: () => askEach(context, ASKER, all, request), asked, batches, waits, weights };
}

const answered = (id: string): GraphAnswer<string> => ({ kind: 'ok', value: id.toUpperCase() });
const silence = (retryAfterSeconds: number | null): GraphAnswer<string> => ({ kind: 'throttled', retryAfterSeconds });
const ALL = { kind: 'ok', value: new Map(IDS.map((id) => [id, answered(id)])) };

test('what was answered beside a refused request is not asked for again', async () => {
  const refused = ['item 3', 'item 17'];
  const { read, asked, waits } = mailbox((id, times) =>
    refused.includes(id) && times === 0 ? silence(id === 'item 3' ? 4 : 2) : answered(id),
  );

  expect(await read()).toEqual(ALL);
  expect(asked).toEqual([...IDS, ...refused]);
  expect(waits).toEqual([4000]);
});

test('a mailbox that has room for one request at a time is read to the end', async () => {
  let room = 0;
  const { read, waits, batches } = mailbox((id) => {
    room += 1;
    return room % 2 === 0 ? answered(id) : silence(1);
  });

  expect(await read()).toEqual(ALL);
  expect(waits.every((wait) => wait === 1000)).toBe(true);
  expect(Math.max(...batches.slice(1))).toBeLessThan(IDS.length);
});

test('a silence without end, and a long one, are left to a later round', async () => {
  const endless = mailbox(() => silence(1));
  const long = mailbox((id) => (id === 'item 5' ? silence(600) : answered(id)));

  expect(await endless.read()).toEqual(silence(1));
  expect(endless.waits).toHaveLength(3);
  expect(await long.read()).toEqual(silence(600));
  expect(long.waits).toEqual([]);
});

test('what concerns the whole mailbox ends it', async () => {
  const { read } = mailbox((id) => {
    const refusal = id === 'item 9' ? ({ kind: 'unauthorized' } as const) : silence(1);
    return id < 'item 2' ? answered(id) : refusal;
  });

  expect(await read()).toEqual({ kind: 'unauthorized' });
});

describe('what is too heavy', () => {
  test('together is asked for in halves, and in twice as many again once that went well', async () => {
    const { read, batches, weights, asked } = mailbox(answered, { room: 6 });

    expect(await read()).toEqual(ALL);
    expect(batches).toEqual([20, 10, 5, 10, 5, 10, 5, 5]);
    expect(weights).toEqual(batches);
    expect(asked).toEqual(IDS);
  });

  test('alone is told by name, one after another', async () => {
    const { read, batches } = mailbox(answered, { room: 0, ids: IDS.slice(0, 2) });

    expect(await read()).toEqual({
      kind: 'ok',
      value: new Map([
        ['item 0', TOO_HEAVY],
        ['item 1', TOO_HEAVY],
      ]),
    });
    expect(batches).toEqual([2, 1, 1]);
  });
});

describe('a silence', () => {
  test.each([
    ['of ten seconds', 10, 10_000],
    ['of no time that Graph names', null, 10_000],
  ])('%s is waited for', async (_what, seconds, waited) => {
    const { read, waits } = mailbox((id, times) => (times === 0 ? silence(seconds) : answered(id)), {
      ids: ['item 0'],
    });

    expect(await read()).toEqual({ kind: 'ok', value: new Map([['item 0', answered('item 0')]]) });
    expect(waits).toEqual([waited]);
  });

  test('of more than ten seconds is left to a later round', async () => {
    const { read, waits } = mailbox(() => silence(10.001));

    expect(await read()).toEqual(silence(10.001));
    expect(waits).toEqual([]);
  });

  test('is not waited for once the time of the round is over', async () => {
    const { read, waits } = mailbox(() => silence(1), { isTimeBudgetSpent: true });

    expect(await read()).toEqual(silence(1));
    expect(waits).toEqual([]);
  });
});

test.each([{ kind: 'unauthorized' }, { kind: 'mailboxUnavailable' }] as const)(
  'one that is told %j speaks for all',
  async (answer) => {
    const { read } = mailbox((id) => (id === 'item 3' ? answer : answered(id)));

    expect(await read()).toEqual(answer);
  },
);

test('what Graph does not answer about is no answer, and nothing is asked about nothing', async () => {
  const context = {
    ports: { wait: () => Promise.resolve() },
    isTimeBudgetSpent: () => false,
    callGraph: <T>(_: unknown, request: (access: typeof ACCESS) => Promise<T>) => request(ACCESS),
  };
  const nothing = () => Promise.resolve({ kind: 'ok' as const, value: new Map<string, GraphAnswer<string>>() });
  const refuse = () => Promise.reject(new Error('Graph was asked'));

  expect(await askEach(context, ASKER, ['item 0'], nothing)).toEqual({
    kind: 'ok',
    value: new Map([['item 0', { kind: 'failed', code: 'unexpectedAnswer' }]]),
  });
  expect(await askEach(context, ASKER, [], refuse)).toEqual({ kind: 'ok', value: new Map() });
});
