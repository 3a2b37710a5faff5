import { expect, test } from '@jest/globals';
import { parseEvent } from '../../src/client/api/events.ts';

test('an event has an id, a name and its data', () => {
  expect(parseEvent('id: a.b\nevent: sync\ndata: {"mode":"individual: yes"}')).toEqual({
    id: 'a.b',
    name: 'sync',
    data: '{"mode":"individual: yes"}',
  });
});

test.each([':', '', ': keep-alive', 'data: without a name'])('%j is no event', (block) => {
  expect(parseEvent(block)).toBeNull();
});
