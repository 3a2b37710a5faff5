/**
 * Proves consents that Microsoft says were given: a token must carry the scopes.
 *
 * New grants take seconds to minutes to reach every token server, so a token without them means
 * `propagating`, not failure, until the time is up.
 *
 * Units   Attempts after 1, 2, 4, 8 and then every 15 seconds, until twenty minutes after the consent began.
 */
import { missingScopes, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction, Organization } from '../domain/records.ts';
import type { AccessTokens } from './accessTokens.ts';
import type { ConsentPorts, ConsentWriter } from './ports.ts';
import { end, verifyIndividual } from './returnFromMicrosoft.ts';

const BATCH = 20;
const LONGEST_WAIT_SECONDS = 15;
/** Counted from the beginning, of which up to ten minutes may pass at Microsoft. */
const TIME_IS_UP_MILLISECONDS = 20 * 60_000;

/** Makes one attempt for every consent that is due; answers how many there were. */
export async function proveConsents(ports: ConsentPorts, tokens: AccessTokens): Promise<number> {
  const due = await ports.store.consentsToProve(ports.now(), BATCH);
  const attempts = await Promise.allSettled(due.map((consent) => attempt(ports, tokens, consent)));
  const failed = attempts.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    throw new ProofFailedError('A consent could not be proven', { cause: failed.reason });
  }
  return due.length;
}

/** One or more attempts failed for a reason of ours; each is repeated, the others went on. */
export class ProofFailedError extends Error {
  override readonly name = 'ProofFailedError';
  readonly code = 'proof_failed';
}

async function attempt(ports: ConsentPorts, tokens: AccessTokens, consent: ConsentTransaction): Promise<void> {
  const wanted = scopesForSelection(consent.selection);
  await tryLater(ports, consent);
  const answer = await tokens.renew(consent.tenantId, consent.memberId);
  if (answer.kind === 'token' && missingScopes(answer.scopes, wanted).length === 0) {
    await (consent.mode === 'individual' ? verifyIndividual(ports, consent) : takeEffect(ports, consent, wanted));
  } else if (ports.now().getTime() - consent.createdAt.getTime() > TIME_IS_UP_MILLISECONDS) {
    await end(ports, consent, 'notGranted');
  }
}

/** Written before the attempt, so that one that fails on its way is not the first in line for ever. */
async function tryLater(ports: ConsentPorts, consent: ConsentTransaction): Promise<void> {
  const seconds = Math.min(2 ** consent.attempts, LONGEST_WAIT_SECONDS);
  const attemptAt = new Date(ports.now().getTime() + seconds * 1000);
  await ports.store.transact((writer) =>
    writer.advanceConsent(consent.tenantId, consent.consentHash, 'proving', { step: 'proving', attemptAt }),
  );
}

/** A token carries the administrator's grant: mode, selection and rules take effect together. */
async function takeEffect(ports: ConsentPorts, consent: ConsentTransaction, wanted: readonly string[]): Promise<void> {
  const { tenantId, consentHash } = consent;
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    if (organization?.epoch !== consent.epoch) {
      await writer.advanceConsent(tenantId, consentHash, 'proving', {
        step: 'ended',
        state: 'refused',
        reason: 'superseded',
      });
      await writer.announce(tenantId, null);
      return;
    }
    const connection = await writer.connection(tenantId, consent.memberId);
    const isProof = wanted.every((scope) => !(connection?.personalScopes ?? []).includes(scope));
    const advanced = await writer.advanceConsent(tenantId, consentHash, 'proving', {
      step: 'ended',
      state: isProof ? 'verified' : 'grantedUnproven',
    });
    if (advanced) {
      await changeMode(ports, writer, organization, consent, { scopes: wanted, isProof });
    }
  });
}

async function changeMode(
  ports: ConsentPorts,
  writer: ConsentWriter,
  organization: Organization,
  consent: ConsentTransaction,
  { scopes, isProof }: { readonly scopes: readonly string[]; readonly isProof: boolean },
): Promise<void> {
  const { tenantId } = organization;
  const at = ports.now();
  const actorId = consent.grantedBy ?? consent.memberId;
  await writer.changeOrganization(tenantId, {
    mode: 'organization',
    selection: consent.selection,
    ...(consent.relevance === null ? {} : { relevance: consent.relevance }),
    grant: {
      state: isProof ? 'verified' : 'unproven',
      scopes,
      grantedBy: actorId,
      grantedAt: at,
      provenAt: isProof ? at : null,
    },
    raiseEpoch: true,
  });
  await wakeEverybody(writer, tenantId, at);
  await writer.audit(
    {
      tenantId,
      actorId,
      action: 'organization.modeChanged',
      target: consent.consentHash,
      detail: { from: organization.mode, to: 'organization', scopes: [...scopes], proven: isProof },
    },
    at,
  );
}

/** Every connected mailbox is looked at again, and every open screen is told. */
export async function wakeEverybody(writer: ConsentWriter, tenantId: string, at: Date): Promise<void> {
  for (const { memberId } of await writer.connections(tenantId)) {
    await writer.wakeMailbox(tenantId, memberId, at);
  }
  await writer.announce(tenantId, null);
}
