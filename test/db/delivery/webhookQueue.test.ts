/** What is taken to be sent, by which process, and in which order. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { appendTombstone, forgetTold } from '../../../src/db/delivery/outbox.ts';
import { pruneFeed } from '../../../src/db/delivery/pruneFeed.ts';
import { publishAll } from '../../../src/db/delivery/publisher.ts';
import { transact } from '../../../src/db/transact.ts';
import { HEALTHY } from '../../../src/domain/webhookLife.ts';
import { ENGINES } from '../../support/databases.ts';
import {
  DAY,
  DELIVERED,
  FAILED,
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

  test('what was published before an endpoint was made is not sent to it, and what follows is, once it has lingered', async () => {
    const sender = lanes.aProcess();
    await lanes.change(ONE, 'before');
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a', 'b');

    expect(await sender.claim()).toEqual([]);
    lanes.pass(250);
    const batches = await sender.claim();
    expect(spansOf(batches)).toEqual([['whk_a', 'items.changed', ONE, 2, 3]]);
    expect(JSON.parse(batches[0]?.body ?? '')).toMatchObject({ data: { from: 2, to: 3 } });
  });

  test('says when the next one is due', async () => {
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    expect(await lanes.aProcess().nextAt()).toEqual(new Date(lanes.now().getTime() + 250));
  });

  test('one that is being sent is not taken twice, and what it held up follows at once', async () => {
    const [sender, rival] = [lanes.aProcess(), lanes.aProcess()];
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    const first = await sender.claim();
    await lanes.change(ONE, 'b');
    lanes.pass(SECOND);

    expect(await rival.claim()).toEqual([]);
    expect(await sender.claim()).toEqual([]);
    await sender.finish(first, DELIVERED);
    expect(spansOf(await rival.claim())).toEqual([['whk_a', 'items.changed', ONE, 2, 2]]);
  });

  test('organizations do not wait for each other, and endpoints are told apart', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.anEndpoint('whk_b', { organizationIds: [OTHER] });
    await lanes.change(ONE, 'a');
    await lanes.change(OTHER, 'b');
    lanes.pass(SECOND);

    expect(new Set(spansOf(await sender.claim()))).toEqual(
      new Set([
        ['whk_a', 'items.changed', ONE, 1, 1],
        ['whk_a', 'items.changed', OTHER, 1, 1],
        ['whk_b', 'items.changed', OTHER, 1, 1],
      ]),
    );
  });

  test('an endpoint that is limited is sent nothing more of the others, not even what waited', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    await lanes.change(OTHER, 'b');
    await lanes.endpoints.change('whk_a', (endpoint) => ({ ...endpoint, organizationIds: [OTHER] }));
    await lanes.change(ONE, 'c');
    lanes.pass(SECOND);

    expect(spansOf(await sender.claim())).toEqual([['whk_a', 'items.changed', OTHER, 1, 1]]);
  });

  test('nor what was set aside of them, nor does its log tell of it', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    await sender.finish(await sender.claim(), DELIVERED);
    const log = () => lanes.endpoints.deliveries('whk_a', { state: null, organizationId: null, since: null }, null, 10);
    const [sent] = await log();
    await lanes.endpoints.retry('whk_a', sent?.id ?? '', lanes.now());
    await lanes.endpoints.change('whk_a', (endpoint) => ({ ...endpoint, organizationIds: [OTHER] }));

    expect(await sender.claim()).toEqual([]);
    expect(await log()).toEqual([]);
  });

  test('one that takes nothing in time keeps no other from getting its own', async () => {
    const sender = lanes.aProcess();
    for (const id of ['whk_a', 'whk_b', 'whk_z']) {
      await lanes.anEndpoint(id, { maxInFlight: 3, organizationIds: id === 'whk_z' ? [OTHER] : null });
    }
    const tenants = Array.from({ length: 8 }, () => randomUUID());
    for (const tenantId of tenants) {
      await lanes.change(tenantId, 'a');
    }
    lanes.pass(SECOND);
    await sender.claim();
    await lanes.change(OTHER, 'b');
    lanes.pass(SECOND);

    expect(spansOf(await sender.claim(1))).toEqual([['whk_z', 'items.changed', OTHER, 1, 1]]);
  });

  test('a try that failed is the same again to the byte, whatever came meanwhile, on the schedule', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    const [first] = await sender.claim();
    await sender.finish(first === undefined ? [] : [first], FAILED);
    await lanes.change(ONE, 'b');
    lanes.pass(4 * SECOND);
    expect(await sender.claim()).toEqual([]);
    lanes.pass(SECOND);

    const [second] = await sender.claim();
    expect(second).toEqual({
      ...first,
      trial: { tries: 1, firstAt: first?.trial.firstAt },
      endpoint: expect.anything(),
    });
    expect(second?.body).toBe(first?.body);
  });

  test('a process that died is followed by another one that sends the same, when its lease is over', async () => {
    const [dead, heir] = [lanes.aProcess(), lanes.aProcess()];
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    const first = await dead.claim();
    await sql`update webhook_lanes set lease_until = now() - interval '1 second'`.execute(lanes.database.kysely);

    const again = await heir.claim();
    expect(again.map(({ messageId, body }) => [messageId, body])).toEqual(
      first.map(({ messageId, body }) => [messageId, body]),
    );
    // It was only slow, and comes back: what it says is not taken for the other one's.
    await dead.finish(first, FAILED);
    expect((await lanes.endpoints.find('whk_a'))?.health).toEqual(HEALTHY);
    await heir.finish(again, DELIVERED);
    await lanes.change(ONE, 'b');
    lanes.pass(SECOND);
    expect(spansOf(await heir.claim())).toEqual([['whk_a', 'items.changed', ONE, 2, 2]]);
  });

  test('two processes at once never take more of an endpoint than it takes', async () => {
    const [one, two] = [lanes.aProcess(), lanes.aProcess()];
    await lanes.anEndpoint('whk_a', { maxInFlight: 3 });
    for (let organization = 0; organization < 8; organization += 1) {
      await lanes.change(randomUUID(), 'a');
    }
    lanes.pass(SECOND);
    const taken = await Promise.all([one.claim(), two.claim()]);
    expect(taken.flat()).toHaveLength(3);
    expect(new Set(taken.flat().map(({ deliveryId }) => deliveryId)).size).toBe(3);
  });

  test('what the feed has lost before it was sent is a gap, and what follows comes', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a', { health: { ...HEALTHY, state: 'paused' } });
    await lanes.change(ONE, 'a', 'b');
    lanes.pass(40 * DAY);
    await pruneFeed(lanes.database, new Date(lanes.now().getTime() - 30 * DAY));
    await lanes.change(ONE, 'c');
    await lanes.endpoints.resume('whk_a', () => true, lanes.now());

    const gap = await sender.claim();
    expect(spansOf(gap)).toEqual([['whk_a', 'feed.gap', ONE, 1, 2]]);
    expect(JSON.parse(gap[0]?.body ?? '')).toMatchObject({ type: 'feed.gap', data: { from: 1, to: 2 } });
    await sender.finish(gap, DELIVERED);
    lanes.pass(SECOND);
    expect(spansOf(await sender.claim())).toEqual([['whk_a', 'items.changed', ONE, 3, 3]]);
  });

  test('what was erased before it was sent is not told, neither in a lane nor of what was set aside', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    const owner = await lanes.change(ONE, 'a private matter');
    lanes.pass(SECOND);
    const first = await sender.claim();
    await sender.finish(first, FAILED);
    const receiptId = randomUUID();
    await sql`
      insert into erasures (tenant_id, member_id, category, receipt_id, state, started_at, connection_id)
      values (${ONE}, ${owner.memberId}, 'mail', ${receiptId}, 'erasing', ${lanes.now()}, ${owner.connectionId})
    `.execute(lanes.database.kysely);
    await forgetTold(lanes.database, { ...owner, receiptId });
    await transact(lanes.database, (tx) => {
      appendTombstone(tx, owner, lanes.now());
      return Promise.resolve();
    });
    await publishAll(lanes.database, lanes.now());
    lanes.pass(6 * SECOND);
    const passedOver = await sender.claim();
    const next = passedOver.length === 0 ? await sender.claim() : passedOver;

    expect(spansOf(next)).toEqual([['whk_a', 'category.erased', ONE, expect.any(Number), 2]]);
    expect(JSON.stringify(next)).not.toContain('a private matter');
  });

  test('a secret is stored nowhere in clear', async () => {
    await lanes.anEndpoint('whk_a', { headers: { authorization: 'Bearer of the operator' } });
    const { rows } = await sql`select * from webhook_endpoints`.execute(lanes.database.kysely);
    expect(JSON.stringify(rows)).not.toContain('whsec_');
    expect(JSON.stringify(rows)).not.toContain('of the operator');
    expect(await lanes.endpoints.find('whk_a')).toMatchObject({ headers: { authorization: 'Bearer of the operator' } });
  });
});
