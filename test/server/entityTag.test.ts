/** What `If-None-Match` may say, and what is answered. */
import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { sendUnlessKnown, versionOf } from '../../src/server/entityTag.ts';

const DOCUMENT = { id: 'one' };

async function ask(header?: string) {
  const app = Fastify();
  app.get('/', (request, reply) => sendUnlessKnown(request, reply, DOCUMENT, 'v1'));
  const answer = await app.inject({ url: '/', headers: header === undefined ? {} : { 'if-none-match': header } });
  await app.close();
  return { status: answer.statusCode, tag: answer.headers.etag, body: answer.body };
}

test.each(['"v1"', 'W/"v1"', '"v0", "v1"', 'W/"v0",W/"v1"', '*', ' * '])(
  '%s: nothing is sent again',
  async (header) => {
    expect(await ask(header)).toEqual({ status: 304, tag: '"v1"', body: '' });
  },
);

test.each([undefined, '', '"v0"', 'v1', '"v10"', '"*"'])('%s: the document is sent', async (header) => {
  expect(await ask(header)).toEqual({ status: 200, tag: '"v1"', body: JSON.stringify(DOCUMENT) });
});

test('a document with another member has another version', () => {
  expect(versionOf({ id: 'one' })).toBe(versionOf(DOCUMENT));
  expect(versionOf({ id: 'one', name: null })).not.toBe(versionOf(DOCUMENT));
});
