/** Consent transactions, as the API shows them. */
import type { BegunConsent } from '../../consent/createConsentTransaction.ts';
import type { ConsentDocument, StartedConsent } from '../../contract/api/consents.ts';
import type { ConsentTransaction } from '../../domain/records.ts';

/** `publicUrl`: of this installation. */
export function presentStarted(publicUrl: string, { id, expiresAt }: BegunConsent): StartedConsent {
  return { id, startUrl: `${publicUrl}/consent/start/${id}`, expiresAt: expiresAt.toISOString() };
}

export function presentConsent(
  id: string,
  { state, reason, expiresAt }: ConsentTransaction,
  now: Date,
): ConsentDocument {
  const isExpired = state === 'started' && now >= expiresAt;
  return { id, state: isExpired ? 'expired' : state, ...(reason === null ? {} : { reason }) };
}
