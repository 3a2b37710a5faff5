/** WHK-14 Graph is answered in time, also where the database takes its time. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import { registerNotifications } from '../../src/server/routes/notifications.ts';
import { NotificationInbox } from '../../src/sync/receiveNotifications.ts';

const NOTIFICATIONS = { value: [{ subscriptionId: '5d1f0c6e-0000-4a57-9d27-2d0b6e3a1001', changeType: 'updated' }] };

test('what is not written in time is refused and asked for again, and is written nevertheless', async () => {
  const written: number[] = [];
  let goOn = (): void => undefined;
  const inbox = new NotificationInbox(
    async (received) => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      written.push(received.length);
      return 0;
    },
    () => undefined,
    () => false,
  );
  const app = fastify();
  registerNotifications(app, { notifications: inbox });
  const post = () => app.inject({ method: 'POST', url: '/graph/notifications', payload: NOTIFICATIONS });
  const answers = await Promise.all([post(), post(), post()]);
  const shake = await app.inject({ method: 'POST', url: '/graph/notifications?validationToken=abc' });

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503, 503]);
  expect(answers.every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true);
  expect(shake.statusCode).toBe(200);
  goOn();
  await setImmediate();
  goOn();
  await setImmediate();

  expect(written).toEqual([1, 2]);
  await app.close();
});
