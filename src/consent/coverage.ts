/**
 * Whose mailboxes service mode covers: everyone, chosen people, or a group, always known as a list of people.
 *
 * Choosing asks Microsoft for nothing; the list behind `everyone` and behind a group is read from the directory
 * with the application's own permission, and again with every probe.
 */
import type { Audience } from '../domain/audience.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import type { Organization } from '../domain/records.ts';
import type { ConsentPorts } from './ports.ts';
import type { DirectoryPerson, Principal } from '../domain/people.ts';
import type { ConsentReader, OrganizationWriter, MemberWriter, AccessWriter, ChangeFeed } from './store.ts';
import { ensureConnections } from './switchMode.ts';

export interface CoverageChange {
  readonly coverage: Audience;
  readonly canaryId: string | null;
  /** Names, from the directory, of chosen people who have never opened Assent. */
  readonly people: readonly DirectoryPerson[];
}

export async function changeCoverage(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'now'>,
  { tenantId, memberId }: Principal,
  change: CoverageChange,
): Promise<{ readonly kind: 'changed' } | Refused> {
  const refusal = await ports.store.transact(async (writer): Promise<Refused | null> => {
    const organization = await writer.lockOrganization(tenantId);
    const member = await writer.member(tenantId, memberId);
    if (organization === null || member === null) {
      return refuse('tenant_not_onboarded');
    }
    if (member.productRole === null) {
      return refuse('product_role_required');
    }
    await save(ports, writer, organization, memberId, change);
    return null;
  });
  if (refusal === null) {
    await refreshCoverage(ports, tenantId);
  }
  return refusal ?? { kind: 'changed' };
}

async function save(
  ports: Pick<ConsentPorts, 'now'>,
  writer: ConsentReader & OrganizationWriter & MemberWriter & AccessWriter & ChangeFeed,
  { tenantId, mode }: Organization,
  actorId: string,
  { coverage, canaryId, people }: CoverageChange,
): Promise<void> {
  const at = ports.now();
  await writer.addPeople(tenantId, people, at);
  await writer.changeOrganization(tenantId, { coverage, canaryId, raiseEpoch: true });
  if (mode === 'service') {
    await ensureConnections(ports, writer, tenantId, await writer.peopleIn(tenantId, coverage));
  }
  const count = coverage.kind === 'people' ? coverage.memberIds.length : null;
  const detail = { kind: coverage.kind, count, canary: canaryId !== null };
  const act = { actorId, action: 'organization.coverageChanged', target: null, detail } as const;
  const wake = mode === 'service' ? 'everyone' : [];
  await writer.record({ tenantId, at, acts: [act], tell: 'everyone', wake });
}

/** Reads who is meant by `everyone` or by a group; what cannot be read stays as it was. */
export async function refreshCoverage(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'now'>,
  tenantId: string,
): Promise<void> {
  const asked = (await ports.store.organization(tenantId))?.coverage;
  if (asked === undefined || asked.kind === 'people' || !ports.entra.offersService) {
    return;
  }
  const token = await ports.entra.applicationToken(tenantId);
  if (token.kind !== 'tokens') {
    return;
  }
  const listed =
    asked.kind === 'group'
      ? await ports.directory.peopleOfGroup(token.accessToken, asked.groupId)
      : await ports.directory.everyone(token.accessToken);
  if (listed.kind === 'ok') {
    await ports.store.transact((writer) => saveCoverageList(ports, writer, tenantId, asked, listed.value));
  }
}

/** What was read counts only for the choice that it was read for. */
async function saveCoverageList(
  ports: Pick<ConsentPorts, 'now'>,
  writer: ConsentReader & OrganizationWriter & MemberWriter & AccessWriter & ChangeFeed,
  tenantId: string,
  asked: Audience,
  people: readonly DirectoryPerson[],
): Promise<void> {
  const at = ports.now();
  const organization = await writer.lockOrganization(tenantId);
  if (organization === null || !sameAudience(organization.coverage, asked)) {
    return;
  }
  const before = new Set(await writer.peopleIn(tenantId, asked));
  await writer.addPeople(tenantId, people, at);
  if (asked.kind === 'group') {
    const ids = people.map(({ memberId }) => memberId);
    await writer.setGroup(tenantId, asked.groupId, ids, at);
  }
  const after = await writer.peopleIn(tenantId, asked);
  const added = after.filter((memberId) => !before.has(memberId));
  if (organization.mode !== 'service' || (added.length === 0 && after.length === before.size)) {
    return;
  }
  await ensureConnections(ports, writer, tenantId, added);
  await writer.changeOrganization(tenantId, { raiseEpoch: true });
  await writer.record({ tenantId, at, tell: 'everyone', wake: 'everyone' });
}

function sameAudience(first: Audience, second: Audience): boolean {
  return first.kind === 'group' && second.kind === 'group'
    ? first.groupId === second.groupId
    : first.kind === second.kind;
}
