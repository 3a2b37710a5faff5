/** The control contract: what tests and curious people do to the sandbox from outside, under `/sandbox/control`. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { HOST_CLIENTS } from '../entra/registration.ts';
import { UnreadableFileError } from '../seed/leftOut.ts';
import { registerContent } from './contentControl.ts';
import { registerSubscriptionControl } from './subscriptionControl.ts';
import { registerEntraControl } from './entraControl.ts';
import { Fault } from './faults.ts';
import { accountOf, ControlError } from './named.ts';
import { type ControlContext } from './controlContext.ts';

export function registerControl(app: FastifyInstance, context: ControlContext): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ControlError) {
      return reply.code(error.status).send({ error: error.message });
    }
    if (error instanceof z.ZodError || error instanceof UnreadableFileError) {
      return reply.code(400).send({ error: error.message });
    }
    throw error;
  });
  registerPeople(app, context);
  registerContent(app, context);
  registerEntraControl(app, context);
  registerSubscriptionControl(app, context);
  registerFaults(app, context);
}

function registerPeople(app: FastifyInstance, { world, tokens }: ControlContext): void {
  app.get('/sandbox/control/people', () => ({
    tenants: world.tenants().map((tenant) => ({
      id: tenant.id,
      domain: tenant.domain,
      name: tenant.name,
      consentPolicy: tenant.policy,
      people: tenant.people.map(({ oid, upn, name, roles, mailbox }) => ({ oid, upn, name, roles, mailbox })),
    })),
  }));
  const TokenBody = z.strictObject({
    as: z.string(),
    audience: z.enum(['api', 'graph']).default('api'),
    claims: z.record(z.string(), z.unknown()).default({}),
    header: z.record(z.string(), z.unknown()).default({}),
  });
  app.post('/sandbox/control/token', (request) => {
    const { as, audience, claims, header } = TokenBody.parse(request.body);
    const { tenant, person } = accountOf(world, as);
    const base =
      audience === 'graph' ? tokens.graphToken(tenant, person) : tokens.apiToken(tenant, person, HOST_CLIENTS.teams);
    const changed = Object.fromEntries(Object.entries({ ...base, ...claims }).filter(([, value]) => value !== null));
    const seconds = typeof changed['exp'] === 'number' ? changed['exp'] : 0;
    return { token: tokens.sign(changed, header), expiresAt: new Date(seconds * 1000).toISOString() };
  });
}

function registerFaults(app: FastifyInstance, { faults, log }: ControlContext): void {
  app.post('/sandbox/control/faults', (request) => {
    const script = z.array(Fault).parse(request.body);
    faults.add(script);
    return { faults: script.length };
  });
  app.get('/sandbox/control/faults', () => ({ held: faults.held }));
  app.delete('/sandbox/control/faults', () => {
    faults.clear();
    return {};
  });
  app.get('/sandbox/control/requests', (request) => {
    const { since } = z.object({ since: z.coerce.number().int().default(0) }).parse(request.query);
    return log.since(since);
  });
}
