/**
 * Who calls Graph and whether the token's scopes allow it.
 *
 * Least permissions are those of Microsoft's path table ("Microsoft Graph permissions reference"); a test
 * compares them with Microsoft's published data.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GRAPH_APP_ID } from '../entra/registration.ts';
import { type SignedClaims, verifyToken } from '../entra/verify.ts';
import type { Person } from '../world/people.ts';
import type { Tenant, World } from '../world/world.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';

export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  profile: ['User.Read', 'User.ReadBasic.All', 'User.Read.All'],
  organization: ['User.Read', 'Organization.Read.All'],
  mail: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
  mailBody: ['Mail.Read', 'Mail.ReadWrite'],
  sendMail: ['Mail.Send'],
  calendar: ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'],
  calendarDelta: ['Calendars.Read', 'Calendars.ReadWrite'],
  sharedCalendars: ['Calendars.Read.Shared', 'Calendars.ReadWrite.Shared'],
  users: ['User.ReadBasic.All', 'User.Read.All', 'Directory.Read.All'],
  groups: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  ownGroups: ['User.Read', 'GroupMember.Read.All', 'Directory.Read.All'],
  servicePrincipals: ['Application.Read.All', 'Directory.Read.All'],
  policies: ['Policy.Read.All'],
  readGrants: ['Directory.Read.All', 'DelegatedPermissionGrant.ReadWrite.All'],
  changeGrants: ['DelegatedPermissionGrant.ReadWrite.All'],
  calendarBody: ['Calendars.Read', 'Calendars.ReadWrite'],
  contacts: ['Contacts.Read', 'Contacts.ReadWrite'],
  tasks: ['Tasks.Read', 'Tasks.ReadWrite'],
  taskListsDelta: ['Tasks.ReadWrite'],
  driveWebhooks: ['Files.ReadWrite.All'],
  taskWebhooks: ['Tasks.ReadWrite'],
  files: ['Files.Read', 'Files.Read.All', 'Files.ReadWrite', 'Files.ReadWrite.All'],
};

export interface Caller {
  readonly tenant: Tenant;
  /** The signed-in person, or whose mailbox an application's token is used for. */
  readonly person: Person;
  readonly scopes: readonly string[];
}

/** Delegated names of what an application permission of Entra's or a role of Exchange's allows in one mailbox. */
const SCOPE_BY_ROLE: Readonly<Record<string, string>> = {
  'Mail.ReadBasic.All': 'Mail.ReadBasic',
  'Mail.Read': 'Mail.Read',
  'Calendars.ReadBasic.All': 'Calendars.ReadBasic',
  'Calendars.Read': 'Calendars.Read',
  'Contacts.Read': 'Contacts.Read',
  'Tasks.Read.All': 'Tasks.Read',
  'Files.Read.All': 'Files.Read',
  'Application Mail.ReadBasic': 'Mail.ReadBasic',
  'Application Mail.Read': 'Mail.Read',
  'Application Calendars.Read': 'Calendars.Read',
  'Application Contacts.Read': 'Contacts.Read',
};

export interface GraphClock {
  readonly world: World;
  readonly now: () => Date;
}

/** Delegated names of what a permission to what others share allows in a mailbox that is shared with the caller. */
const SCOPE_BY_SHARED: Readonly<Record<string, string>> = {
  'Mail.ReadBasic.Shared': 'Mail.ReadBasic',
  'Mail.Read.Shared': 'Mail.Read',
  'Mail.ReadWrite.Shared': 'Mail.ReadWrite',
  'Mail.Send.Shared': 'Mail.Send',
  'Contacts.Read.Shared': 'Contacts.Read',
  'Contacts.ReadWrite.Shared': 'Contacts.ReadWrite',
};

/**
 * Whose mailbox a request is about: `me`; `users/ID` with a token of the application itself; or `users/ID` with a
 * person's, for their own mailbox and for those that are shared with them.
 *
 * Entra's application permissions open every mailbox, and Exchange's roles open theirs beside them: the two add up
 * ("Role Based Access Control for Applications in Exchange Online").
 */
export function mailboxCallerOf(context: GraphClock, request: FastifyRequest): Caller {
  const { mailbox } = z.object({ mailbox: z.string().optional() }).parse(request.params);
  if (mailbox === undefined) {
    return callerOf(context, request);
  }
  return isApplicationToken(context, request)
    ? mailboxOfApplication(context, request, mailbox)
    : mailboxSharedWith(context, callerOf(context, request), mailbox);
}

/** "Get Outlook messages in a shared or delegated folder": Exchange's own permission and a `.Shared` scope, both. */
function mailboxSharedWith(context: GraphClock, caller: Caller, mailbox: string): Caller {
  const account = accountIn(context, caller.tenant.id, mailbox);
  if (account.person.oid === caller.person.oid) {
    return caller;
  }
  if (!context.world.isSharedWith(account.person.oid, caller.person.oid)) {
    throw new GraphError(GRAPH_REFUSALS.accessDenied);
  }
  return { ...account, scopes: caller.scopes.flatMap((scope) => SCOPE_BY_SHARED[scope] ?? []) };
}

/** Someone of an organization by object id or address. */
function accountIn({ world }: GraphClock, tenantId: string, mailbox: string) {
  const account = world.findByOid(tenantId, mailbox) ?? world.findPerson(mailbox);
  if (account?.tenant.id !== tenantId) {
    throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
  }
  return account;
}

/** A mailbox, with what the application whose token this is may do in it. */
export function mailboxOfApplication(context: GraphClock, request: FastifyRequest, mailbox: string): Caller {
  const { tenant, roles } = applicationOf(context, request);
  const account = accountIn(context, tenant.id, mailbox);
  const all = [...roles, ...context.world.exchangeRolesFor(tenant.id, account.person.oid)];
  return { ...account, scopes: all.flatMap((role) => SCOPE_BY_ROLE[role] ?? []) };
}

/** `me`, or the path under which a mailbox is read by its name; for the links of an answer. */
export function mailboxPath(request: FastifyRequest): string {
  const { mailbox } = z.object({ mailbox: z.string().optional() }).parse(request.params);
  return mailbox === undefined ? '/v1.0/me' : `/v1.0/users/${encodeURIComponent(mailbox)}`;
}

/** The tenant and the roles of an application's own token. */
export function applicationOf(
  context: GraphClock,
  request: FastifyRequest,
): { readonly tenant: Tenant; readonly roles: readonly string[] } {
  const claims = claimsOf(context, request);
  const tenant = context.world.findTenant(claims.tid);
  if (claims.idtyp !== 'app' || tenant === undefined) {
    throw new GraphError(GRAPH_REFUSALS.accessDenied);
  }
  return { tenant, roles: claims.roles ?? [] };
}

export function isApplicationToken(context: GraphClock, request: FastifyRequest): boolean {
  return claimsOf(context, request).idtyp === 'app';
}

function claimsOf(context: GraphClock, request: FastifyRequest): SignedClaims {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const claims = token === undefined ? null : verifyToken(context, token);
  if (claims?.aud !== GRAPH_APP_ID) {
    throw new GraphError(token === undefined ? GRAPH_REFUSALS.tokenMissing : GRAPH_REFUSALS.tokenInvalid);
  }
  if (claims.exp * 1000 <= context.now().getTime()) {
    throw new GraphError(GRAPH_REFUSALS.tokenExpired);
  }
  return claims;
}

/** The caller, or Graph's refusal. */
export function callerOf(context: GraphClock, request: FastifyRequest): Caller {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) {
    throw new GraphError(GRAPH_REFUSALS.tokenMissing);
  }
  const claims = verifyToken(context, token);
  const account = claims === null ? undefined : context.world.findByOid(claims.tid, claims.oid ?? '');
  if (claims?.aud !== GRAPH_APP_ID || account === undefined) {
    throw new GraphError(GRAPH_REFUSALS.tokenInvalid);
  }
  if (claims.exp * 1000 <= context.now().getTime() || account.person.mailbox === 'disabled') {
    throw new GraphError(GRAPH_REFUSALS.tokenExpired);
  }
  return { ...account, scopes: claims.scp?.split(' ') ?? [] };
}

/** Refuses a caller without any of the permissions that the resource needs. */
export function requirePermission(caller: Caller, resource: keyof typeof ALLOWED): void {
  if (!has(caller, resource)) {
    throw new GraphError(GRAPH_REFUSALS.accessDenied);
  }
}

export function has(caller: Caller, resource: keyof typeof ALLOWED): boolean {
  return ALLOWED[resource]?.some((scope) => caller.scopes.includes(scope)) === true;
}

/** Refuses a person whose mailbox is not in Exchange Online. */
export function requireMailboxAccess({ person }: Caller): void {
  if (person.mailbox !== 'cloud' && person.mailbox !== 'shared') {
    throw new GraphError(GRAPH_REFUSALS.mailboxUnavailable);
  }
}
