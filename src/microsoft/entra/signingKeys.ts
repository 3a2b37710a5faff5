/**
 * Entra's public signing keys, each with the issuer that it may sign for.
 *
 * Every key in Entra's key set names its issuer; a key scoped to one tenant must not sign for another, and
 * jose does not compare that.
 *
 * Units   Keys are fetched again after an hour, used for at most a day while Microsoft cannot be reached, and
 *         fetched early for an unknown key id, at most every 30 seconds.
 * Errors  `SigningKeysUnavailableError` when there are no keys that may still be used.
 * Source  "Access tokens in the Microsoft identity platform", validation of the signing key issuer.
 */
import { type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';
import { type MicrosoftHttp, readBody } from '../http.ts';

const KEY_SET_REFRESH_MS = 60 * 60_000;
const KEY_SET_MAX_AGE_MS = 24 * 60 * 60_000;
const COOL_DOWN_MILLISECONDS = 30_000;
const MAX_BODY_BYTES = 512 * 1024;
const SMALLEST_MODULUS_CHARACTERS = 340;

export class SigningKeysUnavailableError extends Error {
  override readonly name = 'SigningKeysUnavailableError';
  readonly code = 'signing_keys_unavailable';
}

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });
const KeySet = z.object({ keys: z.array(z.unknown()).max(200) });
const RsaKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1).max(200),
  use: z.literal('sig').optional(),
  n: z.base64url().min(SMALLEST_MODULUS_CHARACTERS),
  e: z.base64url(),
  issuer: z.string().optional(),
});

export interface SigningKey {
  readonly key: CryptoKey;
  /** The issuer as the key set has it, `{tenantid}` included. */
  readonly issuer: string | null;
}

interface Loaded {
  readonly keys: ReadonlyMap<string, SigningKey>;
  readonly at: number;
}

export class SigningKeys {
  readonly #http: MicrosoftHttp;
  readonly #authority: string;
  readonly #now: () => Date;
  #loaded: Loaded | null = null;
  #triedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(http: MicrosoftHttp, authority: string, now: () => Date) {
    this.#http = http;
    this.#authority = authority;
    this.#now = now;
  }

  /** The key with this id, or `null` where Entra has none. */
  async find(keyId: string): Promise<SigningKey | null> {
    const isStale = this.#age() > KEY_SET_REFRESH_MS;
    if (isStale || this.#loaded?.keys.has(keyId) !== true) {
      await this.#refresh();
    }
    if (this.#loaded === null || this.#age() > KEY_SET_MAX_AGE_MS) {
      throw new SigningKeysUnavailableError("Microsoft's signing keys cannot be read");
    }
    return this.#loaded.keys.get(keyId) ?? null;
  }

  /** Whether there are keys to check a token with. */
  async areAvailable(): Promise<boolean> {
    if (this.#age() > KEY_SET_REFRESH_MS) {
      await this.#refresh();
    }
    return this.#age() <= KEY_SET_MAX_AGE_MS;
  }

  #age(): number {
    return this.#loaded === null ? Number.POSITIVE_INFINITY : this.#now().getTime() - this.#loaded.at;
  }

  async #refresh(): Promise<void> {
    const now = this.#now().getTime();
    if (this.#loading === undefined && now - this.#triedAt >= COOL_DOWN_MILLISECONDS) {
      this.#triedAt = now;
      this.#loading = this.#load(now).finally(() => {
        this.#loading = undefined;
      });
    }
    await this.#loading;
  }

  /** Keeps the old keys when the new ones cannot be read; `find` judges whether those may still be used. */
  async #load(now: number): Promise<void> {
    try {
      this.#loaded = { keys: await importKeys(await this.#readJson(await this.#keySetUrl())), at: now };
    } catch {
      // With nothing loaded yet, the next caller may try again soon rather than after the cool-down.
      this.#triedAt = this.#loaded === null ? now - COOL_DOWN_MILLISECONDS + 2_000 : now;
    }
  }

  async #keySetUrl(): Promise<string> {
    const url = `${this.#authority}/common/v2.0/.well-known/openid-configuration`;
    const metadata = Metadata.parse(await this.#readJson(url));
    const sameOrigin = new URL(metadata.jwks_uri).origin === new URL(this.#authority).origin;
    if (metadata.issuer !== `${this.#authority}/{tenantid}/v2.0` || !sameOrigin) {
      throw new SigningKeysUnavailableError('The metadata belongs to another authority');
    }
    return metadata.jwks_uri;
  }

  async #readJson(url: string): Promise<unknown> {
    const response = await this.#http.fetch(url, { headers: { accept: 'application/json' } });
    const body = await readBody(response, MAX_BODY_BYTES);
    if (response.status !== 200) {
      throw new SigningKeysUnavailableError(`The authority answered ${response.status}`);
    }
    return JSON.parse(body);
  }
}

/** Imports what can serve as a signing key; of two with one id neither is used, for either may be the wrong one. */
async function importKeys(keySet: unknown): Promise<ReadonlyMap<string, SigningKey>> {
  const candidates = KeySet.parse(keySet).keys.flatMap((candidate) => {
    const parsed = RsaKey.safeParse(candidate);
    return parsed.success ? [parsed.data] : [];
  });
  const counts = new Map<string, number>();
  candidates.forEach(({ kid }) => counts.set(kid, (counts.get(kid) ?? 0) + 1));
  const unique = candidates.filter(({ kid }) => counts.get(kid) === 1);
  const imported = await Promise.all(
    unique.map(async ({ kid, kty, n, e, issuer }) => {
      const key = await importJWK({ kty, n, e }, 'RS256');
      return key instanceof Uint8Array ? [] : [[kid, { key, issuer: issuer ?? null }] as const];
    }),
  );
  return new Map(imported.flat());
}
