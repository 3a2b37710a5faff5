/** What a reader is told whatever they filter by is what they must not miss. */
import { expect, test } from '@jest/globals';
import { AUDIT_ACTIONS } from '../../src/domain/audit.ts';
import { ALWAYS_TOLD, CHANGE_TYPES, changeOfAct } from '../../src/domain/feed.ts';

test('items can be filtered; that something has to go, or has ended, cannot', () => {
  expect(CHANGE_TYPES).toEqual([
    'item.upserted',
    'item.removed',
    'category.erased',
    'connection.made',
    'connection.lost',
    'connection.ended',
    'organization.admitted',
    'organization.modeChanged',
    'organization.selectionChanged',
    'organization.suspended',
    'organization.resumed',
  ]);
  expect(ALWAYS_TOLD).toEqual(['category.erased', 'connection.ended']);
});

test('of the history it tells what an operator has to know, each act once', () => {
  const told = AUDIT_ACTIONS.flatMap((action) => {
    const type = changeOfAct(action);
    return type === null ? [] : [[action, type]];
  });
  expect(told).toEqual([
    ['organization.onboarded', 'organization.admitted'],
    ['organization.modeChanged', 'organization.modeChanged'],
    ['organization.selectionChanged', 'organization.selectionChanged'],
    ['organization.suspended', 'organization.suspended'],
    ['organization.unsuspended', 'organization.resumed'],
    ['connection.made', 'connection.made'],
    ['connection.lost', 'connection.lost'],
  ]);
});
