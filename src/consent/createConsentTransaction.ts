/**
 * Makes a consent transaction: unguessable, single use, bound to member, mode and exact selection.
 *
 * Units   It can be opened for ten minutes.
 * Errors  Returned: nothing selected, beyond what is offered, or a role that is missing. Where only the directory
 *         role is missing, a transaction that is refused from the start comes with the refusal, so that the
 *         request can be handed to someone who has the role.
 */
import { scopesForSelection } from '../domain/permissions.ts';
import { type ProblemCode, type Refused, refuse } from '../domain/problems.ts';
import {
  type ConsentBasis,
  type ConsentRequest,
  type ConsentTransaction,
  type Member,
  type MemberName,
  type Organization,
} from '../domain/records.ts';
import { organizationRights } from '../domain/roles.ts';
import { isOffered, type Selection } from '../domain/selection.ts';
import { CATEGORIES } from '../domain/categories/categories.ts';
import { canConnect } from './canConnect.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import type { ConsentReader } from './store.ts';
import { consentIdOf, hashOf } from './secrets.ts';
import { refused } from './transaction.ts';

const CONSENT_MINUTES = 10;
const FIRST = 1;

export interface BegunConsent {
  readonly kind: 'begun';
  readonly id: string;
  readonly expiresAt: Date;
}

/** A refusal that leaves a request to hand on. */
export interface RefusedConsent extends Refused {
  readonly consent: BegunConsent;
}

export async function createConsentTransaction(
  ports: Pick<ConsentPorts, 'store' | 'entra' | 'chance' | 'now'>,
  principal: Principal,
  request: ConsentRequest,
): Promise<BegunConsent | Refused | RefusedConsent> {
  const refusal = (await requestRefusal(ports, request)) ?? (await personRefusal(ports, principal, request));
  if (refusal !== null) {
    return refusal;
  }
  const missingRole = await directoryRoleRefusal(ports, principal, request);
  if (missingRole === null) {
    return addConsent(ports, principal, request, null);
  }
  return { ...refuse(missingRole), consent: await addConsent(ports, principal, request, 'notAdministrator') };
}

async function addConsent(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  { tenantId, memberId }: MemberName,
  request: ConsentRequest,
  refusedBecause: 'notAdministrator' | null,
): Promise<BegunConsent> {
  const id = consentIdOf(tenantId, ports.chance.token(32));
  const consent = await ports.store.transact(async (writer) => {
    const basedOn = await basisNow(writer, tenantId, memberId, request.grantFor);
    const begun = newConsent(ports, { tenantId, memberId, consentHash: hashOf(id), linkHash: null, basedOn }, request);
    await writer.addConsent(refusedBecause === null ? begun : { ...begun, ...refused(refusedBecause) });
    return begun;
  });
  return { kind: 'begun', id, expiresAt: consent.expiresAt };
}

/** A transaction in its first state. */
export function newConsent(
  ports: Pick<ConsentPorts, 'now'>,
  of: Pick<ConsentTransaction, 'tenantId' | 'memberId' | 'consentHash' | 'linkHash' | 'basedOn'>,
  { purpose, mode, grantFor, selection, relevance, erase }: ConsentRequest,
): ConsentTransaction {
  const createdAt = ports.now();
  return {
    ...of,
    purpose,
    mode,
    grantFor,
    selection,
    relevance,
    erase,
    step: 'created',
    state: 'started',
    reason: null,
    browserHash: null,
    grantedBy: null,
    isQualified: true,
    attempts: 0,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + CONSENT_MINUTES * 60_000),
  };
}

/** What the change is made on: the member's own connection, or the organization. */
async function basisNow(
  reader: ConsentReader,
  tenantId: string,
  memberId: string,
  grantFor: ConsentRequest['grantFor'],
): Promise<ConsentBasis> {
  return grantFor === 'everyone'
    ? { kind: 'settings', version: (await reader.organization(tenantId))?.version ?? FIRST }
    : { kind: 'connection', epoch: (await reader.connection(tenantId, memberId))?.epoch ?? FIRST };
}

async function requestRefusal(ports: Pick<ConsentPorts, 'entra'>, request: ConsentRequest): Promise<Refused | null> {
  if (request.mode === 'service' && !ports.entra.offersService) {
    return refuse('service_not_offered');
  }
  return request.purpose === 'consent' ? selectionRefusal(request.selection) : null;
}

function selectionRefusal(selection: Selection): Refused | null {
  if (scopesForSelection(selection).length === 0) {
    return refuse('nothing_selected');
  }
  const within = CATEGORIES.every((category) => isOffered(category, selection[category]));
  return within ? null : refuse('not_in_plan');
}

async function personRefusal(
  ports: Pick<ConsentPorts, 'store'>,
  { tenantId, memberId }: Principal,
  { mode, grantFor, purpose }: ConsentRequest,
): Promise<Refused | null> {
  const organization = await ports.store.organization(tenantId);
  const member = await ports.store.member(tenantId, memberId);
  if (member === null || organization === null) {
    return refuse('tenant_not_onboarded');
  }
  if (grantFor === 'self' && purpose === 'consent') {
    return individualRefusal(ports.store, organization, member);
  }
  if (member.productRole === null) {
    return refuse('product_role_required');
  }
  const isNobody = mode === 'service' && (await ports.store.countPeopleIn(tenantId, organization.coverage)) === 0;
  return isNobody && organization.coverage.kind === 'people' ? refuse('nobody_covered') : null;
}

async function individualRefusal(
  reader: ConsentReader,
  organization: Organization,
  member: Member,
): Promise<Refused | null> {
  if (organization.mode !== 'individual' || !organization.enabled) {
    return refuse('controlled_by_administrator');
  }
  if (member.isGuest) {
    return refuse('guest_has_no_mailbox');
  }
  return (await canConnect(reader, organization, member.memberId)) ? null : refuse('not_allowed_to_connect');
}

async function directoryRoleRefusal(
  ports: Pick<ConsentPorts, 'store'>,
  { tenantId, memberId, directoryRoles }: Principal,
  { mode, grantFor, purpose }: ConsentRequest,
): Promise<ProblemCode | null> {
  if (grantFor === 'self' && purpose === 'consent') {
    return null;
  }
  const member = await ports.store.member(tenantId, memberId);
  const rights = organizationRights({
    productRole: member?.productRole ?? null,
    directoryRoles,
    organizationHasOwner: true,
  });
  const isAllowed = mode === 'service' && purpose === 'consent' ? rights.canGrantService : rights.canGrant;
  return isAllowed ? null : 'directory_role_required';
}
