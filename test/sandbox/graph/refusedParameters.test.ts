/** Which parameters the sandbox's Graph takes with a delta, as Microsoft's pages have it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { GraphError } from '../../../src/sandbox/graph/errors.ts';
import { refuseParameters } from '../../../src/sandbox/graph/refusedParameters.ts';

let app: FastifyInstance;

beforeAll(() => {
  app = Fastify();
  refuseParameters(app);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof GraphError ? reply.code(error.refusal.status).send(error.refusal.code) : reply.send(error),
  );
  app.get('/*', () => 'taken');
});
afterAll(() => app.close());

const MESSAGES = '/v1.0/me/mailFolders/inbox/messages/delta';
const DATE = '2026-11-01T00:00:00Z';

test.each([
  [MESSAGES, { $select: 'subject', $top: '5' }],
  [MESSAGES, { $filter: `receivedDateTime ge ${DATE}` }],
  [MESSAGES, { $filter: `receivedDateTime gt ${DATE}` }],
  [MESSAGES, { $orderby: 'receivedDateTime desc' }],
  ['/v1.0/me/mailFolders/delta', { $select: 'displayName' }],
  ['/v1.0/me/contactFolders/x/contacts/delta', { $select: 'displayName' }],
  ['/v1.0/me/calendarView/delta', { startDateTime: DATE, endDateTime: DATE }],
  ['/v1.0/me/drive/root/delta', { $top: '5', $select: 'name' }],
  ['/v1.0/me/messages', { $search: 'x', $filter: "subject eq 'x'" }],
])('%s takes %j', async (url, query) => {
  expect((await app.inject({ url, query })).body).toBe('taken');
});

test.each([
  [MESSAGES, { $search: 'x' }],
  [MESSAGES, { $filter: "subject eq 'x'" }],
  [MESSAGES, { $filter: `receivedDateTime lt ${DATE}` }],
  [MESSAGES, { $filter: `receivedDateTime ge ${DATE} and isRead eq true` }],
  [MESSAGES, { $orderby: 'receivedDateTime asc' }],
  [`${MESSAGES}()`, { $search: 'x' }],
  ['/v1.0/users/careers@harborreed.example/mailFolders/x/messages/delta', { $search: 'x' }],
  ['/v1.0/me/mailFolders/delta', { $top: '5' }],
  ['/v1.0/me/contactFolders/delta', { $orderby: 'displayName' }],
  ['/v1.0/me/contacts/delta', { $top: '5' }],
  ['/v1.0/me/calendarView/delta', { startDateTime: DATE, $select: 'subject' }],
  ['/v1.0/me/drive/root/delta', { $search: 'x' }],
])('%s refuses %j', async (url, query) => {
  const answer = await app.inject({ url, query });

  expect([answer.statusCode, answer.body]).toEqual([400, 'ErrorInvalidUrlQuery']);
});

test.each(['/v1.0/me/messages/delta', '/v1.0/users/careers@harborreed.example/messages/delta()'])(
  '%s is tracked by nobody: changes come folder by folder',
  async (url) => {
    const answer = await app.inject({ url });

    expect([answer.statusCode, answer.body]).toEqual([400, 'BadRequest']);
  },
);
