/** T7 One mailbox's subscriptions among those of a whole tenant, however Graph writes whose they are. */
import { expect, test } from '@jest/globals';
import { listSubscriptions } from '../../src/microsoft/graph/subscriptions.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import { GRAPH, type Scripted, ScriptedGraph } from '../support/scriptedGraph.ts';

const MARA = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const TOM = '7c2a9e10-0002-4c3d-8e5f-100000000002';
const URLS = {
  notifications: 'https://assent.test/graph/notifications',
  lifecycle: 'https://assent.test/graph/lifecycle',
};
const AS_APPLICATION = { accessToken: 'a token', mailbox: `users/${MARA}`, memberId: MARA };

const entry = (id: string, resource: string, notificationUrl: string = URLS.notifications) => ({
  id,
  resource,
  notificationUrl,
});

const FIRST = {
  body: {
    value: [
      entry('tom 1', `users/${TOM}/messages`),
      entry('mara 1', `users/${MARA}/messages`),
      entry('mara events', `users/${MARA}/events`),
      entry('mara elsewhere', `users/${MARA}/messages`, 'https://other.test/notifications'),
    ],
    '@odata.nextLink': `${GRAPH}/v1.0/subscriptions?$skiptoken=2`,
  },
};
const SECOND = {
  body: {
    value: [
      entry('mara 2', `/Users('${MARA.toUpperCase()}@9f2c6b1e-4d3a-4f7b-8c21-5e6a7d8b9c01')/Messages`),
      entry('tom 2', `/Users('${TOM}')/messages`),
    ],
  },
};

function list(answer: (url: URL) => Scripted, access = AS_APPLICATION) {
  const transport = new GraphTransport(new ScriptedGraph(answer), GRAPH);
  return listSubscriptions(transport, URLS, access, 'messages');
}

test("of a tenant's list, page by page, only those of the mailbox are named", async () => {
  const answer = await list((url) => (url.searchParams.has('$skiptoken') ? SECOND : FIRST));

  expect(answer).toEqual({ kind: 'ok', value: ['mara 1', 'mara 2'] });
});

test("a member's own list says `me` or who they are", async () => {
  const value = [entry('one', 'me/messages'), entry('two', `Users/${MARA}/messages`), entry('three', 'me/events')];
  const answer = await list(() => ({ body: { value } }), { ...AS_APPLICATION, mailbox: 'me' });

  expect(answer).toEqual({ kind: 'ok', value: ['one', 'two'] });
});

test.each([
  ['leads to another host', 'https://elsewhere.test/v1.0/subscriptions?$skiptoken=2'],
  ['never ends', `${GRAPH}/v1.0/subscriptions?$skiptoken=1`],
])('a list that %s names nothing', async (_, link) => {
  const answer = await list(() => ({
    body: { value: [entry('mara 1', `users/${MARA}/messages`)], '@odata.nextLink': link },
  }));

  expect(answer).toEqual({ kind: 'failed', code: 'unexpectedAnswer' });
});
