/**
 * How Assent proves to Entra that it is itself: a client secret, or a certificate's key.
 *
 * Source  "Application authentication certificate credentials" (learn.microsoft.com/entra/identity-platform).
 */
import { createHash, X509Certificate } from 'node:crypto';
import { importPKCS8 } from 'jose';
import { type ClientAuth, ClientSecretPost, modifyAssertion, PrivateKeyJwt } from 'openid-client';

export type ClientCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  /** One PEM text with the certificate and its PKCS#8 private key. */
  | { readonly kind: 'certificate'; readonly pem: string };

/** `tokenEndpoint` is the one of the tenant concerned, for which a certificate's assertion is made. */
export async function clientAuthentication(credential: ClientCredential, tokenEndpoint: string): Promise<ClientAuth> {
  if (credential.kind === 'secret') {
    return ClientSecretPost(credential.secret);
  }
  const thumbprint = createHash('sha256').update(new X509Certificate(credential.pem).raw).digest('base64url');
  return PrivateKeyJwt(await importPKCS8(privateKeyIn(credential.pem), 'PS256'), {
    [modifyAssertion]: (header, payload) => {
      header['typ'] = 'JWT';
      header['x5t#S256'] = thumbprint;
      payload['aud'] = tokenEndpoint;
    },
  });
}

function privateKeyIn(pem: string): string {
  return /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? '';
}
