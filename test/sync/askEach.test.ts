import { expect, test } from '@jest/globals';
import { askEach } from '../../src/sync/askEach.ts';
import type { GraphAnswer } from '../../src/sync/ports.ts';

const IDS = Array.from({ length: 20 }, (_, index) => `item ${index}`);
const ASKER = { category: 'mail', level: 'full', failures: 0 } as const;
const ACCESS = { accessToken: 'a token', mailbox: 'me', memberId: 'a member' } as const;

/** Answers `ids` one by one with `answerOf`, and writes down what was asked and waited for. */
function mailbox(answerOf: (id: string, timesAsked: number) => GraphAnswer<string>) {
  const asked: string[] = [];
  const batches: number[] = [];
  const waits: number[] = [];
  const context = {
    ports: {
      wait: (milliseconds: number) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    },
    isTimeBudgetSpent: () => false,
    callGraph: <T>(_: unknown, request: (access: typeof ACCESS) => Promise<T>) => request(ACCESS),
  };
  const request = (_: unknown, ids: readonly string[]) => {
    batches.push(ids.length);
    const value = new Map(ids.map((id) => [id, answerOf(id, asked.filter((each) => each === id).length)]));
    asked.push(...ids);
    return Promise.resolve({ kind: 'ok' as const, value });
  };
  return { read: () => askEach(context, ASKER, IDS, request), asked, batches, waits };
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
