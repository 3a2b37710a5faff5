/**
 * What owners and managers change without asking Microsoft: the switch, the rules, back to `individual`;
 * and how the first qualified administrator becomes the owner.
 */
import { type Refused, refuse } from '../domain/problems.ts';
import type { Organization } from '../domain/records.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import { mayGrantTenantWide } from '../domain/roles.ts';
import type { ConsentPorts, ConsentWriter, Principal } from './ports.ts';
import { wakeEverybody } from './proveConsents.ts';

export interface OrganizationSettings {
  readonly mode?: 'individual' | undefined;
  readonly enabled?: boolean | undefined;
  readonly relevance?: RelevancePolicy | undefined;
}

type ChangeResult = { readonly kind: 'changed' } | Refused;

export async function claimOrganization(ports: ConsentPorts, principal: Principal): Promise<ChangeResult> {
  const { tenantId, memberId, directoryRoles } = principal;
  if (!mayGrantTenantWide(directoryRoles)) {
    return refuse('directory_role_required');
  }
  return ports.store.transact(async (writer): Promise<ChangeResult> => {
    const organization = await writer.lockOrganization(tenantId);
    if (organization === null) {
      return refuse('tenant_not_onboarded');
    }
    const members = await writer.members(tenantId);
    if (members.some((member) => member.productRole === 'owner')) {
      return refuse('already_claimed');
    }
    await writer.setProductRole(tenantId, memberId, 'owner');
    await writer.audit(
      { tenantId, actorId: memberId, action: 'organization.claimed', target: memberId, detail: { role: 'owner' } },
      ports.now(),
    );
    await writer.announce(tenantId, null);
    return { kind: 'changed' };
  });
}

/** Applies a change that was made on `version` of the settings, or refuses it as stale. */
export async function changeOrganization(
  ports: ConsentPorts,
  { tenantId, memberId }: Principal,
  change: OrganizationSettings,
  version: number,
): Promise<ChangeResult> {
  return ports.store.transact(async (writer): Promise<ChangeResult> => {
    const organization = await writer.lockOrganization(tenantId);
    const member = await writer.member(tenantId, memberId);
    if (organization === null || member === null) {
      return refuse('tenant_not_onboarded');
    }
    if (member.productRole === null) {
      return refuse('product_role_required');
    }
    if (organization.version !== version) {
      return refuse('version_conflict');
    }
    await apply(ports, writer, organization, memberId, change);
    return { kind: 'changed' };
  });
}

async function apply(
  ports: ConsentPorts,
  writer: ConsentWriter,
  organization: Organization,
  actorId: string,
  change: OrganizationSettings,
): Promise<void> {
  const { tenantId } = organization;
  const at = ports.now();
  await writer.changeOrganization(tenantId, {
    ...(change.mode === undefined ? {} : { mode: change.mode }),
    ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
    ...(change.relevance === undefined ? {} : { relevance: change.relevance }),
    raiseEpoch: true,
  });
  await wakeEverybody(writer, tenantId, at);
  const act = { tenantId, actorId, target: null };
  if (change.mode !== undefined && change.mode !== organization.mode) {
    const detail = { from: organization.mode, to: change.mode };
    await writer.audit({ ...act, action: 'organization.modeChanged', detail }, at);
  }
  if (change.enabled !== undefined && change.enabled !== organization.enabled) {
    await writer.audit({ ...act, action: 'organization.switched', detail: { enabled: change.enabled } }, at);
  }
  if (change.relevance !== undefined) {
    const detail = { ignoredDomains: change.relevance.ignoredDomains.length };
    await writer.audit({ ...act, action: 'organization.relevanceChanged', detail }, at);
  }
}
