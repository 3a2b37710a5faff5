/** What becomes of what was sent, and of an endpoint that takes nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClaimedBatch } from '../../../src/delivery/webhookPorts.ts';
import { HEALTHY } from '../../../src/domain/webhookLife.ts';
import { ENGINES } from '../../support/databases.ts';
import {
  DAY,
  DELIVERED,
  FAILED,
  HOUR,
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

  test('a batch that fails while others are taken is set aside at the fourth try, and comes by itself', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.change(ONE, 'poison');
    lanes.pass(SECOND);
    const poisoned = (batches: readonly ClaimedBatch[]) => batches.filter(({ range }) => range?.tenantId === ONE);
    for (const [tried, wait] of [
      [1, 5 * SECOND],
      [2, 5 * MINUTE],
      [3, 30 * MINUTE],
      [4, 0],
    ] as const) {
      await lanes.change(OTHER, `beside ${tried}`);
      lanes.pass(SECOND);
      const batches = await sender.claim();
      expect(spansOf(poisoned(batches))).toEqual([['whk_a', 'items.changed', ONE, 1, 1]]);
      lanes.pass(2 * SECOND);
      await sender.finish(
        batches.filter((batch) => !poisoned([batch]).includes(batch)),
        DELIVERED,
      );
      await sender.finish(poisoned(batches), FAILED);
      lanes.pass(wait);
    }
    await lanes.change(ONE, 'after');
    lanes.pass(SECOND);
    const next = await sender.claim();
    expect(spansOf(next)).toEqual([['whk_a', 'items.changed', ONE, 2, 2]]);
    await sender.finish(next, DELIVERED);
    expect(
      await lanes.endpoints.deliveries('whk_a', { state: 'waiting', organizationId: ONE, since: null }, null, 10),
    ).toEqual([expect.objectContaining({ event: 'items.changed', first: 1, last: 1, dueAt: expect.any(Date) })]);

    lanes.pass(2 * HOUR);
    const aside = await sender.claim();
    expect(spansOf(aside)).toEqual([['whk_a', 'items.changed', ONE, 1, 1]]);
    expect(aside[0]?.trial.tries).toBe(4);
    await sender.finish(aside, DELIVERED);
    lanes.pass(DAY);
    expect(await sender.claim()).toEqual([]);
  });

  test('an endpoint that takes nothing is tried with one lane alone, and takes up where it stood', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_dead', { maxInFlight: 50 });
    await lanes.anEndpoint('whk_well');
    const tenants = Array.from({ length: 12 }, () => randomUUID());
    for (const tenantId of tenants) {
      await lanes.change(tenantId, 'a');
    }
    lanes.pass(SECOND);
    const batches = await sender.claim();
    const dead = batches.filter(({ endpoint }) => endpoint.id === 'whk_dead');
    await sender.finish(dead, FAILED);
    await sender.finish(
      batches.filter((batch) => !dead.includes(batch)),
      DELIVERED,
    );
    expect((await lanes.endpoints.find('whk_dead'))?.health).toMatchObject({
      state: 'failing',
      failures: 12,
      tries: 1,
    });
    expect((await lanes.endpoints.find('whk_well'))?.health).toMatchObject({ state: 'active', failures: 0 });

    lanes.pass(6 * SECOND);
    const tried = (await sender.claim()).filter(({ endpoint }) => endpoint.id === 'whk_dead');
    expect(tried).toHaveLength(1);
    expect((await sender.claim()).filter(({ endpoint }) => endpoint.id === 'whk_dead')).toEqual([]);
    await sender.finish(tried, DELIVERED);
    expect((await lanes.endpoints.find('whk_dead'))?.health).toMatchObject({ state: 'active', failures: 0, tries: 0 });
    lanes.pass(6 * SECOND);
    expect((await sender.claim()).filter(({ endpoint }) => endpoint.id === 'whk_dead')).toHaveLength(11);
  });

  test('one that wants nothing any more is disabled, the others are told, and resuming loses nothing', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_gone');
    await lanes.anEndpoint('whk_told', { organizationIds: [OTHER] });
    await lanes.anEndpoint('whk_silent', { organizationIds: [OTHER], events: ['items.changed'] });
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    expect(await sender.finish(await sender.claim(), { kind: 'gone' })).toEqual([
      { endpointId: 'whk_gone', reason: 'gone' },
    ]);
    await lanes.change(ONE, 'b');
    lanes.pass(SECOND);

    const [told, ...more] = await sender.claim();
    expect(more).toEqual([]);
    expect([told?.endpoint.id, told?.event, told?.range]).toEqual(['whk_told', 'webhook.disabled', null]);
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      type: 'webhook.disabled',
      data: { endpointId: 'whk_gone', reason: 'gone' },
    });
    await sender.finish(told === undefined ? [] : [told], DELIVERED);

    await lanes.endpoints.resume('whk_gone', () => true, lanes.now());
    expect(spansOf(await sender.claim())).toEqual([['whk_gone', 'items.changed', ONE, 1, 1]]);
  });

  test('one that fails is tried with what was set aside, where nothing else waits', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a', { maxInFlight: 50 });
    for (let organization = 0; organization < 12; organization += 1) {
      await lanes.change(randomUUID(), 'a');
    }
    lanes.pass(SECOND);
    await sender.finish(await sender.claim(), DELIVERED);
    const everything = { state: null, organizationId: null, since: null };
    for (const { id } of await lanes.endpoints.deliveries('whk_a', everything, null, 20)) {
      await lanes.endpoints.retry('whk_a', id, lanes.now());
    }
    for (let failure = 0; failure < 10; failure += 1) {
      await sender.finish(await sender.claim(), FAILED);
    }
    expect((await lanes.endpoints.find('whk_a'))?.health).toMatchObject({ state: 'failing', tries: 1 });
    lanes.pass(6 * SECOND);
    const tried = await sender.claim();
    expect(tried).toHaveLength(1);
    await sender.finish(tried, DELIVERED);
    expect((await lanes.endpoints.find('whk_a'))?.health).toMatchObject({ state: 'active', failures: 0 });
  });

  test('one that fails is not put off by what it does not want', async () => {
    const sender = lanes.aProcess();
    const failing = { ...HEALTHY, state: 'failing', failures: 10, tries: 1, nextTryAt: lanes.now() } as const;
    await lanes.anEndpoint('whk_a', { events: ['webhook.disabled'], health: failing });
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);

    expect(await sender.claim()).toEqual([]);
    expect((await lanes.endpoints.find('whk_a'))?.health).toEqual(failing);
  });

  test('an endpoint that is removed takes nothing of the others along', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a');
    await lanes.anEndpoint('whk_b');
    await lanes.change(ONE, 'a');
    lanes.pass(SECOND);
    const batches = await sender.claim();
    expect(await lanes.endpoints.remove('whk_a', () => false)).toBe(false);
    expect(await lanes.endpoints.remove('whk_a', () => true)).toBe(true);
    await sender.finish(batches, DELIVERED);

    const everything = { state: null, organizationId: null, since: null };
    expect(await lanes.endpoints.deliveries('whk_b', everything, null, 10)).toHaveLength(1);
    await lanes.change(ONE, 'b');
    lanes.pass(SECOND);
    expect(spansOf(await sender.claim())).toEqual([['whk_b', 'items.changed', ONE, 2, 2]]);
  });

  test('one that has much to catch up in few organizations is sent it at the same pace', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a', { health: { ...HEALTHY, state: 'paused' } });
    const long = (name: string) => Array.from({ length: 300 }, (_each, index) => `${name}${index}`.padStart(152, 'A'));
    await lanes.change(ONE, ...long('one'));
    await lanes.change(OTHER, ...long('other'));
    await lanes.endpoints.resume('whk_a', () => true, lanes.now());
    lanes.pass(SECOND);

    await sender.finish(await sender.claim(), DELIVERED);
    expect(await sender.claim()).toEqual([]);
    lanes.pass(50);
    const paced = await sender.claim();
    expect(paced).toHaveLength(1);
    await sender.finish(paced, DELIVERED);
  });

  test('one that catches up is sent twenty a second', async () => {
    const sender = lanes.aProcess();
    await lanes.anEndpoint('whk_a', { maxInFlight: 50, health: { ...HEALTHY, state: 'paused' } });
    for (let organization = 0; organization < 50; organization += 1) {
      await lanes.change(randomUUID(), 'a');
    }
    await lanes.endpoints.resume('whk_a', () => true, lanes.now());
    lanes.pass(SECOND);

    const counts: number[] = [];
    for (const wait of [0, 100, 500, 2 * SECOND, SECOND]) {
      lanes.pass(wait);
      const batches = await sender.claim();
      counts.push(batches.length);
      await sender.finish(batches, DELIVERED);
    }
    expect(counts).toEqual([20, 2, 10, 18, 0]);
  });
});
