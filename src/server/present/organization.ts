import type { Principal } from '../../domain/people.ts';
import type { ConsentReader } from '../../consent/store.ts';
import type { OrganizationDocument } from '../../contract/api/organization.ts';
import type { ReviewDocument } from '../../contract/api/relevance.ts';
import type { Audience } from '../../domain/audience.ts';
import { pauseAt } from '../../domain/pause.ts';
import { inUse } from '../../domain/mode.ts';
import { missingScopes, scopesForSelection } from '../../domain/permissions.ts';
import { type Refused, refuse } from '../../domain/problems.ts';
import type { ConsentTransaction, Member, Organization } from '../../domain/records.ts';
import { presentRelevance } from './relevance.ts';
import { organizationRights, type OrganizationRights } from '../../domain/roles.ts';

export interface OrganizationSources {
  readonly consents: ConsentReader;
  /** Consents of the organization that wait for proof, newest first. */
  pendingVerification(tenantId: string): Promise<readonly ConsentTransaction[]>;
  readonly offersService: boolean;
  /** How far the newest review of the rules has come. */
  review(tenantId: string): Promise<ReviewDocument | null>;
  readonly portal: string;
  readonly now: () => Date;
}

export async function presentOrganization(
  sources: OrganizationSources,
  principal: Principal,
): Promise<OrganizationDocument | Refused> {
  const { tenantId } = principal;
  const organization = await sources.consents.organization(tenantId);
  if (organization === null) {
    return refuse('tenant_not_onboarded');
  }
  const holders = await sources.consents.roleHolders(tenantId);
  const names = await grantedByNames(sources.consents, organization);
  const pending = (await sources.pendingVerification(tenantId)).find(
    ({ grantFor, purpose }) => grantFor === 'everyone' && purpose === 'consent',
  );
  return {
    id: tenantId,
    name: organization.name,
    version: organization.version,
    enabled: organization.enabled,
    mode: organization.mode,
    selection: organization.selection,
    relevance: presentRelevance(organization.relevance),
    review: await sources.review(tenantId),
    pause: pauseAt(organization.pause, sources.now()),
    access: presentAudience(organization.access),
    grant: grantOf(organization, names),
    service: serviceOf(organization, names),
    offersService: sources.offersService,
    pending: pending === undefined ? null : { since: pending.createdAt.toISOString(), mode: pending.mode },
    people: holders.flatMap(({ name, productRole }) => (productRole === null ? [] : [{ name, role: productRole }])),
    members: await countOf(sources.consents, organization),
    rights: { ...rightsOf(principal, holders) },
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

async function countOf(consents: ConsentReader, { tenantId, mode, coverage }: Organization) {
  const { opened, live, withCredential, lost } = await consents.countMembers(tenantId);
  const covered = await consents.countPeopleIn(tenantId, coverage);
  return { opened, connected: mode === 'service' ? live : withCredential, covered, signIn: lost };
}

type Names = ReadonlyMap<string, string | null>;

/** Who granted, by name. */
async function grantedByNames(consents: ConsentReader, { tenantId, grant, service }: Organization): Promise<Names> {
  const ids = [grant?.grantedBy, service?.grantedBy].flatMap((id) => id ?? []);
  const members = await Promise.all(ids.map((id) => consents.member(tenantId, id)));
  return new Map(members.flatMap((member) => (member === null ? [] : [[member.memberId, member.name] as const])));
}

/** `holders` are those who hold a product role. */
export function rightsOf({ memberId, directoryRoles }: Principal, holders: readonly Member[]): OrganizationRights {
  return organizationRights({
    productRole: holders.find((member) => member.memberId === memberId)?.productRole ?? null,
    directoryRoles,
    organizationHasOwner: holders.some(({ productRole }) => productRole === 'owner'),
  });
}

function grantOf({ grant, mode, selection }: Organization, names: Names): OrganizationDocument['grant'] {
  return grant === null
    ? null
    : {
        state: grant.state,
        scopes: [...grant.scopes],
        grantedBy: names.get(grant.grantedBy) ?? null,
        grantedAt: grant.grantedAt.toISOString(),
        provenAt: grant.provenAt?.toISOString() ?? null,
        checkedAt: grant.checkedAt?.toISOString() ?? null,
        missing: [...grant.missing],
        missingSince: grant.missingSince?.toISOString() ?? null,
        unused: [...missingScopes(scopesForSelection(inUse({ mode, selection })), grant.scopes)],
      };
}

function serviceOf({ service }: Organization, names: Names): OrganizationDocument['service'] {
  if (service === null) {
    return null;
  }
  const { state, grantedAt, checkedAt, reached, canary } = service;
  return {
    state,
    grantedBy: names.get(service.grantedBy) ?? null,
    grantedAt,
    checkedAt,
    reached: [...reached],
    canary,
  };
}
