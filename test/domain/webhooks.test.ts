/** Which events an endpoint is sent. */
import { expect, test } from '@jest/globals';
import {
  changesSent,
  CHOSEN_EVENTS,
  DELIVERY_STATES,
  isSent,
  WEBHOOK_EVENTS,
  WEBHOOK_PAYLOADS,
  webhookIdOf,
} from '../../src/domain/webhooks.ts';

test('the words are these', () => {
  expect(WEBHOOK_EVENTS).toEqual([
    'items.changed',
    'category.erased',
    'connection.ended',
    'feed.gap',
    'webhook.test',
    'webhook.disabled',
  ]);
  expect(CHOSEN_EVENTS).toEqual(['items.changed', 'webhook.disabled']);
  expect(WEBHOOK_PAYLOADS).toEqual(['changes', 'hint']);
  expect(DELIVERY_STATES).toEqual(['delivered', 'retrying', 'waiting', 'failed']);
});

test('an endpoint that wants everything is sent everything', () => {
  expect(WEBHOOK_EVENTS.filter((event) => !isSent(event, null))).toEqual([]);
  expect(changesSent(null)).toEqual(['item.upserted', 'item.removed', 'category.erased', 'connection.ended']);
});

test('what must not be missed is sent to one that wants nothing of it', () => {
  expect(WEBHOOK_EVENTS.filter((event) => isSent(event, []))).toEqual([
    'category.erased',
    'connection.ended',
    'feed.gap',
    'webhook.test',
  ]);
  expect(changesSent(['webhook.disabled'])).toEqual(['category.erased', 'connection.ended']);
  expect(isSent('items.changed', ['items.changed'])).toBe(true);
});

test('every try of a delivery is named after it', () => {
  expect(webhookIdOf('dlv_x_dlv_')).toBe('evt_x_dlv_');
});
