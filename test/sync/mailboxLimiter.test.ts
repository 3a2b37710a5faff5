import { expect, test } from '@jest/globals';
import { MailboxLimiter } from '../../src/sync/mailboxLimiter.ts';

test('SYN-13 never more than three requests at once', async () => {
  let running = 0;
  let limit = 0;
  const gate = new MailboxLimiter(
    () => new Date(0),
    () => Promise.resolve(),
  );
  const request = async () => {
    running += 1;
    limit = Math.max(limit, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await Promise.all(Array.from({ length: 40 }, () => gate.run(request)));

  expect(limit).toBe(3);
});

test('not more than eight requests begin within a second', async () => {
  const begun: number[] = [];
  let now = 0;
  const gate = new MailboxLimiter(
    () => new Date(now),
    (milliseconds) => {
      const until = now + milliseconds;
      return new Promise((resolve) => {
        setImmediate(() => {
          now = Math.max(now, until);
          resolve();
        });
      });
    },
  );
  const request = () => {
    begun.push(now);
    return Promise.resolve();
  };
  await Promise.all(Array.from({ length: 40 }, () => gate.run(request)));

  expect(begun).toHaveLength(40);
  expect(begun.filter((at) => begun.filter((other) => other >= at && other < at + 1000).length > 8)).toEqual([]);
});

test('a batch holds up nothing by itself, and many keep to eight a second in the long run', async () => {
  let now = 0;
  const gate = new MailboxLimiter(
    () => new Date(now),
    (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  );
  await gate.run(() => Promise.resolve(), 20);
  await gate.run(() => Promise.resolve());
  const afterOne = now;
  for (let batch = 0; batch < 29; batch += 1) {
    await gate.run(() => Promise.resolve(), 20);
  }

  expect(afterOne).toBe(125);
  // 601 requests, of which two batches may be owed.
  expect(now).toBeGreaterThanOrEqual(((601 - 40) / 8) * 1000);
  expect(now).toBeLessThan((601 / 8) * 1000);
});

test("SYN-32 setting the clock back doesn't block requests", async () => {
  let now = Date.parse('2026-11-22T09:30:00Z');
  const waits: number[] = [];
  const gate = new MailboxLimiter(
    () => new Date(now),
    (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  );
  await gate.run(() => Promise.resolve());
  now -= 30 * 60_000;
  await gate.run(() => Promise.resolve());

  expect(Math.max(...waits)).toBeLessThan(1_000);
});

test('a request that fails gives its place to the next', async () => {
  const gate = new MailboxLimiter(
    () => new Date(0),
    () => Promise.resolve(),
  );
  const failures = Array.from({ length: 5 }, () =>
    gate.run(() => Promise.reject(new Error('reset'))).catch(() => 'failed'),
  );

  expect(await Promise.all(failures)).toEqual(Array.from({ length: 5 }, () => 'failed'));
  expect(await gate.run(() => Promise.resolve('next'))).toBe('next');
});

test('a batch is alone, and what comes after it does not overtake it', async () => {
  const begun: string[] = [];
  const gates: (() => void)[] = [];
  const gate = new MailboxLimiter(
    () => new Date(0),
    () => Promise.resolve(),
  );
  const request = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((end) => gates.push(end));
  };
  const endOne = async () => {
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const all = [gate.run(request('first')), gate.run(request('batch'), 20), gate.run(request('last'))];
  await new Promise((resolve) => setImmediate(resolve));
  const beside = [...begun];
  await endOne();
  const alone = [...begun];
  await endOne();
  await endOne();
  await Promise.all(all);

  expect(beside).toEqual(['first']);
  expect(alone).toEqual(['first', 'batch']);
  expect(begun).toEqual(['first', 'batch', 'last']);
});
