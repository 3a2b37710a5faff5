/**
 * A grant for everyone is there: what changes by it.
 *
 * The grant is recorded whoever gave it, for it is a fact at Microsoft. The mode changes only when the request
 * was for one, nothing was decided meanwhile, and the rule of two roles holds at this moment as well: whoever
 * asked still has a product role, and where the request came by a link, whoever granted has one.
 */
import { isSynced } from '../domain/permissions.ts';
import type { ConsentTransaction, Organization, ServiceGrant, TenantGrant } from '../domain/records.ts';
import { changeRelevance } from './changeRules.ts';
import { applyConsent } from './changeSync.ts';
import type { ConsentPorts } from './ports.ts';
import type { ChangeFeed, ConsentReader, ConsentWriter, OrganizationWriter } from './store.ts';
import { destroyCredentials, prepareLeave, switchMode } from './switchMode.ts';
import { advance } from './transaction.ts';
import { isCurrent } from '../domain/consentBasis.ts';

export interface Shown {
  readonly scopes: readonly string[];
  /** Whether the token that showed them was of someone without a personal grant. */
  readonly isProof: boolean;
}

/** What a token shows of a tenant-wide grant: the requested scopes, plus any others that no individual consent explains. */
export function evidenceFrom(scopes: readonly string[], wanted: readonly string[], personal: readonly string[]): Shown {
  const others = scopes.filter((scope) => isSynced(scope) && !personal.includes(scope));
  return {
    scopes: [...new Set([...wanted, ...others])],
    isProof: wanted.every((scope) => !personal.includes(scope)),
  };
}

/** Delegated permissions for everyone, shown by a token. */
export async function applyDelegatedGrant(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'unsubscriber' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  proven: Shown,
): Promise<void> {
  const { tenantId, consentHash } = consent;
  const at = ports.now();
  await applyGrant(ports, consent, proven.isProof, async (writer, organization) => {
    const decides = consent.mode === 'organization' && (await canChangeMode(writer, organization, consent));
    const grant = mergeGrant(decides ? null : organization.grant, consent, proven, at);
    await writer.changeOrganization(tenantId, { grant });
    const detail = { scopes: [...proven.scopes], proven: proven.isProof, mode: consent.mode };
    await writer.record({
      tenantId,
      at,
      acts: [{ actorId: grant.grantedBy, action: 'grant.recorded', target: consentHash, detail }],
    });
    return decides;
  });
}

/**
 * What is recorded: a decision for everyone replaces the former grant, for it asked for the complete set; one that
 * only permits, or that was overtaken, adds to it. What was found missing comes back only where a proof showed it.
 */
function mergeGrant(
  before: TenantGrant | null,
  consent: ConsentTransaction,
  { scopes, isProof }: Shown,
  at: Date,
): TenantGrant {
  const kept = before?.scopes ?? [];
  const missing = (before?.missing ?? []).filter(
    (scope) => kept.includes(scope) && !(isProof && scopes.includes(scope)),
  );
  return {
    state: isProof ? 'verified' : 'unproven',
    scopes: [...new Set([...scopes, ...kept])],
    grantedBy: consent.grantedBy ?? consent.memberId,
    grantedAt: at,
    provenAt: isProof ? at : null,
    missing,
    missingSince: missing.length === 0 ? null : (before?.missingSince ?? at),
    checkedAt: at,
  };
}

/** Application permissions, shown by probes. */
export async function applyServiceGrant(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'unsubscriber' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  service: ServiceGrant,
): Promise<void> {
  const { tenantId, consentHash } = consent;
  const isVerified = service.state === 'verified';
  await applyGrant(ports, consent, isVerified, async (writer, organization) => {
    await writer.changeOrganization(tenantId, { service });
    const detail = { scopes: [...service.reached], canary: service.canary, mode: 'service' };
    await writer.record({
      tenantId,
      at: ports.now(),
      acts: [{ actorId: service.grantedBy, action: 'grant.recorded', target: consentHash, detail }],
    });
    return canChangeMode(writer, organization, consent);
  });
}

async function applyGrant(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'unsubscriber' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  isVerified: boolean,
  record: (writer: ConsentReader & OrganizationWriter & ChangeFeed, organization: Organization) => Promise<boolean>,
): Promise<void> {
  const { tenantId } = consent;
  const unsubscribe = await prepareLeave(ports, tenantId, consent.mode);
  const dropped = await ports.store.transact(async (writer): Promise<readonly string[]> => {
    const organization = await writer.lockOrganization(tenantId);
    const ended = await advance(
      writer,
      consent,
      isVerified ? { kind: 'verified', grantedBy: null } : { kind: 'leftUnverified' },
    );
    if (organization === null || ended === null) {
      return [];
    }
    const changesMode = await record(writer, organization);
    if (!changesMode) {
      await applyPreapproval(ports, writer, organization, ended);
      return [];
    }
    const { selection, relevance, mode } = consent;
    await writer.changeOrganization(tenantId, { selection });
    const actorId = consent.grantedBy ?? consent.memberId;
    const left = await switchMode(ports, writer, organization, { to: mode, actorId, target: consent.consentHash });
    if (relevance !== null) {
      await changeRelevance(ports, writer, organization, relevance);
    }
    return left;
  });
  await destroyCredentials(ports, tenantId, dropped);
  await unsubscribe();
}

async function canChangeMode(
  writer: ConsentReader,
  organization: Organization,
  consent: ConsentTransaction,
): Promise<boolean> {
  const { tenantId, memberId, grantedBy, linkHash } = consent;
  const decider = await writer.member(tenantId, linkHash === null ? memberId : (grantedBy ?? memberId));
  const link = linkHash === null ? null : await writer.link(tenantId, linkHash);
  const isTakenBack = link !== null && link.revokedAt !== null;
  const hasRole = decider !== null && decider.productRole !== null;
  return !isTakenBack && hasRole && isCurrent(consent.basedOn, { organization, connection: null });
}

/** The grant only permits: who asked for it by a link gets what they had chosen, and whoever waits is told. */
async function applyPreapproval(
  ports: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: ConsentWriter,
  organization: Organization,
  consent: ConsentTransaction,
): Promise<void> {
  const { tenantId, memberId, mode, linkHash } = consent;
  if (mode !== 'individual' && !isCurrent(consent.basedOn, { organization, connection: null })) {
    await advance(writer, consent, { kind: 'superseded' });
  }
  const link = linkHash === null ? null : await writer.link(tenantId, linkHash);
  const origin = link === null ? null : await writer.consent(tenantId, link.consentHash);
  const connection = await writer.lockConnection(tenantId, memberId);
  const begun = await writer.consent(tenantId, consent.consentHash);
  const isAskedFor = origin?.grantFor === 'self' && origin.reason !== 'superseded' && link?.revokedAt === null;
  const isStill = begun !== null && isCurrent(begun.basedOn, { organization, connection });
  if (isAskedFor && organization.mode === 'individual' && isStill) {
    await applyConsent(ports, writer, consent);
  }
  await writer.record({ tenantId, at: ports.now(), tell: 'everyone', wake: 'everyone' });
}
