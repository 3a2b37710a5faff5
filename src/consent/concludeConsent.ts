/**
 * How a consent transaction continues once Microsoft has answered: it ends, refused or verified, or awaits verification. The
 * transaction and what follows from it are written together.
 */
import { isCurrent } from '../domain/consentBasis.ts';
import { missingScopes, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction } from '../domain/records.ts';
import { type Refusal, REFUSALS } from '../domain/refusals.ts';
import { chosenIn } from '../domain/selection.ts';
import { withRefusal } from '../domain/userConsent.ts';
import { applyConsent, applySelection } from './changeSync.ts';
import type { ConsentPorts } from './ports.ts';
import { advance } from './transaction.ts';

export interface ConsentOutcome {
  readonly kind: 'done';
  readonly outcome: 'granted' | 'refused';
  readonly reason: Refusal | null;
}

export const GRANTED: ConsentOutcome = { kind: 'done', outcome: 'granted', reason: null };

/** The member's own token carries the scopes: the change that was asked for takes effect now. */
export async function verifyIndividual(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  consent: ConsentTransaction,
): Promise<ConsentOutcome> {
  const { tenantId, consentHash, memberId } = consent;
  const at = ports.now();
  return ports.store.transact(async (writer): Promise<ConsentOutcome> => {
    const organization = await writer.lockOrganization(tenantId);
    const connection = await writer.lockConnection(tenantId, memberId);
    // Read again: a finding may have carried it along since.
    const begun = await writer.consent(tenantId, consentHash);
    const isStill =
      organization?.mode === 'individual' && begun !== null && isCurrent(begun.basedOn, { organization, connection });
    const ended = await advance(
      writer,
      consent,
      isStill ? { kind: 'verified', grantedBy: memberId } : { kind: 'superseded' },
    );
    if (ended?.state !== 'verified') {
      return { kind: 'done', outcome: 'refused', reason: 'superseded' };
    }
    const detail = { mode: 'individual' };
    await writer.record({
      tenantId,
      at,
      acts: [{ actorId: memberId, action: 'consent.verified', target: consentHash, detail }],
      tell: [memberId],
    });
    await applyConsent(ports, writer, consent);
    return GRANTED;
  });
}

/** Microsoft accepted, and no token shows it yet; `null` where someone else took the step. */
export async function awaitVerification(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  consent: ConsentTransaction,
  grantedBy: string,
  isQualified: boolean,
): Promise<ConsentTransaction | null> {
  const { tenantId, consentHash, mode, grantFor } = consent;
  const at = ports.now();
  return ports.store.transact(async (writer) => {
    const awaiting = await advance(writer, consent, { kind: 'accepted', grantedBy, isQualified, at });
    if (awaiting !== null) {
      const act = { actorId: grantedBy, action: 'consent.granted', target: consentHash, detail: { mode } } as const;
      const tell = grantFor === 'everyone' ? grantFor : [consent.memberId];
      await writer.record({ tenantId, at, acts: [act], tell });
    }
    return awaiting;
  });
}

/** Ends a consent with a refusal, and remembers what it says about this tenant's users. */
export async function end(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  reason: Refusal,
): Promise<ConsentOutcome> {
  const { tenantId, consentHash, memberId, mode, grantFor, linkHash } = consent;
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    const ended = await advance(writer, consent, { kind: 'refused', reason });
    if (ended === null) {
      return;
    }
    const isPolicy = REFUSALS[reason].isConsentPolicy;
    if (isPolicy && grantFor === 'self' && organization !== null) {
      const { scopes = [] } = (await writer.connection(tenantId, memberId)) ?? {};
      const missing = missingScopes(scopes, scopesForSelection(consent.selection));
      // What arrived meanwhile was not refused, and a refusal of nothing would speak about everything.
      if (missing.length > 0) {
        const userConsent = withRefusal(organization.userConsent, missing, 'refusal', at);
        await writer.changeOrganization(tenantId, { userConsent });
      }
    }
    const actorId = linkHash === null ? memberId : null;
    const act = { actorId, action: 'consent.refused', target: consentHash, detail: { mode, reason } } as const;
    const tell = grantFor === 'everyone' || isPolicy ? 'everyone' : [memberId];
    await writer.record({ tenantId, at, acts: [act], tell });
    if (reason === 'approvalRequested' && grantFor === 'self' && organization?.mode === 'individual') {
      // Chosen already: when Microsoft's admins grant it, a new token shows it, and it is on.
      await applySelection(
        ports,
        writer,
        { tenantId, memberId },
        { selection: chosenIn(consent.selection), erase: [] },
      );
    }
  });
  return { kind: 'done', outcome: 'refused', reason };
}
