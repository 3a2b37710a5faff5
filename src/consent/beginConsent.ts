/**
 * Makes a consent transaction: unguessable, single use, bound to member, mode and exact selection.
 *
 * Units   It can be opened for ten minutes.
 * Errors  Returned: nothing selected, beyond what is offered, or a role that is missing.
 */
import { scopesForSelection } from '../domain/permissions.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import type { Member, Organization } from '../domain/records.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import { organizationRights } from '../domain/roles.ts';
import { CATEGORIES, type Category, isWithin, MOST_OFFERED, type Selection } from '../domain/selection.ts';
import type { ConsentPorts, ConsentReader, Principal } from './ports.ts';
import { consentIdOf, hashOf } from './secrets.ts';

const CONSENT_MINUTES = 10;
const FIRST_EPOCH = 1;

export interface ConsentRequest {
  readonly mode: 'individual' | 'organization';
  readonly selection: Selection;
  readonly relevance: RelevancePolicy | null;
  readonly erase: readonly Category[];
}

export interface BegunConsent {
  readonly kind: 'begun';
  readonly id: string;
  readonly expiresAt: Date;
}

export async function beginConsent(
  ports: ConsentPorts,
  principal: Principal,
  request: ConsentRequest,
): Promise<BegunConsent | Refused> {
  const refusal = (await roleRefusal(ports, principal, request)) ?? selectionRefusal(request.selection);
  return refusal ?? add(ports, principal, request);
}

async function add(ports: ConsentPorts, principal: Principal, request: ConsentRequest): Promise<BegunConsent> {
  const { tenantId, memberId } = principal;
  const id = consentIdOf(tenantId, ports.chance.token(32));
  const createdAt = ports.now();
  const expiresAt = new Date(createdAt.getTime() + CONSENT_MINUTES * 60_000);
  await ports.store.transact(async (writer) => {
    await writer.addConsent({
      ...request,
      tenantId,
      memberId,
      consentHash: hashOf(id),
      epoch: await epochOf(writer, tenantId, memberId, request.mode),
      step: 'created',
      state: 'started',
      reason: null,
      browserHash: null,
      grantedBy: null,
      attempts: 0,
      createdAt,
      expiresAt,
    });
  });
  return { kind: 'begun', id, expiresAt };
}

/** What the change is made on: the member's own connection, or the organization. */
async function epochOf(
  reader: ConsentReader,
  tenantId: string,
  memberId: string,
  mode: ConsentRequest['mode'],
): Promise<number> {
  return mode === 'organization'
    ? ((await reader.organization(tenantId))?.epoch ?? FIRST_EPOCH)
    : ((await reader.connection(tenantId, memberId))?.epoch ?? FIRST_EPOCH);
}

function selectionRefusal(selection: Selection): Refused | null {
  if (scopesForSelection(selection).length === 0) {
    return refuse('nothing_selected');
  }
  const within = CATEGORIES.every((category) => isWithin(selection[category], MOST_OFFERED[category]));
  return within ? null : refuse('not_in_plan');
}

async function roleRefusal(
  ports: ConsentPorts,
  { tenantId, memberId, directoryRoles }: Principal,
  { mode }: ConsentRequest,
): Promise<Refused | null> {
  const member = await ports.store.member(tenantId, memberId);
  if (member === null) {
    return refuse('tenant_not_onboarded');
  }
  if (mode === 'individual') {
    return individualRefusal(await ports.store.organization(tenantId), member);
  }
  const rights = organizationRights({ productRole: member.productRole, directoryRoles, organizationHasOwner: true });
  if (!rights.mayChange) {
    return refuse('product_role_required');
  }
  return rights.mayGrant ? null : refuse('directory_role_required');
}

function individualRefusal(organization: Organization | null, member: Member): Refused | null {
  if (organization?.mode !== 'individual' || !organization.enabled) {
    return refuse('controlled_by_administrator');
  }
  return member.isGuest ? refuse('guest_has_no_mailbox') : null;
}
