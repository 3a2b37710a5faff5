/** Whose a calendar is: birthdays and holidays, which no one can share on, are the person's own. */
import { expect, test } from '@jest/globals';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import { GRAPH, ScriptedGraph } from '../support/scriptedGraph.ts';
import { aDesiredStream } from '../support/buildStream.ts';

const MARA = { name: 'Mara Ellis', address: 'Mara.Ellis@harborreed.example' };
const TOM = { name: 'Tom Whitaker', address: 'tom.whitaker@harborreed.example' };
const DEFAULT = { id: 'default', name: 'Calendar', canShare: true, isDefaultCalendar: true, owner: MARA };

async function sharedAmong(calendars: readonly object[]): Promise<Readonly<Record<string, boolean>>> {
  const graph = new ScriptedGraph(() => ({ body: { value: calendars } }));
  const urls = { notifications: `${GRAPH}/notifications`, lifecycle: `${GRAPH}/lifecycle` };
  const access = { accessToken: 'a token', mailbox: 'me', memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001' };
  const reading = { ...aDesiredStream('calendar', ''), pageSize: 10, isLight: false };
  const answer = await openGraphPort(new GraphTransport(graph, GRAPH), urls).containers(access, reading, null);
  const changes = answer.kind === 'ok' ? answer.value.changes : [];
  return Object.fromEntries(changes.map((change) => [change.id, change.kind === 'upsert' && change.item.isShared]));
}

test('a calendar is shared where someone else owns it, whether or not it can be shared on', async () => {
  const shared = await sharedAmong([
    DEFAULT,
    { id: 'holidays', name: 'Holidays', canShare: false, owner: { ...MARA, address: MARA.address.toLowerCase() } },
    { id: 'delegated', name: 'Tom', canShare: true, owner: TOM },
    { id: 'read', name: 'Tom too', canShare: false, owner: TOM },
  ]);

  expect(shared).toEqual({ default: false, holidays: false, delegated: true, read: true });
});

test('where no owner is named, what cannot be shared on is taken for shared', async () => {
  const shared = await sharedAmong([
    { ...DEFAULT, owner: null },
    { id: 'a', name: 'A', canShare: false, owner: null },
    { id: 'b', name: 'B', canShare: true },
  ]);

  expect(shared).toEqual({ default: false, a: true, b: false });
});
