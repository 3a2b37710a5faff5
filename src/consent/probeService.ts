/**
 * Whether application permissions reach what they should, and nothing else: one read per category on a covered
 * mailbox, and one on the canary, which must be refused.
 *
 * The roles in an application's token are a hint only: Exchange's role-based scoping does not show there. Where
 * Microsoft gives no answer nothing is found out (`null`), and what was known stays.
 */
import type { Organization, ServiceGrant } from '../domain/records.ts';
import { type Selection } from '../domain/selection.ts';
import { isOff } from '../domain/levels.ts';
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import type { ConsentPorts } from './ports.ts';

/** How many covered mailboxes are tried before none counts as reachable; some may have no license. */
const MAX_PROBED_MAILBOXES = 5;

type GrantedBy = Pick<ServiceGrant, 'grantedBy' | 'grantedAt'>;

export async function probeService(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'now'>,
  tenantId: string,
  selection: Selection,
  granted: GrantedBy,
): Promise<ServiceGrant | null> {
  const organization = await ports.store.organization(tenantId);
  const token = await ports.entra.applicationToken(tenantId);
  if (organization === null || token.kind === 'unavailable') {
    return null;
  }
  if (token.kind !== 'tokens') {
    return toServiceGrant(granted, ports.now(), { reached: [], wanted: 1, canary: 'unknown', probedId: null });
  }
  const wanted = CATEGORIES.filter((category) => !isOff(selection[category]));
  const { reached, probedId, isUncertain } = await probeCovered(
    ports,
    organization,
    token.accessToken,
    wanted,
    selection,
  );
  const canary = await probeCanary(ports, organization, token.accessToken, wanted, selection);
  if (canary === 'unavailable' || (isUncertain && reached.length < wanted.length)) {
    return null;
  }
  return toServiceGrant(granted, ports.now(), { reached, wanted: wanted.length, canary, probedId });
}

interface ScopedMailboxes {
  readonly reached: readonly Category[];
  readonly probedId: string | null;
  /** Whether Microsoft gave no answer somewhere, so that nothing follows from what was not reached. */
  readonly isUncertain: boolean;
}

async function probeCovered(
  ports: Pick<ConsentPorts, 'store' | 'directory'>,
  { tenantId, coverage, canaryId }: Organization,
  accessToken: string,
  wanted: readonly Category[],
  selection: Selection,
): Promise<ScopedMailboxes> {
  const covered = (await ports.store.peopleIn(tenantId, coverage)).filter((memberId) => memberId !== canaryId);
  let best: ScopedMailboxes = { reached: [], probedId: covered[0] ?? null, isUncertain: false };
  for (const memberId of covered.slice(0, MAX_PROBED_MAILBOXES)) {
    const { reached, isUncertain } = await reachedOf(ports, accessToken, memberId, wanted, selection);
    const isBetter = reached.length > best.reached.length;
    best = { ...(isBetter ? { reached, probedId: memberId } : best), isUncertain: best.isUncertain || isUncertain };
    if (reached.length === wanted.length) {
      break;
    }
  }
  return best;
}

async function reachedOf(
  ports: Pick<ConsentPorts, 'directory'>,
  accessToken: string,
  memberId: string,
  wanted: readonly Category[],
  selection: Selection,
): Promise<Pick<ScopedMailboxes, 'reached' | 'isUncertain'>> {
  const reached: Category[] = [];
  let isUncertain = false;
  for (const category of wanted) {
    const result = await ports.directory.probe(accessToken, memberId, category, selection[category]);
    if (result === 'reached') {
      reached.push(category);
    }
    isUncertain ||= result === 'unavailable';
  }
  return { reached, isUncertain };
}

/** Refused in every category, or not refused as it must be. */
async function probeCanary(
  ports: Pick<ConsentPorts, 'directory'>,
  { canaryId }: Organization,
  accessToken: string,
  wanted: readonly Category[],
  selection: Selection,
): Promise<ServiceGrant['canary'] | 'unavailable'> {
  if (canaryId === null) {
    return 'notNamed';
  }
  const results = [];
  for (const category of wanted) {
    results.push(await ports.directory.probe(accessToken, canaryId, category, selection[category]));
  }
  if (results.includes('reached')) {
    return 'reached';
  }
  if (results.includes('unavailable')) {
    return 'unavailable';
  }
  return results.every((result) => result === 'refused') ? 'refused' : 'unknown';
}

interface ProbeOutcome {
  readonly reached: readonly Category[];
  readonly wanted: number;
  readonly canary: ServiceGrant['canary'];
  readonly probedId: string | null;
}

function toServiceGrant(
  granted: GrantedBy,
  at: Date,
  { reached, wanted, canary, probedId }: ProbeOutcome,
): ServiceGrant {
  const { grantedBy, grantedAt } = granted;
  return {
    grantedBy,
    grantedAt,
    state: stateOf(reached.length === wanted, canary),
    checkedAt: at.toISOString(),
    attemptedAt: at.toISOString(),
    reached,
    canary,
    probedId,
  };
}

function stateOf(reachesAll: boolean, canary: ServiceGrant['canary']): ServiceGrant['state'] {
  if (!reachesAll || canary === 'reached' || canary === 'unknown') {
    return 'failed';
  }
  return canary === 'refused' ? 'verified' : 'unproven';
}
