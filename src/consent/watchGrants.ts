/**
 * Watches what Microsoft has granted, so that what was taken back there stops here within a bound.
 *
 * A tenant-wide grant is looked at through one member's token, a personal one at each renewal; service mode by
 * the probes with which it was proven. What a token shows is compared where it is stored (`connectMember`).
 *
 * Units   A tenant-wide grant every five minutes, and every fifteen while nothing is left of it; a personal one
 *         after at most 60 minutes; service mode every five minutes.
 */
import type { Connection, Organization, ServiceGrant } from '../domain/records.ts';
import type { AccessTokens } from './accessTokens.ts';
import { refreshCoverage } from './coverage.ts';
import type { ConsentPorts } from './ports.ts';
import { probeService } from './probeService.ts';
import { wakeEverybody } from './wake.ts';

const GRANT_MINUTES = 5;
const LOST_GRANT_MINUTES = 15;
const SERVICE_MINUTES = 5;
/** Under the promised hour by what a round of renewals may take. */
const PERSONAL_MINUTES = 50;
const BATCH = 20;

export async function watchGrants(ports: ConsentPorts, tokens: AccessTokens): Promise<void> {
  const before = (minutes: number) => new Date(ports.now().getTime() - minutes * 60_000);
  const { store } = ports;
  for (const tenantId of await store.grantsToWatch(before(GRANT_MINUTES), before(LOST_GRANT_MINUTES), BATCH)) {
    await probeGrant(ports, tokens, tenantId);
  }
  for (const { tenantId, memberId } of await store.connectionsToRenew(before(PERSONAL_MINUTES), BATCH)) {
    await tokens.renew(tenantId, memberId);
  }
  for (const tenantId of await store.servicesToProbe(before(SERVICE_MINUTES), BATCH)) {
    await probeAgain(ports, tenantId);
  }
}

/** One member's token; whoever was looked at longest ago, so that one broken connection does not hide the rest. */
async function probeGrant(ports: ConsentPorts, tokens: AccessTokens, tenantId: string): Promise<void> {
  const organization = await ports.store.organization(tenantId);
  const grant = organization?.grant ?? null;
  if (grant === null) {
    return;
  }
  // Noted before the attempt, so that one that fails on its way is not repeated at once.
  await ports.store.transact((writer) =>
    writer.changeOrganization(tenantId, { grant: { ...grant, checkedAt: ports.now() } }),
  );
  const connections = await ports.store.connections(tenantId);
  const [prober] = connections
    .filter(({ status, hasCredential }) => status === 'live' && hasCredential)
    .toSorted((first, second) => rank(first, grant.scopes) - rank(second, grant.scopes));
  if (prober !== undefined) {
    await tokens.renew(tenantId, prober.memberId);
  }
}

/** Those whose own consents hide the tenant-wide grant come last. */
function rank({ personalScopes, scopesCheckedAt }: Connection, scopes: readonly string[]): number {
  const hides = scopes.some((scope) => personalScopes.includes(scope));
  return scopesCheckedAt.getTime() + (hides ? Number.MAX_SAFE_INTEGER / 2 : 0);
}

async function probeAgain(ports: ConsentPorts, tenantId: string): Promise<void> {
  const organization = await ports.store.organization(tenantId);
  const before = organization?.service ?? null;
  if (organization === null || before === null) {
    return;
  }
  await refreshCoverage(ports, organization);
  const after = await probeService(ports, tenantId, organization.selection, before);
  await ports.store.transact(async (writer) => {
    const locked = await writer.lockOrganization(tenantId);
    const hasChanged = !sameFinding(before, after);
    if (locked?.mode !== 'service') {
      return;
    }
    await writer.changeOrganization(tenantId, { service: after, ...(hasChanged ? { raiseEpoch: true } : {}) });
    if (hasChanged) {
      await recordFinding(ports, writer, organization, after);
    }
  });
}

async function recordFinding(
  ports: ConsentPorts,
  writer: Parameters<Parameters<ConsentPorts['store']['transact']>[0]>[0],
  { tenantId }: Organization,
  { state, reached, canary }: ServiceGrant,
): Promise<void> {
  const action = state === 'failed' ? ('grant.lost' as const) : ('grant.found' as const);
  const detail = { mode: 'service', categories: [...reached], canary };
  await writer.audit({ tenantId, actorId: null, action, target: null, detail }, ports.now());
  await wakeEverybody(writer, tenantId, ports.now());
}

function sameFinding(first: ServiceGrant, second: ServiceGrant): boolean {
  return (
    first.state === second.state &&
    first.canary === second.canary &&
    first.reached.length === second.reached.length &&
    first.reached.every((category) => second.reached.includes(category))
  );
}
