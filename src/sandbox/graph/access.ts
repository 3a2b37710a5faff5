/**
 * Who calls Graph and whether the token's scopes allow it.
 *
 * Least permissions are those of Microsoft's path table ("Microsoft Graph permissions reference"); a test
 * compares them with Microsoft's published data.
 */
import type { FastifyRequest } from 'fastify';
import { GRAPH_APP_ID } from '../entra/registration.ts';
import { verifyToken } from '../entra/verify.ts';
import type { Person } from '../world/people.ts';
import type { Tenant, World } from '../world/world.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';

export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  profile: ['User.Read', 'User.ReadBasic.All', 'User.Read.All'],
  organization: ['User.Read', 'Organization.Read.All'],
  mail: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
  mailBody: ['Mail.Read', 'Mail.ReadWrite'],
  calendar: ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'],
  calendarDelta: ['Calendars.Read', 'Calendars.ReadWrite'],
  calendarBody: ['Calendars.Read', 'Calendars.ReadWrite'],
};

export interface Caller {
  readonly tenant: Tenant;
  readonly person: Person;
  readonly scopes: readonly string[];
}

export interface GraphClock {
  readonly world: World;
  readonly now: () => Date;
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
export function demand(caller: Caller, resource: keyof typeof ALLOWED): void {
  if (!has(caller, resource)) {
    throw new GraphError(GRAPH_REFUSALS.accessDenied);
  }
}

export function has(caller: Caller, resource: keyof typeof ALLOWED): boolean {
  return ALLOWED[resource]?.some((scope) => caller.scopes.includes(scope)) === true;
}

/** Refuses a person whose mailbox is not in Exchange Online. */
export function demandMailbox({ person }: Caller): void {
  if (person.mailbox !== 'cloud' && person.mailbox !== 'shared') {
    throw new GraphError(GRAPH_REFUSALS.mailboxUnavailable);
  }
}
