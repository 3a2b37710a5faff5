/** Notifications a second: parsed, compared with their secret and durable, beside a server that only answers. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { sql } from 'kysely';
import { Agent, request } from 'undici';
import { storeNotifications } from '../../src/db/sync/notifications.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { notificationsIn } from '../../src/server/routes/notifications.ts';
import { NotificationInbox } from '../../src/sync/receiveNotifications.ts';

const COUNT = 20_000;
const AT_ONCE = 64;
const SUBSCRIPTIONS = 200;

export async function measureNotifications(engine: string, database: Database): Promise<void> {
  const ids = await prepare(database);
  const inbox = new NotificationInbox(
    (received) => storeNotifications(database, received, new Date()),
    () => undefined,
    () => false,
  );
  const ours = await load(ids, async (body) => {
    await inbox.receive(notificationsIn(JSON.parse(body)) ?? []);
  });
  const bare = await load(ids, (body) => Promise.resolve(void JSON.parse(body)));
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from notifications`.execute(
    database.kysely,
  );
  process.stdout.write(
    `\nNotifications on ${engine}: ${ours.perSecond}/s durable, p99 ${ours.p99} ms, max ${ours.limit} ms, ${rows[0]?.count} of ${COUNT} stored; bare server ${bare.perSecond}/s (×${(ours.perSecond / bare.perSecond).toFixed(2)})\n`,
  );
}

async function prepare({ kysely }: Database): Promise<readonly string[]> {
  const ids = Array.from({ length: SUBSCRIPTIONS }, () => randomUUID());
  const hash = createHash('sha256').update('a secret').digest();
  await sql`truncate subscriptions, notifications`.execute(kysely);
  for (const id of ids) {
    await kysely
      .insertInto('subscriptions')
      .values({
        tenant_id: randomUUID(),
        mailbox_id: randomUUID(),
        category: 'mail',
        resource: 'messages',
        subscription_id: id,
        client_state_hash: hash,
        expires_at: null,
        act_at: new Date(),
        error: null,
      })
      .execute();
  }
  return ids;
}

interface Load {
  readonly perSecond: number;
  readonly p99: number;
  readonly limit: number;
}

async function load(ids: readonly string[], accept: (body: string) => Promise<void>): Promise<Load> {
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      accept(Buffer.concat(parts).toString('utf8')).then(
        () => response.writeHead(202).end(),
        () => response.writeHead(503).end(),
      );
    });
  });
  const origin = await listen(server);
  const agent = new Agent({ connections: AT_ONCE });
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  const send = async () => {
    while (next < COUNT) {
      const id = ids[next % ids.length];
      next += 1;
      const value = [
        { subscriptionId: id, clientState: 'a secret', changeType: 'updated', resource: 'users/x/messages/y' },
      ];
      const at = performance.now();
      const { body } = await request(origin, { method: 'POST', body: JSON.stringify({ value }), dispatcher: agent });
      await body.dump();
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  const seconds = (performance.now() - began) / 1_000;
  await agent.close();
  server.close();
  const sorted = times.toSorted((first, second) => first - second);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { perSecond: Math.round(COUNT / seconds), p99: at(0.99), limit: at(1) };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    });
  });
}
