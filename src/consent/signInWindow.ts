/**
 * Signs someone in by a window of its own, where the host can give no token: the code flow, which ends with a token for
 * Assent's own API and nothing else. The page that the window ends on hands it to the host.
 *
 * Nothing is stored: what belongs to the window stands in its browser's cookie, and state and PKCE verifier derive from it.
 *
 * Source  "OAuth 2.0 authorization code flow" (learn.microsoft.com/entra/identity-platform), RFC 7636, RFC 9700.
 */
import { aadstsNumber, type Refusal, refusalOf } from '../domain/refusals.ts';
import type { EntraPort, Found } from './ports.ts';
import { isSame, pkceVerifierOf, stateOf } from './secrets.ts';

export interface SignInPorts {
  readonly entra: Pick<EntraPort, 'signInUrl' | 'redeemSignIn' | 'tenantOf'>;
  readonly chance: { token(bytes: number): string };
}

export interface SignInWish {
  /** Where to sign in: an organization's id, or else a domain of its. */
  readonly tenantId: string | null;
  readonly domain: string | null;
  readonly loginHint: string | null;
  /** What Microsoft wants the token to show, as JSON text. */
  readonly claims: string | null;
}

/** Where the person is sent, and what the browser keeps meanwhile: `state` tells its windows apart. */
export interface OpenedSignIn {
  readonly url: string;
  readonly tenantId: string;
  readonly browserSecret: string;
  readonly state: string;
}

export type SignInEnd =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Another browser began it, or none did. */
  | { readonly kind: 'otherBrowser' }
  | { readonly kind: 'unavailable' };

/** `unknown` where there is no organization by that name. */
export async function openSignIn({ entra, chance }: SignInPorts, wish: SignInWish): Promise<Found<OpenedSignIn>> {
  // Ids are looked up too: the caller is anonymous, and an unknown tenant has to count against their address.
  const name = wish.tenantId ?? wish.domain;
  const tenant = name === null ? ({ kind: 'unknown' } as const) : await entra.tenantOf(name);
  if (tenant.kind !== 'found') {
    return tenant;
  }
  const tenantId = tenant.value;
  const browserSecret = chance.token(32);
  const state = stateOf(browserSecret);
  const url = await entra.signInUrl({
    tenantId,
    state,
    pkceVerifier: pkceVerifierOf(browserSecret),
    loginHint: wish.loginHint,
    claims: wish.claims,
  });
  return url.kind === 'found' ? { kind: 'found', value: { url: url.value, tenantId, browserSecret, state } } : url;
}

export async function endSignIn(
  { entra }: Pick<SignInPorts, 'entra'>,
  returnedTo: URL,
  opened: Pick<OpenedSignIn, 'tenantId' | 'browserSecret'> | null,
): Promise<SignInEnd> {
  const { searchParams } = returnedTo;
  const state = opened === null ? null : stateOf(opened.browserSecret);
  if (opened === null || state === null || !isSame(searchParams.get('state') ?? '', state)) {
    return { kind: 'otherBrowser' };
  }
  const error = searchParams.get('error');
  if (error !== null) {
    const number = aadstsNumber(searchParams.get('error_description') ?? undefined);
    return { kind: 'refused', refusal: refusalOf({ error, number }) };
  }
  const answer = await entra.redeemSignIn({
    tenantId: opened.tenantId,
    returnedTo,
    state,
    pkceVerifier: pkceVerifierOf(opened.browserSecret),
  });
  switch (answer.kind) {
    case 'tokens':
      return { kind: 'token', accessToken: answer.accessToken };
    case 'refused':
      return { kind: 'refused', refusal: refusalOf(answer.error) };
    case 'unavailable':
      return { kind: 'unavailable' };
  }
}
