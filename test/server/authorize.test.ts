/** Who may call a route: what each hook answers, and that no handler runs for someone who may not. */
import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import type { ProductRole } from '../../src/domain/roles.ts';
import { callerOf, decorateCaller, openAllow, principalOf } from '../../src/server/authorize.ts';
import { sendProblem } from '../../src/server/problems.ts';
import { aPrincipal } from '../support/aPrincipal.ts';
import { MARA } from '../support/storedRecords.ts';

const TOKEN = 'Bearer of-mara';
const EXPIRES_AT = new Date('2026-11-30T13:00:00Z');
const UNKNOWN = 'unknown';

type Role = ProductRole | null | typeof UNKNOWN;

/** The status and the problem's code, or who the handler saw. */
async function ask(access: 'person' | 'member' | 'manager', role: Role, authorization = TOKEN): Promise<unknown> {
  const app = Fastify();
  decorateCaller(app);
  const principal = aPrincipal(MARA.tenantId, MARA.memberId);
  const allow = openAllow(
    (request, reply) => {
      if (request.headers.authorization === TOKEN) {
        return Promise.resolve({ kind: 'person', principal, token: 'of-mara', expiresAt: EXPIRES_AT });
      }
      sendProblem(reply, 'token_missing');
      return Promise.resolve(null);
    },
    { member: () => Promise.resolve(role === UNKNOWN ? null : { ...MARA, productRole: role }) },
  );
  app.get('/', { preHandler: allow[access] }, (request) =>
    Promise.resolve({ code: `${principalOf(request).memberId} until ${callerOf(request).expiresAt.toISOString()}` }),
  );
  const answer = await app.inject({ url: '/', headers: { authorization } });
  await app.close();
  return [answer.statusCode, answer.json().code];
}

const PASSED = [200, `${MARA.memberId} until ${EXPIRES_AT.toISOString()}`];
const NOT_KNOWN = [403, 'tenant_not_onboarded'];
const NO_ROLE = [403, 'product_role_required'];

test.each([
  ['person', UNKNOWN, PASSED],
  ['person', null, PASSED],
  ['member', UNKNOWN, NOT_KNOWN],
  ['member', null, PASSED],
  ['member', 'owner', PASSED],
  ['manager', UNKNOWN, NOT_KNOWN],
  ['manager', null, NO_ROLE],
  ['manager', 'manager', PASSED],
  ['manager', 'owner', PASSED],
] as const)('a route for every %s, and someone whose role is %s', async (access, role, expected) => {
  expect(await ask(access, role)).toEqual(expected);
});

test.each(['person', 'member', 'manager'] as const)('a stranger at a route for every %s', async (access) => {
  expect(await ask(access, 'owner', 'Bearer of-nobody')).toEqual([401, 'token_missing']);
});

test('a route that lets everyone pass cannot ask who calls', async () => {
  const app = Fastify();
  decorateCaller(app);
  app.get('/', (request) => Promise.resolve(principalOf(request)));
  const answer = await app.inject('/');
  await app.close();

  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain(MARA.tenantId);
});
