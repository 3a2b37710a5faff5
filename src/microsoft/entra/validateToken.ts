/**
 * Validates the access token that a host hands over for Assent's own API.
 *
 * Cheap claims are looked at before the signature, so that a flood of forged tokens costs little; nothing is
 * trusted before the signature was checked.
 *
 * Shapes  v2.0 tokens only: `aud` is our client id, `iss` is the authority with the token's own `tid`.
 * Units   Clocks may differ by 120 seconds.
 * Errors  Returned as codes; the detail is for the log and never names a person.
 * Source  "Access token claims reference", "Secure applications and APIs by validating claims"
 *         (learn.microsoft.com/entra/identity-platform); RFC 7519, RFC 8725.
 */
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import type { Principal } from '../../domain/people.ts';
import { type SigningKeys, SigningKeysUnavailableError } from './signingKeys.ts';

const SKEW_SECONDS = 120;
const MAX_TOKEN_LENGTH = 12_000;
const SCOPE = 'access_as_user';

/**
 * Clients of Microsoft that hand out tokens for add-ins and tabs; our own client id joins them.
 * Source: "Microsoft Teams and Microsoft 365 client application IDs", "Register an Office Add-in that uses SSO".
 */
const HOST_CLIENTS: readonly string[] = [
  '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
  '4765445b-32c6-49b0-83e6-1d93765276ca',
  '0ec893e0-5785-4de6-99da-4ed124e5296c',
  'd3590ed6-52b3-4102-aeff-aad2292ab01c',
  'bc59ab01-8403-45c6-8796-ac3ef710b3e3',
  '27922004-5251-4030-b22d-91ecd9a37ea4',
  'ea5a67f6-b6f3-4338-b240-c655ddc3cc8e',
  '93d53678-613d-4013-afc1-62e9e444a0a5',
];

export type TokenVerdict =
  | { readonly kind: 'valid'; readonly principal: Principal; readonly expiresAt: Date }
  | {
      readonly kind: 'invalid';
      readonly code:
        | 'token_invalid'
        | 'token_not_for_user'
        | 'client_not_allowed'
        | 'tenant_not_allowed'
        | 'signing_keys_unavailable';
      readonly detail: string;
    };

export interface TokenRules {
  readonly authority: string;
  readonly clientId: string;
  /** Tenants that may use this installation; `null` for any. */
  readonly allowedTenants: readonly string[] | null;
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly now: () => Date;
}

const Guid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i);
const Seconds = z.int().positive();

const Claims = z.object({
  aud: z.string(),
  iss: z.string(),
  ver: z.literal('2.0'),
  tid: Guid,
  oid: Guid,
  exp: Seconds,
  nbf: Seconds,
  azp: z.string(),
});

/** Claims that decide what a valid token is good for. */
const Grants = z.object({
  scp: z.string().optional().catch(undefined),
  idtyp: z.string().optional().catch(undefined),
  nonce: z.unknown().optional(),
  wids: z.array(z.string()).max(500).optional().catch(undefined),
  acct: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .catch(undefined),
  idp: z.string().optional().catch(undefined),
  name: z.string().max(256).optional().catch(undefined),
  preferred_username: z.string().max(256).optional().catch(undefined),
  login_hint: z.string().max(2048).optional().catch(undefined),
});

type CheckedClaims = z.infer<typeof Claims> & z.infer<typeof Grants>;

export async function validateToken(token: string, rules: TokenRules): Promise<TokenVerdict> {
  const claims = readClaims(token);
  if (claims === null) {
    return invalid('token_invalid', 'not a v2.0 user token in compact form');
  }
  const mismatch = mismatchOf(claims, rules);
  if (mismatch !== null) {
    return invalid('token_invalid', mismatch);
  }
  const unproven = await signatureFault(token, claims, rules);
  return unproven ?? checkTokenPermissions(claims, rules);
}

function readClaims(token: string): CheckedClaims | null {
  const parts = token.split('.');
  if (token.length > MAX_TOKEN_LENGTH || parts.length !== 3) {
    return null;
  }
  try {
    const bytes = Buffer.from(parts[1] ?? '', 'base64url');
    const payload: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const claims = Claims.safeParse(payload);
    const grants = Grants.safeParse(payload);
    return claims.success && grants.success ? { ...grants.data, ...claims.data } : null;
  } catch {
    // Bytes that are no UTF-8, text that is no JSON, JSON that is nested without end: none of them is a token.
    return null;
  }
}

function mismatchOf(claims: CheckedClaims, { authority, clientId, now }: TokenRules): string | null {
  const seconds = now().getTime() / 1000;
  if (claims.aud !== clientId) {
    return 'audience';
  }
  if (claims.iss !== `${authority}/${claims.tid}/v2.0`) {
    return 'issuer';
  }
  if (claims.exp + SKEW_SECONDS <= seconds) {
    return 'expired';
  }
  return claims.nbf - SKEW_SECONDS > seconds ? 'not valid yet' : null;
}

async function signatureFault(
  token: string,
  claims: CheckedClaims,
  { keys }: TokenRules,
): Promise<TokenVerdict | null> {
  try {
    const { alg, kid, crit } = readHeader(token);
    const isPlain = alg === 'RS256' && crit === undefined;
    const found = isPlain && kid !== undefined ? await keys.find(kid) : null;
    if (found === null) {
      return invalid('token_invalid', 'signing key');
    }
    if (found.issuer !== null && found.issuer.replace('{tenantid}', claims.tid) !== claims.iss) {
      return invalid('token_invalid', 'the signing key belongs to another issuer');
    }
    await compactVerify(token, found.key, { algorithms: ['RS256'] });
    return null;
  } catch (error) {
    if (error instanceof SigningKeysUnavailableError) {
      return invalid('signing_keys_unavailable', error.message);
    }
    if (error instanceof errors.JOSEError) {
      return invalid('token_invalid', 'signature');
    }
    throw error;
  }
}

/** An unreadable header names no key. */
function readHeader(token: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return {};
  }
}

function checkTokenPermissions(claims: CheckedClaims, rules: TokenRules): TokenVerdict {
  const tenantId = claims.tid.toLowerCase();
  const isForUser = claims.scp?.split(' ').includes(SCOPE) === true && claims.idtyp !== 'app';
  if (!isForUser || claims.nonce !== undefined) {
    return invalid('token_not_for_user', 'scope');
  }
  if (claims.azp !== rules.clientId && !HOST_CLIENTS.includes(claims.azp)) {
    return invalid('client_not_allowed', 'authorized party');
  }
  if (rules.allowedTenants !== null && !rules.allowedTenants.includes(tenantId)) {
    return invalid('tenant_not_allowed', 'tenant');
  }
  return { kind: 'valid', principal: principalOf(claims, tenantId), expiresAt: new Date(claims.exp * 1000) };
}

function principalOf(claims: CheckedClaims, tenantId: string): Principal {
  return {
    tenantId,
    memberId: claims.oid.toLowerCase(),
    name: claims.name ?? null,
    account: claims.preferred_username ?? null,
    loginHint: claims.login_hint ?? claims.preferred_username ?? null,
    directoryRoles: claims.wids ?? [],
    isGuest: claims.acct === 1 || (claims.idp !== undefined && !claims.idp.toLowerCase().includes(tenantId)),
  };
}

function invalid(code: Extract<TokenVerdict, { kind: 'invalid' }>['code'], detail: string): TokenVerdict {
  return { kind: 'invalid', code, detail };
}
