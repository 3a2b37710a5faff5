/**
 * Authenticated encryption of what must not be read from a database dump.
 *
 * Shapes  An envelope is `version (1) | nonce (12) | ciphertext | tag (16)`, AES-256-GCM. The associated
 *         data names what the envelope belongs to, so that one moved to another row does not open.
 *         A data key is 32 random bytes; the keys for sealing and for lookups derive from it (HKDF-SHA256),
 *         so that destroying it destroys both.
 * Errors  `SealBrokenError` when an envelope does not open: wrong key, wrong place, or altered bytes.
 * Source  NIST SP 800-38D (GCM), RFC 5869 (HKDF).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
  readonly code = 'seal_broken';
}

/** The parts that name an envelope's place, joined so that no two lists give the same bytes. */
export type SealContext = readonly string[];

export function seal(key: Uint8Array | KeyObject, place: SealContext, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(bytesOf(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, body, cipher.getAuthTag()]);
}

export function unseal(key: Uint8Array | KeyObject, place: SealContext, envelope: Uint8Array): Buffer {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION) {
    throw new SealBrokenError('A sealed value is damaged');
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE_BYTES));
    decipher.setAAD(bytesOf(place));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SealBrokenError('A sealed value does not open with its key in its place', { cause });
  }
}

/** The two keys that derive from one data key. */
export class DataKey {
  readonly #sealing: KeyObject;
  readonly #lookup: KeyObject;

  /** Differs for every key ever made, also for the successor of a destroyed one. */
  readonly id: string;

  constructor(id: string, secret: Uint8Array) {
    this.id = id;
    this.#sealing = derive(secret, 'assent sealing');
    this.#lookup = derive(secret, 'assent lookup');
  }

  seal(place: SealContext, plain: unknown): Buffer {
    return seal(this.#sealing, place, Buffer.from(JSON.stringify(plain), 'utf8'));
  }

  /** The value that was sealed; parse it before trusting its shape. */
  open(place: SealContext, envelope: Uint8Array): unknown {
    return JSON.parse(unseal(this.#sealing, place, envelope).toString('utf8'));
  }

  /** A keyed hash by which a sealed field can be looked up, and only while the key lives. */
  lookup(field: string, value: string): string {
    return createHmac('sha256', this.#lookup)
      .update(bytesOf([field, value]))
      .digest('base64url')
      .slice(0, 22);
  }
}

/** As an object of Node's: it takes bytes for a key apart with every use, which costs more than a hash does. */
function derive(secret: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)));
}

function bytesOf(place: SealContext): Buffer {
  return Buffer.from(JSON.stringify(place), 'utf8');
}
