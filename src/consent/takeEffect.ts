/**
 * A grant for everybody is there: what changes by it.
 *
 * The grant is recorded whoever gave it, for it is a fact at Microsoft. The mode changes only when the request
 * was for one, nothing was decided meanwhile, and the rule of two roles holds at this moment as well: whoever
 * asked still has a product role, and where the request came by a link, whoever granted has one.
 */
import type { ConsentTransaction, Organization, ServiceGrant, TenantGrant } from '../domain/records.ts';
import { applySelection } from './changeSync.ts';
import type { ConsentPorts, ConsentWriter } from './ports.ts';
import { destroyCredentials, switchMode } from './switchMode.ts';
import { wakeEverybody } from './wake.ts';

export interface Proven {
  readonly scopes: readonly string[];
  /** Whether the token that showed them was of somebody without a personal grant. */
  readonly isProof: boolean;
}

/** Delegated permissions for everybody, shown by a token. */
export async function takeDelegatedEffect(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  proven: Proven,
): Promise<void> {
  const { tenantId, consentHash } = consent;
  const at = ports.now();
  const grant: TenantGrant = {
    state: proven.isProof ? 'verified' : 'unproven',
    scopes: proven.scopes,
    grantedBy: consent.grantedBy ?? consent.memberId,
    grantedAt: at,
    provenAt: proven.isProof ? at : null,
    missing: [],
    missingSince: null,
    checkedAt: at,
  };
  await takeEffect(ports, consent, proven.isProof ? 'verified' : 'grantedUnproven', async (writer, organization) => {
    await writer.changeOrganization(tenantId, { grant });
    const detail = { scopes: [...proven.scopes], proven: proven.isProof, mode: consent.mode };
    const act = { tenantId, actorId: grant.grantedBy, target: consentHash };
    await writer.audit({ ...act, action: 'grant.recorded', detail }, at);
    return consent.mode === 'organization' && (await mayChangeMode(writer, organization, consent));
  });
}

/** Application permissions, shown by probes. */
export async function takeServiceEffect(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  service: ServiceGrant,
): Promise<void> {
  const { tenantId, consentHash } = consent;
  const isProven = service.state === 'verified';
  await takeEffect(ports, consent, isProven ? 'verified' : 'grantedUnproven', async (writer, organization) => {
    await writer.changeOrganization(tenantId, { service });
    const detail = { categories: [...service.reached], canary: service.canary, mode: 'service' };
    const act = { tenantId, actorId: service.grantedBy, target: consentHash };
    await writer.audit({ ...act, action: 'grant.recorded', detail }, ports.now());
    return mayChangeMode(writer, organization, consent);
  });
}

async function takeEffect(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  state: 'verified' | 'grantedUnproven',
  record: (writer: ConsentWriter, organization: Organization) => Promise<boolean>,
): Promise<void> {
  const { tenantId, consentHash } = consent;
  const dropped = await ports.store.transact(async (writer): Promise<readonly string[]> => {
    const organization = await writer.lockOrganization(tenantId);
    const isFirst = await writer.advanceConsent(tenantId, consentHash, 'proving', { step: 'ended', state });
    if (organization === null || !isFirst) {
      return [];
    }
    const changesMode = await record(writer, organization);
    if (!changesMode) {
      await permit(ports, writer, organization, consent);
      return [];
    }
    const { selection, relevance, mode } = consent;
    await writer.changeOrganization(tenantId, { selection, ...(relevance === null ? {} : { relevance }) });
    const actorId = consent.grantedBy ?? consent.memberId;
    return switchMode(ports, writer, organization, { to: mode, actorId, target: consentHash });
  });
  await destroyCredentials(ports, tenantId, dropped);
}

async function mayChangeMode(
  writer: ConsentWriter,
  organization: Organization,
  consent: ConsentTransaction,
): Promise<boolean> {
  const { tenantId, memberId, grantedBy, linkHash } = consent;
  const decider = await writer.member(tenantId, linkHash === null ? memberId : (grantedBy ?? memberId));
  return organization.epoch === consent.epoch && decider !== null && decider.productRole !== null;
}

/** The grant only permits: who asked for it by a link gets what they had chosen, and whoever waits is told. */
async function permit(
  ports: ConsentPorts,
  writer: ConsentWriter,
  organization: Organization,
  consent: ConsentTransaction,
): Promise<void> {
  const { tenantId, memberId, mode, linkHash, selection, erase } = consent;
  if (mode !== 'individual' && organization.epoch !== consent.epoch) {
    await writer.advanceConsent(tenantId, consent.consentHash, 'ended', {
      step: 'ended',
      state: 'refused',
      reason: 'superseded',
    });
  }
  const link = linkHash === null ? null : await writer.link(tenantId, linkHash);
  const origin = link === null ? null : await writer.consent(tenantId, link.consentHash);
  const connection = await writer.lockConnection(tenantId, memberId);
  const isWaited = origin?.grantFor === 'self' && organization.mode === 'individual';
  if (isWaited && connection?.epoch === consent.epoch) {
    await applySelection(ports, writer, { tenantId, memberId }, { selection, erase });
  }
  await wakeEverybody(writer, tenantId, ports.now());
}
