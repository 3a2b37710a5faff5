/**
 * The popup opens a consent: the browser is bound to it and goes to Microsoft.
 *
 * Opening works once. A popup that was closed is answered by a new consent, not by a second opening.
 */
import { IDENTITY_SCOPES, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction } from '../domain/records.ts';
import type { ConsentPorts } from './ports.ts';
import { hashOf, nonceOf, parseConsentId, pkceVerifierOf } from './secrets.ts';

export type OpenConsentResult =
  | { readonly kind: 'redirect'; readonly url: string; readonly browserSecret: string }
  | { readonly kind: 'unknown' | 'expired' | 'used' };

export async function openConsent(ports: ConsentPorts, id: string): Promise<OpenConsentResult> {
  const parsed = parseConsentId(id);
  const consent = parsed === null ? null : await ports.store.consent(parsed.tenantId, parsed.consentHash);
  if (consent === null) {
    return { kind: 'unknown' };
  }
  if (ports.now() >= consent.expiresAt) {
    return { kind: 'expired' };
  }
  const browserSecret = ports.chance.token(32);
  const url =
    consent.mode === 'organization'
      ? ports.entra.adminConsentUrl({
          tenantId: consent.tenantId,
          scopes: scopesToAsk(consent),
          state: stateOf(id, 'adminConsent'),
        })
      : await signInUrl(ports, consent, id, browserSecret, scopesToAsk(consent));
  return (await bind(ports, consent, browserSecret)) ? { kind: 'redirect', url, browserSecret } : { kind: 'used' };
}

async function bind(ports: ConsentPorts, consent: ConsentTransaction, browserSecret: string): Promise<boolean> {
  const { tenantId, consentHash, memberId, mode } = consent;
  return ports.store.transact(async (writer) => {
    const isFirst = await writer.advanceConsent(tenantId, consentHash, 'created', {
      step: mode === 'organization' ? 'adminConsent' : 'signIn',
      browserHash: hashOf(browserSecret),
    });
    if (isFirst) {
      await writer.audit(
        {
          tenantId,
          actorId: memberId,
          action: 'consent.started',
          target: consentHash,
          detail: { mode, scopes: [...scopesForSelection(consent.selection)] },
        },
        ports.now(),
      );
    }
    return isFirst;
  });
}

/** Always the complete set: a consent that names less may replace what was granted before. */
export function scopesToAsk(consent: ConsentTransaction): readonly string[] {
  return [...IDENTITY_SCOPES, ...scopesForSelection(consent.selection)];
}

/** The address of the sign-in that proves who came back; for an individual it is the consent itself. */
export async function signInUrl(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  id: string,
  browserSecret: string,
  scopes: readonly string[],
): Promise<string> {
  const member = await ports.store.member(consent.tenantId, consent.memberId);
  return ports.entra.authorizeUrl({
    tenantId: consent.tenantId,
    scopes,
    state: stateOf(id, 'signIn'),
    nonce: nonceOf(browserSecret),
    pkceVerifier: pkceVerifierOf(browserSecret),
    loginHint: member?.loginHint ?? null,
  });
}

/** The `state` of a step: the consent's identifier and which of its two returns is awaited. */
export function stateOf(id: string, step: 'adminConsent' | 'signIn'): string {
  return `${id}.${step}`;
}

export function parseState(state: string): { readonly id: string; readonly step: 'adminConsent' | 'signIn' } | null {
  const [id, step, ...rest] = state.split('.');
  if (id === undefined || rest.length > 0 || (step !== 'adminConsent' && step !== 'signIn')) {
    return null;
  }
  return { id, step };
}
