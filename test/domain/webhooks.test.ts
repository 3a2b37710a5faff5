/** Which events an endpoint is sent. */
import { expect, test } from '@jest/globals';
import { CHANGE_TYPES } from '../../src/domain/feed.ts';
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
    'feed.gap',
    'webhook.test',
    'webhook.disabled',
    ...CHANGE_TYPES.slice(2),
  ]);
  expect(CHOSEN_EVENTS).toEqual([
    'items.changed',
    'webhook.disabled',
    'connection.made',
    'connection.lost',
    'organization.admitted',
    'organization.modeChanged',
    'organization.selectionChanged',
    'organization.suspended',
    'organization.resumed',
  ]);
  expect(WEBHOOK_PAYLOADS).toEqual(['changes', 'hint']);
  expect(DELIVERY_STATES).toEqual(['delivered', 'retrying', 'waiting', 'failed']);
});

test('an endpoint that wants everything is sent everything', () => {
  expect(WEBHOOK_EVENTS.filter((event) => !isSent(event, null))).toEqual([]);
  expect(changesSent(null)).toEqual(CHANGE_TYPES);
});

test('what must not be missed is sent to one that wants nothing of it', () => {
  expect(WEBHOOK_EVENTS.filter((event) => isSent(event, []))).toEqual([
    'feed.gap',
    'webhook.test',
    'category.erased',
    'connection.ended',
  ]);
  expect(changesSent(['webhook.disabled'])).toEqual(['category.erased', 'connection.ended']);
  expect(isSent('items.changed', ['items.changed'])).toBe(true);
});

test('every try of a delivery is named after it', () => {
  expect(webhookIdOf('dlv_x_dlv_')).toBe('evt_x_dlv_');
});
