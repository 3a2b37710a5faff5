/**
 * `Idempotency-Key`: a request that is sent again has one effect, and the same answer.
 *
 * What a request makes by chance (ids, secrets) comes from a seed that is kept before it begins. So a process that dies
 * in the middle is followed by one that makes the same again, and not another.
 *
 * Shapes  A key is 1 to 255 visible ASCII characters, in quotes or bare. Its scope is the path and the organizations that
 *         are seen, with whichever key of the API: that may have been replaced between two tries.
 * Source  draft-ietf-httpapi-idempotency-key-header-07.
 */
import { createHash, createHmac } from 'node:crypto';

const QUOTED = /^"([\x21\x23-\x7e]{1,255})"$/;
const BARE = /^[\x21-\x7e]{1,255}$/;

/** `null` for what is none. */
export function parseIdempotencyKey(header: string): string | null {
  return QUOTED.exec(header)?.[1] ?? (BARE.test(header) && !header.includes('"') ? header : null);
}

export interface IdempotentRequest {
  readonly method: string;
  /** With its parameters filled in. */
  readonly path: string;
  readonly body: unknown;
  /** Of the key of the API: what was answered to one that sees more is none of this one's. */
  readonly organizationIds: readonly string[] | null;
}

/** What names the request in the store: nothing of the key stands there itself. */
export function scopeOf(key: string, { method, path, organizationIds }: IdempotentRequest): string {
  return hashOf([key, method, path, organizationIds?.toSorted() ?? null]);
}

/** The same for the same request. */
export function fingerprintOf({ method, path, body }: IdempotentRequest): string {
  return hashOf([method, path, canonical(body)]);
}

/** Bytes that follow from a seed, in the order in which they are asked for. */
export function randomFrom(seed: Uint8Array): (bytes: number) => Uint8Array {
  let turn = 0;
  return (bytes) => {
    const parts: Buffer[] = [];
    for (let made = 0; made < bytes;) {
      turn += 1;
      const part = createHmac('sha256', seed).update(String(turn)).digest();
      parts.push(part);
      made += part.length;
    }
    return Buffer.concat(parts).subarray(0, bytes);
  };
}

/**
 * `begun`: this one does it, and says in the end how it was answered. `ended`: it was answered so. `running`: someone is
 * doing it. `other`: the key was used for another request.
 */
export type Reservation =
  | { readonly kind: 'begun'; readonly seed: Uint8Array }
  | { readonly kind: 'ended'; readonly status: number; readonly body: string }
  | { readonly kind: 'running'; readonly retryAfterSeconds: number }
  | { readonly kind: 'other' };

export interface IdempotencyStore {
  /** `seed` is kept where there was nothing before. */
  begin(scope: string, fingerprint: string, seed: Uint8Array, now: Date): Promise<Reservation>;
  end(scope: string, status: number, body: string): Promise<void>;
  /** It had no effect: the key may be used again, also for something else. */
  forget(scope: string): Promise<void>;
  /** Nobody knows what it did: the same may be tried again at once. */
  release(scope: string): Promise<void>;
}

function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** The same text for the same value, in whichever order its members stand. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_name, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : part,
    ) ?? ''
  );
}
