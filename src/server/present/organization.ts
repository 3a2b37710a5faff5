/** `GET /api/organization` as one person may see it. */
import type { ConsentReader, Principal } from '../../consent/ports.ts';
import type { OrganizationDocument } from '../../contract/api/organization.ts';
import type { ConsentTransaction, Member, Organization } from '../../domain/records.ts';
import { organizationRights, type OrganizationRights } from '../../domain/roles.ts';

export interface OrganizationSources {
  readonly consents: ConsentReader;
  /** Consents of the organization that wait for proof, newest first. */
  proving(tenantId: string): Promise<readonly ConsentTransaction[]>;
}

export async function presentOrganization(
  sources: OrganizationSources,
  principal: Principal,
): Promise<OrganizationDocument | null> {
  const { tenantId } = principal;
  const organization = await sources.consents.organization(tenantId);
  if (organization === null) {
    return null;
  }
  const members = await sources.consents.members(tenantId);
  const connections = await sources.consents.connections(tenantId);
  const pending = (await sources.proving(tenantId)).find(({ mode }) => mode === 'organization');
  return {
    name: organization.name,
    version: organization.version,
    enabled: organization.enabled,
    mode: organization.mode,
    selection: organization.selection,
    relevance: { ignoredDomains: [...organization.relevance.ignoredDomains] },
    grant: grantOf(organization, members),
    pending: pending === undefined ? null : { since: pending.createdAt.toISOString() },
    people: members.flatMap(({ name, productRole }) => (productRole === null ? [] : [{ name, role: productRole }])),
    members: { opened: members.length, connected: connections.filter(({ status }) => status === 'live').length },
    rights: { ...rightsOf(principal, members) },
  };
}

export function rightsOf({ memberId, directoryRoles }: Principal, members: readonly Member[]): OrganizationRights {
  return organizationRights({
    productRole: members.find((member) => member.memberId === memberId)?.productRole ?? null,
    directoryRoles,
    organizationHasOwner: members.some(({ productRole }) => productRole === 'owner'),
  });
}

function grantOf({ grant }: Organization, members: readonly Member[]): OrganizationDocument['grant'] {
  return grant === null
    ? null
    : {
        state: grant.state,
        scopes: [...grant.scopes],
        grantedBy: members.find(({ memberId }) => memberId === grant.grantedBy)?.name ?? null,
        grantedAt: grant.grantedAt.toISOString(),
        provenAt: grant.provenAt?.toISOString() ?? null,
      };
}
