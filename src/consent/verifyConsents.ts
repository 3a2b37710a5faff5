/**
 * Proves consents that Microsoft says were given: a token must carry the scopes, or a probe must reach a mailbox.
 *
 * New grants take seconds to minutes to reach every token server, so a token without them means
 * `propagating`, not failure, until the time is up; Exchange's scoping takes longer (`settling`).
 *
 * Units   Attempts after 1, 2, 4, 8 and then every 15 seconds, until twenty minutes after the consent began. In
 *         service mode every minute at the latest, until two hours and ten minutes after it.
 */
import { isSynced, MANAGE_SCOPES, missingScopes, scopesForSelection } from '../domain/permissions.ts';
import type { Connection, ConsentTransaction, ServiceGrant } from '../domain/records.ts';
import type { AccessTokenProvider } from './accessTokens.ts';
import { end, verifyIndividual } from './concludeConsent.ts';
import { scopesToKeep } from './justInTime.ts';
import type { ConsentPorts } from './ports.ts';
import { probeService } from './probeService.ts';
import { evidenceFrom, applyDelegatedGrant, applyServiceGrant } from './applyGrant.ts';
import { advance } from './transaction.ts';
import { isCurrent } from '../domain/consentBasis.ts';

const BATCH = 20;
const MAX_BACKOFF_SECONDS = { delegated: 15, service: 60 };
/** Counted from the beginning, of which up to ten minutes may pass at Microsoft. */
const VERIFICATION_TIMEOUT_MINUTES = { delegated: 20, service: 130 };

/** Makes one attempt for every consent that is due; answers how many there were. */
export async function verifyConsents(ports: ConsentPorts, tokens: AccessTokenProvider): Promise<number> {
  const due = await ports.store.consentsToVerify(ports.now(), BATCH);
  const attempts = await Promise.allSettled(due.map((consent) => verifyOnce(ports, tokens, consent)));
  const failed = attempts.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    throw new VerificationFailedError('A consent could not be proven', { cause: failed.reason });
  }
  return due.length;
}

/** One or more attempts failed for a reason of ours; each is repeated, the others went on. */
export class VerificationFailedError extends Error {
  override readonly name = 'VerificationFailedError';
  readonly code = 'verification_failed';
}

async function verifyOnce(
  ports: ConsentPorts,
  tokens: AccessTokenProvider,
  consent: ConsentTransaction,
): Promise<void> {
  await scheduleRetry(ports, consent);
  if (consent.mode === 'service' && consent.purpose === 'consent') {
    await attemptService(ports, consent);
  } else if (!(await attemptDelegated(ports, tokens, consent)) && hasTimedOut(ports, consent)) {
    await end(ports, consent, consent.isQualified ? 'notGranted' : 'notAdministrator');
  }
}

async function attemptDelegated(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'unsubscriber' | 'chance' | 'now'>,
  tokens: AccessTokenProvider,
  consent: ConsentTransaction,
): Promise<boolean> {
  const { tenantId } = consent;
  const prober = await verifyingConnection(ports, consent);
  const answer = prober === null ? null : await tokens.renew(tenantId, prober.memberId);
  if (consent.purpose !== 'consent') {
    return verifyGrantChange(ports, consent, prober, answer?.kind === 'token' ? answer.scopes : null);
  }
  const wanted = scopesForSelection(consent.selection);
  if (prober === null || answer?.kind !== 'token' || missingScopes(answer.scopes, wanted).length > 0) {
    return false;
  }
  if (consent.grantFor === 'self') {
    await verifyIndividual(ports, consent);
  } else {
    const personal = (await ports.store.connection(tenantId, prober.memberId))?.personalScopes ?? [];
    await applyDelegatedGrant(ports, consent, evidenceFrom(answer.scopes, wanted, personal));
  }
  return true;
}

/** Whose token can show the grant: the asker's own, or, for everyone's, that of someone who is connected. */
async function verifyingConnection(
  ports: Pick<ConsentPorts, 'store'>,
  consent: ConsentTransaction,
): Promise<Connection | null> {
  const { tenantId, memberId, grantFor, grantedBy, isQualified } = consent;
  const canShow = ({ status, hasCredential }: Connection) => status === 'live' && hasCredential;
  const own = await ports.store.connection(tenantId, memberId);
  if (own !== null && (canShow(own) || grantFor === 'self') && isQualified) {
    return own;
  }
  const all = (await ports.store.connections(tenantId)).filter(canShow);
  const wanted = scopesForSelection(consent.selection);
  const isImpartial = (connection: Connection) =>
    connection.memberId !== memberId &&
    connection.memberId !== grantedBy &&
    !wanted.some((scope) => connection.personalScopes.includes(scope));
  return all.find((connection) => isQualified || isImpartial(connection)) ?? null;
}

/** After a grant was narrowed or removed, the next token shows nothing of what was taken away. */
async function verifyGrantChange(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  consent: ConsentTransaction,
  prober: Connection | null,
  scopes: readonly string[] | null,
): Promise<boolean> {
  const allowed = [...scopesToKeep(consent), ...(prober?.personalScopes ?? [])];
  const taken = (scope: string) => isSynced(scope) || MANAGE_SCOPES.includes(scope);
  const isClean = scopes !== null && missingScopes(allowed, scopes.filter(taken)).length === 0;
  // Without anyone who is connected, what the directory showed after the change is all there is.
  if (!isClean && prober !== null) {
    return false;
  }
  await ports.store.transact(async (writer) => {
    await advance(
      writer,
      consent,
      prober === null ? { kind: 'leftUnverified' } : { kind: 'verified', grantedBy: null },
    );
    await writer.record({ tenantId: consent.tenantId, at: ports.now(), tell: 'everyone' });
  });
  return true;
}

async function attemptService(ports: ConsentPorts, consent: ConsentTransaction): Promise<void> {
  const { tenantId, selection } = consent;
  const organization = await ports.store.organization(tenantId);
  if (!isCurrent(consent.basedOn, { organization, connection: null })) {
    await end(ports, consent, 'superseded');
    return;
  }
  const grantedBy = consent.grantedBy ?? consent.memberId;
  const service = await probeService(ports, tenantId, selection, { grantedBy, grantedAt: ports.now().toISOString() });
  if (service === null) {
    await (hasTimedOut(ports, consent) ? end(ports, consent, 'microsoftUnavailable') : Promise.resolve());
    return;
  }
  if (service.state === 'verified' || service.state === 'unproven') {
    await applyServiceGrant(ports, consent, service);
    return;
  }
  const isOver = hasTimedOut(ports, consent);
  await saveInterimStatus(ports, tenantId, { ...service, state: isOver ? 'failed' : 'settling' });
  if (isOver) {
    await end(ports, consent, service.canary === 'reached' ? 'tooWide' : 'nothingReached');
  }
}

/** Saves interim results for the UI. Never overwrites a service grant that's in use. */
async function saveInterimStatus(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  tenantId: string,
  service: ServiceGrant,
): Promise<void> {
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    if (organization?.mode !== 'service') {
      await writer.changeOrganization(tenantId, { service });
      await writer.record({ tenantId, at: ports.now(), tell: 'everyone' });
    }
  });
}

function hasTimedOut(ports: Pick<ConsentPorts, 'now'>, consent: ConsentTransaction): boolean {
  const minutes = VERIFICATION_TIMEOUT_MINUTES[consent.mode === 'service' ? 'service' : 'delegated'];
  return ports.now().getTime() - consent.createdAt.getTime() > minutes * 60_000;
}

/** Written before the attempt, so that one that fails on its way is not the first in line for ever. */
async function scheduleRetry(ports: Pick<ConsentPorts, 'store' | 'now'>, consent: ConsentTransaction): Promise<void> {
  const longest = MAX_BACKOFF_SECONDS[consent.mode === 'service' ? 'service' : 'delegated'];
  const seconds = Math.min(2 ** consent.attempts, longest);
  const attemptAt = new Date(ports.now().getTime() + seconds * 1000);
  await ports.store.transact((writer) => advance(writer, consent, { kind: 'attempted', nextAttemptAt: attemptAt }));
}
