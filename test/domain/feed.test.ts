/** What a reader is told whatever they filter by is what they must not miss. */
import { expect, test } from '@jest/globals';
import { ALWAYS_TOLD, CHANGE_TYPES } from '../../src/domain/feed.ts';

test('items can be filtered; that something has to go, or has ended, cannot', () => {
  expect(CHANGE_TYPES).toEqual(['item.upserted', 'item.removed', 'category.erased', 'connection.ended']);
  expect(ALWAYS_TOLD).toEqual(['category.erased', 'connection.ended']);
});
