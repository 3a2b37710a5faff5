/**
 * The secrets of a consent transaction, and what derives from them.
 *
 * Shapes  A consent's identifier is base64url of the tenant's 16 bytes and 32 random bytes: it carries its
 *         tenant, and only its SHA-256 is stored. The browser that opens it gets a secret of 32 bytes in a
 *         cookie; nonce and PKCE verifier derive from that secret, so that none of them is stored at all.
 * Source  RFC 7636 (PKCE), RFC 9700 section 2.1 (transaction bound to the user agent).
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export function consentIdOf(tenantId: string, random: string): string {
  const tenant = Buffer.from(tenantId.replaceAll('-', ''), 'hex');
  return Buffer.concat([tenant, Buffer.from(random, 'base64url')]).toString('base64url');
}

/** Takes an identifier apart, or answers `null` for anything that was never one. */
export function parseConsentId(id: string): { readonly tenantId: string; readonly consentHash: string } | null {
  if (!/^[A-Za-z0-9_-]{64}$/.test(id)) {
    return null;
  }
  const hex = Buffer.from(id, 'base64url').subarray(0, 16).toString('hex');
  const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { tenantId, consentHash: hashOf(id) };
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares a secret with a stored hash without telling by time how much of it was right. */
export function matches(secret: string, hash: string | null): boolean {
  return isSame(hashOf(secret), hash ?? '');
}

/** Compares what was given with what was kept, without telling by time how much of it was right. */
export function isSame(given: string, kept: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(kept)];
  return one.length === other.length && timingSafeEqual(one, other);
}

export function nonceOf(browserSecret: string): string {
  return derive(browserSecret, 'nonce');
}

export function pkceVerifierOf(browserSecret: string): string {
  return derive(browserSecret, 'pkce verifier');
}

/** What goes to Microsoft and comes back with the browser, where no transaction is stored. */
export function stateOf(browserSecret: string): string {
  return derive(browserSecret, 'state');
}

function derive(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url');
}
