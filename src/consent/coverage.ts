/**
 * Whose mailboxes service mode covers: everybody, chosen people, or a group, always known as a list of people.
 *
 * Choosing asks Microsoft for nothing; the list behind `everyone` and behind a group is read from the directory
 * with the application's own permission, and again with every probe.
 */
import type { Audience } from '../domain/audience.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import type { Organization } from '../domain/records.ts';
import type { ConsentPorts, ConsentWriter, DirectoryPerson, Principal } from './ports.ts';
import { cover } from './switchMode.ts';
import { wakeEverybody } from './wake.ts';

export interface CoverageChange {
  readonly coverage: Audience;
  readonly canaryId: string | null;
  /** Names of chosen people whom nobody has seen yet, as the directory gave them. */
  readonly people: readonly DirectoryPerson[];
}

export async function changeCoverage(
  ports: ConsentPorts,
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
  const organization = await ports.store.organization(tenantId);
  if (refusal === null && organization !== null) {
    await refreshCoverage(ports, organization);
  }
  return refusal ?? { kind: 'changed' };
}

async function save(
  ports: ConsentPorts,
  writer: ConsentWriter,
  { tenantId, mode }: Organization,
  actorId: string,
  { coverage, canaryId, people }: CoverageChange,
): Promise<void> {
  const at = ports.now();
  for (const person of people) {
    await writer.addPerson({ ...person, tenantId }, at);
  }
  await writer.changeOrganization(tenantId, { coverage, canaryId, raiseEpoch: true });
  if (mode === 'service') {
    await cover(ports, writer, tenantId, await writer.peopleIn(tenantId, coverage));
    await wakeEverybody(writer, tenantId, at);
  }
  const count = coverage.kind === 'people' ? coverage.memberIds.length : null;
  const detail = { kind: coverage.kind, count, canary: canaryId !== null };
  await writer.audit({ tenantId, actorId, action: 'organization.coverageChanged', target: null, detail }, at);
  await writer.announce(tenantId, null);
}

/** Reads who is meant by `everyone` or by a group; what cannot be read stays as it was. */
export async function refreshCoverage(ports: ConsentPorts, organization: Organization): Promise<void> {
  const { tenantId, coverage, mode } = organization;
  if (coverage.kind === 'people' || !ports.entra.offersService) {
    return;
  }
  const token = await ports.entra.applicationToken(tenantId);
  if (token.kind !== 'tokens') {
    return;
  }
  const listed =
    coverage.kind === 'group'
      ? await ports.directory.peopleOfGroup(token.accessToken, coverage.groupId)
      : await ports.directory.people(token.accessToken, '');
  if (listed.kind !== 'ok') {
    return;
  }
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const before = new Set(await writer.peopleIn(tenantId, coverage));
    for (const person of listed.value) {
      await writer.addPerson({ ...person, tenantId }, at);
    }
    const ids = listed.value.map(({ memberId }) => memberId);
    if (coverage.kind === 'group') {
      await writer.setGroup(tenantId, coverage.groupId, ids, at);
    }
    const added = ids.filter((memberId) => !before.has(memberId));
    if (mode === 'service' && added.length > 0) {
      await cover(ports, writer, tenantId, added);
      await writer.announce(tenantId, null);
    }
  });
}
