/**
 * A client that proves itself by a certificate's key: a JWT that it signs for the token endpoint.
 *
 * Source  "Microsoft identity platform application authentication certificate credentials": `typ` is JWT, `aud` the token
 *         endpoint of the tenant, `x5t#S256` the certificate's thumbprint, `iss` and `sub` the client; RFC 7523.
 */
import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MAX_DELAY_SECONDS = 24 * 3_600;

const Header = z.object({ alg: z.enum(['PS256', 'RS256']), typ: z.literal('JWT'), 'x5t#S256': z.string() });
const Claims = z.object({ aud: z.string(), iss: z.string(), sub: z.string(), jti: z.string(), exp: z.number() });

export interface Assertion {
  readonly type: string | undefined;
  readonly text: string;
}

export interface Expected {
  readonly clientId: string;
  /** PEM, one a certificate that the registration knows. */
  readonly certificates: readonly string[];
  readonly tokenEndpoint: string;
  readonly seconds: number;
}

/** Whether Entra takes it from the client. */
export function isClientAssertion({ type, text }: Assertion, expected: Expected): boolean {
  const [head = '', body = '', signature = ''] = text.split('.');
  const header = Header.safeParse(jsonIn(head));
  const claims = Claims.safeParse(jsonIn(body));
  if (type !== TYPE || !header.success || !claims.success) {
    return false;
  }
  const { aud, iss, sub, exp } = claims.data;
  const { clientId, tokenEndpoint, seconds } = expected;
  const isMeant = aud === tokenEndpoint && iss === clientId && sub === clientId;
  const isNow = exp > seconds && exp <= seconds + MAX_DELAY_SECONDS;
  const certificate = expected.certificates
    .map((pem) => new X509Certificate(pem))
    .find(({ raw }) => createHash('sha256').update(raw).digest('base64url') === header.data['x5t#S256']);
  return (
    isMeant && isNow && certificate !== undefined && isSigned(header.data.alg, certificate, [head, body, signature])
  );
}

function isSigned(
  alg: 'PS256' | 'RS256',
  { publicKey }: X509Certificate,
  [head, body, signature]: readonly [string, string, string],
): boolean {
  const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const key = { key: publicKey, padding, ...(alg === 'PS256' ? { saltLength: 32 } : {}) };
  return verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
