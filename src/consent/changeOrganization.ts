/**
 * What owners and managers change without asking Microsoft: the switch, the rules, who may connect, a selection
 * within what is granted, back to `individual`; and how the first qualified admin becomes the owner.
 */
import type { Audience } from '../domain/audience.ts';
import { hasExpired, type Pause, pauseAt } from '../domain/pause.ts';
import { missingScopes, scopesForSelection } from '../domain/permissions.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import type { Organization } from '../domain/records.ts';
import { countsOf, type RelevancePolicy } from '../domain/relevance.ts';
import { canGrantTenantWide } from '../domain/roles.ts';
import { isOffered, type Selection } from '../domain/selection.ts';
import { isOff } from '../domain/levels.ts';
import { CATEGORIES } from '../domain/categories/categories.ts';
import { changeRelevance } from './changeRules.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import type {
  RecordedAct,
  ConsentReader,
  OrganizationWriter,
  AccessWriter,
  StoredWriter,
  ChangeFeed,
} from './store.ts';
import { prepareLeave, switchMode } from './switchMode.ts';

export interface OrganizationSettings {
  readonly mode?: 'individual' | undefined;
  readonly enabled?: boolean | undefined;
  readonly relevance?: RelevancePolicy | undefined;
  readonly pause?: Pause | null | undefined;
  readonly access?: Audience | undefined;
  readonly selection?: Selection | undefined;
}

type ChangeResult = { readonly kind: 'changed' } | Refused;

export async function claimOrganization(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  principal: Principal,
): Promise<ChangeResult> {
  const { tenantId, memberId, directoryRoles } = principal;
  if (!canGrantTenantWide(directoryRoles)) {
    return refuse('directory_role_required');
  }
  return ports.store.transact(async (writer): Promise<ChangeResult> => {
    const organization = await writer.lockOrganization(tenantId);
    if (organization === null) {
      return refuse('tenant_not_onboarded');
    }
    const holders = await writer.roleHolders(tenantId);
    if (holders.some(({ productRole }) => productRole === 'owner')) {
      return refuse('already_claimed');
    }
    await writer.setProductRole(tenantId, memberId, 'owner');
    const detail = { role: 'owner' };
    await writer.record({
      tenantId,
      at: ports.now(),
      acts: [{ actorId: memberId, action: 'organization.claimed', target: memberId, detail }],
      tell: 'everyone',
    });
    return { kind: 'changed' };
  });
}

/** Applies a change that was made on `version` of the settings, or refuses it as stale. */
export async function changeOrganization(
  ports: Pick<ConsentPorts, 'store' | 'unsubscriber' | 'chance' | 'now'>,
  { tenantId, memberId }: Principal,
  change: OrganizationSettings,
  version: number,
): Promise<ChangeResult> {
  const isAllowed = (await ports.store.member(tenantId, memberId))?.productRole !== null;
  const unsubscribe = change.mode === undefined || !isAllowed ? null : await prepareLeave(ports, tenantId, change.mode);
  const result = await ports.store.transact(async (writer): Promise<ChangeResult> => {
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
    if (hasExpired(change.pause, ports.now())) {
      return refuse('pause_over');
    }
    const beyond = change.selection === undefined ? null : selectionRefusal(organization, change.selection);
    if (beyond !== null) {
      return beyond;
    }
    await apply(ports, writer, organization, memberId, change);
    return { kind: 'changed' };
  });
  await unsubscribe?.();
  return result;
}

/** What is granted already can be chosen at once; more than that Microsoft must be asked for. */
function selectionRefusal({ mode, grant, service }: Organization, selection: Selection): Refused | null {
  if (CATEGORIES.some((category) => !isOffered(category, selection[category]))) {
    return refuse('not_in_plan');
  }
  const scopes = scopesForSelection(selection);
  const reached = CATEGORIES.filter((category) => !isOff(selection[category]));
  const isGranted =
    mode === 'service'
      ? reached.every((category) => service?.reached.includes(category) === true)
      : missingScopes(grant?.scopes ?? [], scopes).length === 0;
  return mode === 'individual' || !isGranted ? refuse('beyond_grant') : null;
}

async function apply(
  ports: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: ConsentReader & OrganizationWriter & AccessWriter & StoredWriter & ChangeFeed,
  organization: Organization,
  actorId: string,
  change: OrganizationSettings,
): Promise<void> {
  const { tenantId } = organization;
  const at = ports.now();
  await writer.changeOrganization(tenantId, {
    ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
    ...(change.pause === undefined ? {} : { pause: pauseAt(change.pause, at) }),
    ...(change.access === undefined ? {} : { access: change.access }),
    ...(change.selection === undefined ? {} : { selection: change.selection }),
    raiseEpoch: true,
  });
  if (change.mode !== undefined && change.mode !== organization.mode) {
    await switchMode(ports, writer, organization, { to: change.mode, actorId, target: null });
  }
  if (change.access !== undefined) {
    // Whether someone is in a group, their own next token tells.
    await writer.renewSoon(tenantId, at);
    if (change.access.kind === 'people') {
      await writer.loseConnectionsExcept(tenantId, change.access.memberIds, 'notAllowed');
    }
  }
  if (change.relevance !== undefined) {
    await changeRelevance(ports, writer, organization, change.relevance);
  }
  const acts = actsOf(organization, change, at).map((act) => ({ ...act, actorId, target: null }));
  await writer.record({ tenantId, at, acts, tell: 'everyone', wake: 'everyone' });
}

/** What the history says of a change, but for the mode. */
function actsOf(
  { enabled: wasEnabled }: Organization,
  { selection, access, enabled, pause, relevance }: OrganizationSettings,
  at: Date,
): readonly Pick<RecordedAct, 'action' | 'detail'>[] {
  const people = access?.kind === 'people' ? access.memberIds.length : null;
  const until = pauseAt(pause ?? null, at)?.until;
  const acts: readonly (Pick<RecordedAct, 'action' | 'detail'> | null)[] = [
    selection === undefined
      ? null
      : { action: 'organization.selectionChanged', detail: { scopes: [...scopesForSelection(selection)] } },
    access === undefined
      ? null
      : { action: 'organization.accessChanged', detail: { kind: access.kind, count: people } },
    enabled === undefined || enabled === wasEnabled ? null : { action: 'organization.switched', detail: { enabled } },
    pause === undefined ? null : pauseAct(until),
    relevance === undefined ? null : { action: 'organization.relevanceChanged', detail: countsOf(relevance) },
  ];
  return acts.filter((act) => act !== null);
}

function pauseAct(until: string | null | undefined): Pick<RecordedAct, 'action' | 'detail'> {
  return until === undefined
    ? { action: 'organization.resumed', detail: {} }
    : { action: 'organization.paused', detail: { until } };
}
