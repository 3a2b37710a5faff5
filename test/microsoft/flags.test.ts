/** K5 What changes the meaning of an item is kept with it, in the words that Graph has for it. */
import { expect, test } from '@jest/globals';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import type { Reading } from '../../src/sync/ports.ts';
import { wholeEvent, wholeMessage } from '../support/graphEntries.ts';
import { GRAPH, ScriptedGraph } from '../support/scriptedGraph.ts';
import { aDesiredStream } from '../support/buildStream.ts';

const ACCESS = { accessToken: 'a token', mailbox: 'me', memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001' };
const WINDOW = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

function portFor(entry: object) {
  const graph = new ScriptedGraph((url) => ({
    body: { value: [entry], '@odata.deltaLink': `${url.origin}${url.pathname}?$deltatoken=now` },
  }));
  const urls = { notifications: `${GRAPH}/notifications`, lifecycle: `${GRAPH}/lifecycle` };
  return openGraphPort(new GraphTransport(graph, GRAPH), urls);
}

function readingOf(category: Category): Reading {
  return { ...aDesiredStream(category, 'a'), pageSize: 10, isLight: false };
}

test.each([
  ['cancelled', { isCancelled: true, showAs: 'free' }, { isCancelled: true, showAs: 'free' }],
  ['private', { sensitivity: 'private' }, { sensitivity: 'private' }],
  ['declined', { responseStatus: { response: 'declined' } }, { response: 'declined' }],
  ['of a whole day', { isAllDay: true }, { isAllDay: true }],
])('an event that is %s', async (_what, said, kept) => {
  const answer = await portFor(wholeEvent('e', said)).calendarView(ACCESS, readingOf('calendar'), WINDOW, null);

  expect(answer).toMatchObject({ kind: 'ok', value: { changes: [{ item: { item: { content: kept } } }] } });
});

test('a message that is a draft', async () => {
  const entry = { ...wholeMessage('m'), isDraft: true };
  const answer = await portFor(entry).items(ACCESS, readingOf('mail'), null);

  expect(answer).toMatchObject({ kind: 'ok', value: { changes: [{ item: { content: { isDraft: true } } }] } });
});
