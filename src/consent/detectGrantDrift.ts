/**
 * Watches what Microsoft has granted, so that what was revoked there stops here within a bound.
 *
 * A tenant-wide grant is looked at through one member's token, a personal one at each renewal; service mode by
 * the probes with which it was proven. What a token shows is compared where it is stored (`connectMember`).
 *
 * Units   A tenant-wide grant every five minutes, and every fifteen while something of it is missing; a personal
 *         one after at most 60 minutes (a connection notes when it is due); service mode every five minutes.
 */
import type { Connection, Organization, ServiceGrant } from '../domain/records.ts';
import type { AccessTokenProvider } from './accessTokens.ts';
import { refreshCoverage } from './coverage.ts';
import type { ConsentPorts } from './ports.ts';
import type { ChangeFeed } from './store.ts';
import { probeService } from './probeService.ts';

const GRANT_MINUTES = 5;
const LOST_GRANT_MINUTES = 15;
const SERVICE_MINUTES = 5;
/** How long consents that are over are remembered; the audit log keeps what they did. */
const TTL_MINUTES = 30 * 24 * 60;
/** When a look that got no answer is repeated. */
const RETRY_MINUTES = 5;
const BATCH = 20;

export async function detectGrantDrift(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'now'>,
  tokens: AccessTokenProvider,
): Promise<void> {
  const before = (minutes: number) => new Date(ports.now().getTime() - minutes * 60_000);
  const { store } = ports;
  const grants = await store.grantsToCheck(before(GRANT_MINUTES), before(LOST_GRANT_MINUTES), BATCH);
  const services = await store.servicesToProbe(before(SERVICE_MINUTES), BATCH);
  const next = new Date(ports.now().getTime() + RETRY_MINUTES * 60_000);
  const connections = await store.transact(async (writer) => {
    await writer.pruneConsents(before(TTL_MINUTES));
    return writer.connectionsToRenew(ports.now(), next, BATCH);
  });
  const looks = await Promise.allSettled([
    ...grants.map((tenantId) => probeGrant(ports, tokens, tenantId)),
    ...connections.map(({ tenantId, memberId }) => tokens.renew(tenantId, memberId)),
    ...services.map((tenantId) => probeAgain(ports, tenantId)),
  ]);
  const failed = looks.find((look) => look.status === 'rejected');
  if (failed !== undefined) {
    throw new DriftCheckFailedError('Something that is granted could not be looked at', { cause: failed.reason });
  }
}

/** One look or more failed for a reason of ours; each is repeated, the others went on. */
export class DriftCheckFailedError extends Error {
  override readonly name = 'DriftCheckFailedError';
  readonly code = 'drift_check_failed';
}

/** A token of the member who was checked longest ago, so that one broken connection does not hide the rest. */
async function probeGrant(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  tokens: AccessTokenProvider,
  tenantId: string,
): Promise<void> {
  // Noted before the attempt, so that one that fails on its way is not repeated at once.
  const grant = await ports.store.transact(async (writer) => {
    const held = (await writer.lockOrganization(tenantId))?.grant ?? null;
    if (held !== null) {
      await writer.changeOrganization(tenantId, { grant: { ...held, checkedAt: ports.now() } });
    }
    return held;
  });
  if (grant === null) {
    return;
  }
  const connections = await ports.store.connections(tenantId);
  const [prober] = connections
    .filter(({ status, hasCredential }) => status === 'live' && hasCredential)
    .toSorted((first, second) => ownConsentRank(first, grant.scopes) - ownConsentRank(second, grant.scopes));
  if (prober !== undefined) {
    await tokens.renew(tenantId, prober.memberId);
  }
}

/** Those whose own consents hide the tenant-wide grant come last. */
function ownConsentRank({ personalScopes, scopesCheckedAt }: Connection, scopes: readonly string[]): number {
  const hides = scopes.some((scope) => personalScopes.includes(scope));
  return scopesCheckedAt.getTime() + (hides ? Number.MAX_SAFE_INTEGER / 2 : 0);
}

async function probeAgain(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'now'>,
  tenantId: string,
): Promise<void> {
  const organization = await ports.store.organization(tenantId);
  const before = organization?.service ?? null;
  if (organization === null || before === null) {
    return;
  }
  const attemptedAt = ports.now().toISOString();
  await ports.store.transact(async (writer) => {
    const held = (await writer.lockOrganization(tenantId))?.service ?? null;
    await writer.changeOrganization(tenantId, held === null ? {} : { service: { ...held, attemptedAt } });
  });
  await refreshCoverage(ports, tenantId);
  const after = await probeService(ports, tenantId, organization.selection, before);
  await ports.store.transact(async (writer) => {
    const locked = await writer.lockOrganization(tenantId);
    // Someone decided something meanwhile, or Microsoft gave no answer: nothing was found out.
    if (after === null || locked?.mode !== 'service' || locked.version !== organization.version) {
      return;
    }
    const hasChanged = !isSameDrift(before, after);
    await writer.changeOrganization(tenantId, { service: after, ...(hasChanged ? { raiseEpoch: true } : {}) });
    if (hasChanged) {
      await recordDrift(ports, writer, organization, after);
    }
  });
}

async function recordDrift(
  ports: Pick<ConsentPorts, 'now'>,
  writer: ChangeFeed,
  { tenantId }: Organization,
  { state, reached, canary }: ServiceGrant,
): Promise<void> {
  const action = state === 'failed' ? ('grant.lost' as const) : ('grant.found' as const);
  const detail = { mode: 'service', scopes: [...reached], canary };
  await writer.record({
    tenantId,
    at: ports.now(),
    acts: [{ actorId: null, action, target: null, detail }],
    tell: 'everyone',
    wake: 'everyone',
  });
}

function isSameDrift(first: ServiceGrant, second: ServiceGrant): boolean {
  return (
    first.state === second.state &&
    first.canary === second.canary &&
    first.reached.length === second.reached.length &&
    first.reached.every((category) => second.reached.includes(category))
  );
}
