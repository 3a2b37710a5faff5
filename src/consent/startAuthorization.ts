/**
 * The popup opens a consent: the browser is bound to it and goes to Microsoft.
 *
 * Opening works once. A popup that was closed is answered by a new consent, not by a second opening.
 */
import { CHECK_SCOPES, IDENTITY_SCOPES, MANAGE_SCOPES, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction } from '../domain/records.ts';
import type { ConsentPorts } from './ports.ts';
import { hashOf, nonceOf, parseConsentId, pkceVerifierOf } from './secrets.ts';
import { advance, isTenantWide, SUPERSEDED } from './transaction.ts';

export type OpenConsentResult =
  | { readonly kind: 'redirect'; readonly url: string; readonly browserSecret: string }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'superseded' };

export async function startAuthorization(
  ports: Pick<ConsentPorts, 'store' | 'entra' | 'chance' | 'now'>,
  id: string,
): Promise<OpenConsentResult> {
  const parsed = parseConsentId(id);
  const consent = parsed === null ? null : await ports.store.consent(parsed.tenantId, parsed.consentHash);
  if (consent === null) {
    return { kind: 'unknown' };
  }
  if (consent.step !== 'created') {
    return { kind: 'used' };
  }
  if (ports.now() >= consent.expiresAt) {
    return { kind: 'expired' };
  }
  if (await isSuperseded(ports, consent)) {
    return { kind: 'superseded' };
  }
  const browserSecret = ports.chance.token(32);
  const url = isTenantWide(consent)
    ? ports.entra.adminConsentUrl({
        tenantId: consent.tenantId,
        scopes: consent.mode === 'service' ? [] : await tenantWideScopes(ports, consent),
        state: stateOf(id, 'adminConsent'),
        registration: consent.mode === 'service' ? 'service' : 'main',
      })
    : await signInUrl(ports, consent, id, browserSecret, scopesToAsk(consent));
  return (await bindToBrowser(ports, consent, browserSecret))
    ? { kind: 'redirect', url, browserSecret }
    : { kind: 'used' };
}

async function bindToBrowser(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  consent: ConsentTransaction,
  browserSecret: string,
): Promise<boolean> {
  const { tenantId, consentHash, memberId, mode, purpose, linkHash } = consent;
  return ports.store.transact(async (writer) => {
    const opened = await advance(writer, consent, { kind: 'opened', browserHash: hashOf(browserSecret) });
    if (opened !== null) {
      const actorId = linkHash === null ? memberId : null;
      const detail = { mode, purpose, scopes: [...scopesToAsk(consent)] };
      await writer.record({
        tenantId,
        at: ports.now(),
        acts: [{ actorId, action: 'consent.started', target: consentHash, detail }],
      });
    }
    return opened !== null;
  });
}

/** Always the complete set: a consent that names less may replace what was granted before. */
export function scopesToAsk({ purpose, selection }: ConsentTransaction): readonly string[] {
  switch (purpose) {
    case 'consent':
      return [...IDENTITY_SCOPES, ...scopesForSelection(selection)];
    case 'checkDirectory':
      return ['openid', 'profile', 'User.Read', ...CHECK_SCOPES];
    case 'narrowGrant':
    case 'removeGrant':
      return ['openid', 'profile', 'User.Read', ...MANAGE_SCOPES];
  }
}

/** A grant that only permits must not take away what everyone has: a consent that names less may replace more. */
async function tenantWideScopes(
  ports: Pick<ConsentPorts, 'store'>,
  consent: ConsentTransaction,
): Promise<readonly string[]> {
  const grant = consent.mode === 'individual' ? (await ports.store.organization(consent.tenantId))?.grant : null;
  return [...new Set([...scopesToAsk(consent), ...(grant?.scopes ?? [])])];
}

/** The address of the sign-in that proves who came back; for an individual it is the consent itself. */
export async function signInUrl(
  ports: Pick<ConsentPorts, 'store' | 'entra'>,
  consent: ConsentTransaction,
  id: string,
  browserSecret: string,
  scopes: readonly string[],
): Promise<string> {
  const { tenantId, memberId, linkHash } = consent;
  // The person who opens a link usually isn't the one who created it.
  const member = linkHash === null ? await ports.store.member(tenantId, memberId) : null;
  return ports.entra.authorizeUrl({
    tenantId,
    scopes,
    state: stateOf(id, 'signIn'),
    nonce: nonceOf(browserSecret),
    pkceVerifier: pkceVerifierOf(browserSecret),
    loginHint: member?.loginHint ?? null,
  });
}

/** A consent that a person began alone ends here once an admin decides for everyone. */
async function isSuperseded({ store }: Pick<ConsentPorts, 'store'>, consent: ConsentTransaction): Promise<boolean> {
  const { tenantId, memberId, mode, purpose, grantFor } = consent;
  const organization = await store.organization(tenantId);
  if (mode !== 'individual' || purpose !== 'consent' || grantFor !== 'self' || organization?.mode === 'individual') {
    return false;
  }
  await store.transact((writer) => writer.supersedeConsents(tenantId, memberId, SUPERSEDED));
  return true;
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
