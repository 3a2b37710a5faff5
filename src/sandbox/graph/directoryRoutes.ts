/**
 * The directory: people, groups, the application's service principal, grants and policies.
 *
 * Source  "List users", "List groups", "List group transitive members", "List a user's direct memberships",
 *         "servicePrincipal", "oAuth2PermissionGrant", "authorizationPolicy", "adminConsentRequestPolicy"
 *         (Microsoft Graph v1.0). Grants are named by service principal ids, never by application ids.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Person } from '../world/people.ts';
import type { Tenant } from '../world/world.ts';
import { ALLOWED, applicationOf, type Caller, callerOf, requirePermission, isApplicationToken } from './access.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graphContext.ts';
import { pageRequest, selected } from './paging.ts';

export function registerDirectory(app: FastifyInstance, context: GraphContext): void {
  registerPeople(app, context);
  registerApplication(app, context);
}

function registerPeople(app: FastifyInstance, context: GraphContext): void {
  app.get('/v1.0/users', (request) => {
    const tenant = application(context, request, 'users');
    return { value: search(tenant.people, request).map(presentPerson) };
  });
  /** By object id or by name; with `User.Read` alone people see themselves. */
  app.get('/v1.0/users/:id', (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const tenant = isApplicationToken(context, request)
      ? application(context, request, 'users')
      : tenantSeen(callerOf(context, request), id);
    const person = tenant.people.find(({ oid, upn }) => oid === id || upn.toLowerCase() === id.toLowerCase());
    if (person === undefined) {
      throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
    }
    return selected(presentPerson(person), pageRequest(request, 'user', context.generation()).select);
  });
  app.get('/v1.0/groups', (request) => {
    const tenant = application(context, request, 'groups');
    const { text } = filterOf(request);
    const found = tenant.groups.filter(({ name }) => name.toLowerCase().startsWith(text));
    return { value: found.map(({ id, name }) => ({ id, displayName: name })) };
  });
  app.get('/v1.0/groups/:id/transitiveMembers', (request) => {
    const tenant = application(context, request, 'groups');
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const group = tenant.groups.find((each) => each.id === id);
    if (group === undefined) {
      throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
    }
    const members = tenant.people.filter(({ oid }) => group.members.includes(oid));
    return { value: members.map((person) => ({ '@odata.type': '#microsoft.graph.user', ...presentPerson(person) })) };
  });
  app.get('/v1.0/me/transitiveMemberOf', (request) => {
    const caller = delegated(context, request, 'ownGroups');
    const groups = caller.tenant.groups.filter(({ members }) => members.includes(caller.person.oid));
    // With User.Read alone, only the kind and the id of other objects are told.
    return { value: groups.map(({ id }) => ({ '@odata.type': '#microsoft.graph.group', id })) };
  });
}

function tenantSeen(caller: Caller, id: string): Tenant {
  const isOwn = id === caller.person.oid || id.toLowerCase() === caller.person.upn.toLowerCase();
  requirePermission(caller, isOwn ? 'profile' : 'users');
  return caller.tenant;
}

function registerApplication(app: FastifyInstance, context: GraphContext): void {
  app.get('/v1.0/policies/authorizationPolicy', (request) => {
    const { tenant } = delegated(context, request, 'policies');
    const assigned = tenant.policy === 'none' ? [] : [`ManagePermissionGrantsForSelf.${tenant.policy}`];
    return {
      id: 'authorizationPolicy',
      defaultUserRolePermissions: { permissionGrantPoliciesAssigned: assigned },
    };
  });
  app.get('/v1.0/policies/adminConsentRequestPolicy', (request) => {
    const { tenant } = delegated(context, request, 'policies');
    return { isEnabled: context.world.requestsEnabled(tenant.id), version: 0 };
  });
  app.get('/v1.0/oauth2PermissionGrants', (request) => {
    const { tenant } = delegated(context, request, 'readGrants');
    const { $filter: filter = '' } = z.object({ $filter: z.string().optional() }).parse(request.query);
    const wanted = /^clientId eq '([^']+)'$/.exec(filter)?.[1];
    const isOurs = wanted === undefined || wanted === servicePrincipalId(tenant, 'application');
    return { value: isOurs ? grantsOf(context, tenant) : [] };
  });
  app.patch('/v1.0/oauth2PermissionGrants/:id', (request, reply) => {
    const { tenant } = delegated(context, request, 'changeGrants');
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const { scope } = z.object({ scope: z.string() }).parse(request.body);
    const scopes = scope.split(' ').filter((name) => name !== '');
    // A grant of nothing is none: Graph wants it deleted.
    if (scopes.length === 0) {
      throw new GraphError(GRAPH_REFUSALS.badRequest);
    }
    changeGrant(context, tenant, id, scopes);
    return reply.code(204).send();
  });
  app.delete('/v1.0/oauth2PermissionGrants/:id', (request, reply) => {
    const { tenant } = delegated(context, request, 'changeGrants');
    changeGrant(context, tenant, z.object({ id: z.string() }).parse(request.params).id, []);
    return reply.code(204).send();
  });
  app.get('/v1.0/:entity', (request) => {
    const { entity } = z.object({ entity: z.string() }).parse(request.params);
    const appId = /^servicePrincipals\(appId='([^']+)'\)$/.exec(entity)?.[1];
    if (appId === undefined) {
      throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
    }
    const { tenant } = delegated(context, request, 'servicePrincipals');
    const { enabled, assignmentRequired, verifiedPublisher } = context.world.application(tenant.id);
    return {
      id: servicePrincipalId(tenant, 'application'),
      appId,
      displayName: 'Assent',
      accountEnabled: enabled,
      appRoleAssignmentRequired: assignmentRequired,
      verifiedPublisher: { displayName: verifiedPublisher, verifiedPublisherId: null, addedDateTime: null },
    };
  });
}

function delegated(context: GraphContext, request: FastifyRequest, resource: keyof typeof ALLOWED): Caller {
  const caller = callerOf(context, request);
  requirePermission(caller, resource);
  return caller;
}

function application(context: GraphContext, request: FastifyRequest, resource: keyof typeof ALLOWED): Tenant {
  const { tenant, roles } = applicationOf(context, request);
  if (ALLOWED[resource]?.some((role) => roles.includes(role)) !== true) {
    throw new GraphError(GRAPH_REFUSALS.accessDenied);
  }
  return tenant;
}

function grantsOf({ world }: GraphContext, tenant: Tenant): readonly object[] {
  return world.listedGrants(tenant.id).map(({ oid, scopes }) => ({
    id: grantId(tenant, oid),
    clientId: servicePrincipalId(tenant, 'application'),
    consentType: oid === null ? 'AllPrincipals' : 'Principal',
    principalId: oid,
    resourceId: servicePrincipalId(tenant, 'graph'),
    // Microsoft's lists may begin with a blank.
    scope: ` ${scopes.filter((scope) => scope !== 'access_as_user').join(' ')}`,
  }));
}

function grantId(tenant: Tenant, oid: string | null): string {
  return digest(`${tenant.id} grant ${oid ?? 'everybody'}`);
}

/** Object ids differ from tenant to tenant; only the application id is the same everywhere. */
function servicePrincipalId(tenant: Tenant, of: 'application' | 'graph'): string {
  const hex = createHash('sha256').update(`${tenant.id} ${of}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 43);
}

function search(people: readonly Person[], request: FastifyRequest): readonly Person[] {
  const { text } = filterOf(request);
  return people.filter(
    ({ name, upn, mailbox }) =>
      mailbox !== 'shared' && (name.toLowerCase().startsWith(text) || upn.toLowerCase().startsWith(text)),
  );
}

/** Of the filters that Graph knows, the one by the beginning of a name. */
function filterOf(request: FastifyRequest): { readonly text: string } {
  const { $filter: filter = '' } = z.object({ $filter: z.string().optional() }).parse(request.query);
  const text = /^startswith\(displayName,'((?:[^']|'')*)'\)/.exec(filter)?.[1]?.replaceAll("''", "'");
  return { text: (text ?? '').toLowerCase() };
}

export function presentPerson({ oid, name, upn, mailbox, isGuest }: Person): Record<string, unknown> {
  return {
    id: oid,
    displayName: name,
    mail: upn,
    userPrincipalName: upn,
    userType: isGuest ? 'Guest' : 'Member',
    accountEnabled: mailbox !== 'disabled',
  };
}

/** The application's own permission is a grant to another resource, which this one does not touch. */
function changeGrant({ world }: GraphContext, tenant: Tenant, id: string, scopes: readonly string[]): void {
  const grant = world.listedGrants(tenant.id).find(({ oid }) => grantId(tenant, oid) === id);
  if (grant === undefined) {
    throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
  }
  const kept = grant.scopes.filter((name) => name === 'access_as_user');
  world.setGrant(tenant.id, grant.oid, [...new Set([...scopes, ...kept])]);
}
