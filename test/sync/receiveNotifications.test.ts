import { expect, test } from '@jest/globals';
import { NotificationInbox, type ReceivedNotification } from '../../src/sync/receiveNotifications.ts';

function notification(subscriptionId: string): ReceivedNotification {
  return { subscriptionId, clientStateHash: new Uint8Array(32), tenantId: null, kind: 'changed' };
}

test('batches notifications that arrive during a write', async () => {
  const written: string[][] = [];
  const gates: (() => void)[] = [];
  const inbox = new NotificationInbox(
    async (received) => {
      written.push(received.map(({ subscriptionId }) => subscriptionId));
      await new Promise<void>((resolve) => gates.push(resolve));
      return 0;
    },
    () => undefined,
    () => false,
  );
  const first = inbox.receive([notification('a')]);
  const others = [inbox.receive([notification('b')]), inbox.receive([notification('c'), notification('d')])];
  gates.shift()?.();
  await first;
  await Promise.resolve();
  gates.shift()?.();
  await Promise.all(others);

  expect(written).toEqual([['a'], ['b', 'c', 'd']]);
});

test('WHK-13 a sender whose notifications could not be written is told so, and the next write continues', async () => {
  let isBroken = true;
  const inbox = new NotificationInbox(
    () => (isBroken ? Promise.reject(new Error('the database is away')) : Promise.resolve(0)),
    () => undefined,
    () => false,
  );

  await expect(inbox.receive([notification('a')])).rejects.toThrow('the database is away');
  isBroken = false;
  await expect(inbox.receive([notification('b')])).resolves.toBeUndefined();
});

test('those without the secret of their subscription are counted', async () => {
  let refused = 0;
  const inbox = new NotificationInbox(
    (received) => Promise.resolve(received.length),
    (count) => {
      refused += count;
    },
    () => false,
  );
  await inbox.receive([notification('a'), notification('b')]);

  expect(refused).toBe(2);
});

test('WHK-24 one that the database does not take is refused alone, whatever waits beside it', async () => {
  const written: string[] = [];
  const poison = new Error('a value that the database does not keep');
  const gates: (() => void)[] = [];
  const inbox = new NotificationInbox(
    async (received) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      if (received.some(({ subscriptionId }) => subscriptionId === 'poison')) {
        throw poison;
      }
      written.push(...received.map(({ subscriptionId }) => subscriptionId));
      return 0;
    },
    () => undefined,
    (error) => error === poison,
  );
  const names = ['first', 'a', 'poison', 'b', 'c'];
  const outcomes = Promise.allSettled(names.map((name) => inbox.receive([notification(name)])));
  for (let write = 0; write < 8; write += 1) {
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect((await outcomes).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(written).toEqual(['first', 'a', 'b', 'c']);
});

test('says how many wait to be written, without those that are being written', async () => {
  const gates: (() => void)[] = [];
  const inbox = new NotificationInbox(
    async () => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return 0;
    },
    () => undefined,
    () => false,
  );
  const depths = [inbox.depth];
  const first = inbox.receive([notification('a')]);
  depths.push(inbox.depth);
  const second = inbox.receive([notification('b'), notification('c')]);
  const third = inbox.receive([notification('d')]);
  depths.push(inbox.depth);
  gates.shift()?.();
  await first;
  await Promise.resolve();
  depths.push(inbox.depth);
  gates.shift()?.();
  await Promise.all([second, third]);

  expect(depths).toEqual([0, 0, 3, 0]);
});
