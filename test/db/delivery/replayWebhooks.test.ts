/** What was sent is kept for a while, and is sent again when one asks for it. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pruneDeliveries } from '../../../src/db/delivery/pruneDeliveries.ts';
import { ENGINES } from '../../support/databases.ts';
import {
  DAY,
  DELIVERED,
  FAILED,
  MINUTE,
  openWebhookLanes,
  SECOND,
  spansOf,
  type WebhookLanes,
} from '../../support/webhookLanes.ts';
const ONE = randomUUID();
const OTHER = randomUUID();

describe.each(ENGINES)('on %s', (engine) => {
  let lanes: WebhookLanes;

  beforeAll(async () => {
    lanes = await openWebhookLanes(engine);
  });
  afterAll(() => lanes.close());
  afterEach(() => lanes.empty());

  test('a replay sends again what was sent, by the same name, and goes on from where it stood', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    const start = lanes.now();
    const names: (string | undefined)[] = [];
    for (const id of ['a', 'b', 'c']) {
      await lanes.change(ONE, id);
      lanes.pass(SECOND);
      const batches = await sender.claim();
      names.push(batches[0]?.messageId);
      await sender.finish(batches, DELIVERED);
    }
    const span = { from: new Date(start.getTime() + SECOND), to: null, organizationId: null, only: 'all' } as const;
    expect(await lanes.endpoints.replay('whk_a', span, lanes.now())).toBe(1);
    await lanes.change(ONE, 'd');

    const again: (string | undefined)[] = [];
    const seen: unknown[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      lanes.pass(SECOND);
      const batches = await sender.claim();
      again.push(batches[0]?.messageId);
      seen.push(...spansOf(batches).map((each) => each.slice(3)));
      await sender.finish(batches, DELIVERED);
    }
    expect(again.slice(0, 2)).toEqual(names.slice(1));
    expect(seen).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    lanes.pass(SECOND);
    expect(await sender.claim()).toEqual([]);
  });

  test('a replay that is asked for while something is sent begins where it was asked to', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    const start = lanes.now();
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    await sender.finish(await sender.claim(), DELIVERED);
    await lanes.change(ONE, 'b');
    lanes.pass(SECOND);
    const underWay = await sender.claim();
    const span = { from: start, to: null, organizationId: null, only: 'all' } as const;
    expect(await lanes.endpoints.replay('whk_a', span, lanes.now())).toBe(1);
    await sender.finish(underWay, DELIVERED);

    const sent: unknown[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const batches = await sender.claim();
      sent.push(...spansOf(batches).map((each) => each.slice(3)));
      await sender.finish(batches, DELIVERED);
    }
    expect(sent).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('the log keeps what was taken for three days, and everything else for thirty', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    await sender.finish(await sender.claim(), DELIVERED);
    await lanes.change(OTHER, 'b');
    lanes.pass(SECOND);
    await sender.finish(await sender.claim(), FAILED);
    const states = async () =>
      (await lanes.endpoints.deliveries('whk_a', { state: null, organizationId: null, since: null }, null, 10)).map(
        ({ state, attempts }) => [state, attempts.map(({ status }) => status)],
      );

    expect(await states()).toEqual([
      ['retrying', [500]],
      ['delivered', [204]],
    ]);
    lanes.pass(3 * DAY + MINUTE);
    await pruneDeliveries(lanes.database, lanes.now());
    expect(await states()).toEqual([['retrying', [500]]]);
    lanes.pass(27 * DAY);
    await sql`update webhook_deliveries set due_at = now()`.execute(lanes.database.kysely);
    await pruneDeliveries(lanes.database, lanes.now());
    expect(await states()).toHaveLength(1);
    await sql`update webhook_deliveries set due_at = null`.execute(lanes.database.kysely);
    await pruneDeliveries(lanes.database, lanes.now());
    expect(await states()).toEqual([]);
  });
});
