/** `GET /api/organization` as one person may see it. */
import type { ConsentReader, Principal } from '../../consent/ports.ts';
import type { OrganizationDocument } from '../../contract/api/organization.ts';
import type { Audience } from '../../domain/audience.ts';
import { missingScopes, scopesForSelection } from '../../domain/permissions.ts';
import type { Connection, ConsentTransaction, Member, Organization } from '../../domain/records.ts';
import { organizationRights, type OrganizationRights } from '../../domain/roles.ts';

export interface OrganizationSources {
  readonly consents: ConsentReader;
  /** Consents of the organization that wait for proof, newest first. */
  proving(tenantId: string): Promise<readonly ConsentTransaction[]>;
  readonly offersService: boolean;
  readonly portal: string;
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
  const covered = await sources.consents.peopleIn(tenantId, organization.coverage);
  const pending = (await sources.proving(tenantId)).find(
    ({ grantFor, purpose }) => grantFor === 'everyone' && purpose === 'consent',
  );
  return {
    id: tenantId,
    name: organization.name,
    version: organization.version,
    enabled: organization.enabled,
    mode: organization.mode,
    selection: organization.selection,
    relevance: { ignoredDomains: [...organization.relevance.ignoredDomains] },
    access: presentAudience(organization.access),
    grant: grantOf(organization, members),
    service: serviceOf(organization, members),
    offersService: sources.offersService,
    pending: pending === undefined ? null : { since: pending.createdAt.toISOString(), mode: pending.mode },
    people: members.flatMap(({ name, productRole }) => (productRole === null ? [] : [{ name, role: productRole }])),
    members: { ...countOf(organization, members, connections), covered: covered.length },
    rights: { ...rightsOf(principal, members) },
    portalUrl: portalOf(sources.portal, tenantId),
  };
}

export function presentAudience(audience: Audience): OrganizationDocument['access'] {
  return audience.kind === 'people' ? { kind: 'people', memberIds: [...audience.memberIds] } : audience;
}

/** Where every enterprise application of a tenant is listed; the blade's name is not documented by Microsoft. */
function portalOf(portal: string, tenantId: string): string {
  return `${portal}/${tenantId}/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview`;
}

function countOf({ mode }: Organization, members: readonly Member[], connections: readonly Connection[]) {
  const isUsable = ({ status, hasCredential }: Connection) =>
    status === 'live' && (mode === 'service' || hasCredential);
  return {
    opened: members.filter(({ openedAt }) => openedAt !== null).length,
    connected: connections.filter(isUsable).length,
    signIn: connections.filter(({ status }) => status === 'lost').length,
  };
}

export function rightsOf({ memberId, directoryRoles }: Principal, members: readonly Member[]): OrganizationRights {
  return organizationRights({
    productRole: members.find((member) => member.memberId === memberId)?.productRole ?? null,
    directoryRoles,
    organizationHasOwner: members.some(({ productRole }) => productRole === 'owner'),
  });
}

function grantOf({ grant, selection }: Organization, members: readonly Member[]): OrganizationDocument['grant'] {
  return grant === null
    ? null
    : {
        state: grant.state,
        scopes: [...grant.scopes],
        grantedBy: nameOf(grant.grantedBy, members),
        grantedAt: grant.grantedAt.toISOString(),
        provenAt: grant.provenAt?.toISOString() ?? null,
        checkedAt: grant.checkedAt?.toISOString() ?? null,
        missing: [...grant.missing],
        missingSince: grant.missingSince?.toISOString() ?? null,
        unused: [...missingScopes(scopesForSelection(selection), grant.scopes)],
      };
}

function serviceOf({ service }: Organization, members: readonly Member[]): OrganizationDocument['service'] {
  if (service === null) {
    return null;
  }
  const { state, grantedAt, checkedAt, reached, canary } = service;
  return { state, grantedBy: nameOf(service.grantedBy, members), grantedAt, checkedAt, reached: [...reached], canary };
}

function nameOf(id: string, members: readonly Member[]): string | null {
  return members.find(({ memberId }) => memberId === id)?.name ?? null;
}
