/** Lines for a reader that takes none: memory stays flat, and the reader is cut off. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Lines, sendLines } from '../../src/server/ndjson.ts';

const PAGE = { lines: [{ text: 'x'.repeat(256 * 1024) }], end: { next: null } };
/** What the kernel may hold for both ends of a connection on loopback, and then some. */
const MAX_PAGES_HELD = 200;

let app: FastifyInstance;
let pages = 0;
let over = Promise.withResolvers<void>();

beforeEach(async () => {
  pages = 0;
  over = Promise.withResolvers();
  app = Fastify();
  app.get('/', (_request, reply) => sendLines(reply, endless(), 300));
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

async function* endless(): AsyncIterable<Lines> {
  try {
    for (;;) {
      pages += 1;
      yield await Promise.resolve(PAGE);
    }
  } finally {
    over.resolve();
  }
}

async function ask() {
  const socket = connect(z.object({ port: z.number() }).parse(app.server.address()).port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\naccept: application/x-ndjson\r\n\r\n');
  return socket;
}

test('a reader that takes nothing gets no more than a connection holds, and is cut off', async () => {
  const socket = await ask();
  socket.pause();
  await over.promise;

  expect(pages).toBeLessThan(MAX_PAGES_HELD);
  socket.destroy();
});

test('a reader that leaves ends the reading', async () => {
  const socket = await ask();
  await once(socket, 'data');
  socket.destroy();
  await over.promise;

  expect(pages).toBeLessThan(MAX_PAGES_HELD);
});
