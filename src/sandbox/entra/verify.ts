/** Checks tokens that this Entra signed. */
import { createPrivateKey, createPublicKey, createVerify } from 'node:crypto';
import { z } from 'zod';
import type { World } from '../world/world.ts';

const SignedClaims = z.looseObject({
  aud: z.unknown(),
  tid: z.string(),
  oid: z.string().optional(),
  exp: z.number(),
  scp: z.string().optional(),
  idtyp: z.string().optional(),
  appid: z.string().optional(),
  acrs: z.unknown().optional(),
  roles: z.array(z.string()).optional(),
});
export type SignedClaims = z.infer<typeof SignedClaims>;

/** The claims of a token whose signature is right, expired or not; `null` for anything else. */
export function verifyToken({ world }: { readonly world: World }, token: string): SignedClaims | null {
  const [head, body, signature, ...rest] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
    return null;
  }
  const key = createPublicKey(createPrivateKey(world.signingKey.pem));
  const isSigned = createVerify('RSA-SHA256').update(`${head}.${body}`).verify(key, signature, 'base64url');
  return isSigned ? SignedClaims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))) : null;
}
