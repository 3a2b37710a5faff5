/** What tests do to the sandbox's Entra and Exchange: grants, policies, the application, delays, extra steps. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONSENT_POLICIES, MAILBOX_KINDS } from '../world/people.ts';
import type { World } from '../world/world.ts';
import type { ControlContext } from './controlContext.ts';
import { accountOf, tenantOf } from './named.ts';

export function registerEntraControl(
  app: FastifyInstance,
  { world, now }: Pick<ControlContext, 'world' | 'now'>,
): void {
  registerGrants(app, world);
  registerApplication(app, world);
  const PolicyBody = z.strictObject({ tenant: z.string(), policy: z.enum(CONSENT_POLICIES) });
  app.put('/sandbox/control/consent-policy', (request) => {
    const { tenant, policy } = PolicyBody.parse(request.body);
    world.setPolicy(tenantOf(world, tenant).id, policy);
    return { policy };
  });
  const MailboxBody = z.strictObject({ mailbox: z.enum(MAILBOX_KINDS) });
  app.put('/sandbox/control/mailboxes/:upn', (request) => {
    const { upn } = z.object({ upn: z.string() }).parse(request.params);
    const { mailbox } = MailboxBody.parse(request.body);
    world.setMailbox(accountOf(world, upn).person.oid, mailbox);
    return { mailbox };
  });
  const SharedBody = z.strictObject({ sharedWith: z.array(z.string()) });
  app.put('/sandbox/control/mailboxes/:upn/shared', (request) => {
    const { upn } = z.object({ upn: z.string() }).parse(request.params);
    const { sharedWith } = SharedBody.parse(request.body);
    const people = sharedWith.map((each) => accountOf(world, each).person.oid);
    world.shareMailbox(accountOf(world, upn).person.oid, people);
    return { sharedWith };
  });
  const SessionsBody = z.strictObject({ as: z.string() });
  app.post('/sandbox/control/sessions/revoke', (request) => {
    const { person } = accountOf(world, SessionsBody.parse(request.body).as);
    world.revokeSessions(person.oid, Math.floor(now().getTime() / 1000) + 1);
    return { as: person.upn };
  });
}

function registerGrants(app: FastifyInstance, world: World): void {
  const GrantBody = z.strictObject({
    tenant: z.string(),
    for: z.string(),
    scopes: z.array(z.string()).default([]),
    roles: z.array(z.string()).default([]),
  });
  const parse = (body: unknown) => {
    const { tenant: name, for: whom, scopes, roles } = GrantBody.parse(body);
    const tenant = tenantOf(world, name);
    const to = whom === 'everyone' ? ('everyone' as const) : { oid: accountOf(world, whom).person.oid };
    return { tenantId: tenant.id, to, scopes, roles };
  };
  app.post('/sandbox/control/grants', (request) => {
    const { tenantId, to, scopes, roles } = parse(request.body);
    if (scopes.length > 0) {
      world.grant(tenantId, to, scopes);
    }
    world.setServiceRoles(tenantId, [...world.serviceRoles(tenantId), ...roles]);
    return { scopes, roles };
  });
  app.delete('/sandbox/control/grants', (request) => {
    const { tenantId, to, scopes, roles } = parse(request.body);
    world.revoke(tenantId, to, scopes);
    const left = world.serviceRoles(tenantId).filter((role) => !roles.includes(role));
    world.setServiceRoles(tenantId, left);
    return { scopes, roles };
  });
  const PageBody = z.strictObject({ isolated: z.boolean() });
  app.put('/sandbox/control/sign-in-page', (request) => {
    world.isolatesSignIn = PageBody.parse(request.body).isolated;
    return { isolated: world.isolatesSignIn };
  });
  const DelayBody = z.strictObject({ tenant: z.string(), milliseconds: z.int().min(0) });
  app.put('/sandbox/control/propagation', (request) => {
    const { tenant, milliseconds } = DelayBody.parse(request.body);
    world.setPropagation(tenantOf(world, tenant).id, milliseconds);
    return { milliseconds };
  });
}

function registerApplication(app: FastifyInstance, world: World): void {
  const ApplicationBody = z.strictObject({
    tenant: z.string(),
    enabled: z.boolean().optional(),
    assignmentRequired: z.boolean().optional(),
    assigned: z.array(z.string()).optional(),
    verifiedPublisher: z.string().nullable().optional(),
    /** Whether users may send consent requests to admins. */
    requestsEnabled: z.boolean().optional(),
    /** Whether a Conditional Access policy asks for one more step. */
    stepUp: z.boolean().optional(),
  });
  app.put('/sandbox/control/application', (request) => {
    const { tenant: name, requestsEnabled, stepUp, assigned, ...change } = ApplicationBody.parse(request.body);
    const tenant = tenantOf(world, name);
    const people = assigned?.map((upn) => accountOf(world, upn).person.oid);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    world.changeApplication(tenant.id, { ...given, ...(people === undefined ? {} : { assigned: people }) });
    if (requestsEnabled !== undefined) {
      world.enableRequests(tenant.id, requestsEnabled);
    }
    if (stepUp !== undefined) {
      world.requireStepUp(tenant.id, stepUp);
    }
    return world.application(tenant.id);
  });
  app.get('/sandbox/control/consent-requests', (request) => {
    const { tenant } = z.object({ tenant: z.string() }).parse(request.query);
    return { requests: world.requests(tenantOf(world, tenant).id) };
  });
  const ExchangeBody = z.strictObject({
    tenant: z.string(),
    roles: z.array(z.string()),
    mailboxes: z.union([z.literal('everyone'), z.array(z.string())]),
    delayMilliseconds: z.int().min(0).default(0),
  });
  app.put('/sandbox/control/exchange-roles', (request) => {
    const { tenant: name, roles, mailboxes, delayMilliseconds } = ExchangeBody.parse(request.body);
    const tenant = tenantOf(world, name);
    const oids = mailboxes === 'everyone' ? mailboxes : mailboxes.map((upn) => accountOf(world, upn).person.oid);
    world.setExchangeRoles(tenant.id, roles.length === 0 ? [] : [{ roles, mailboxes: oids }], delayMilliseconds);
    return { roles };
  });
}
