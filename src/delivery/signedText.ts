/**
 * Text that a reader carries for us, and that only this installation makes.
 *
 * Shapes  A prefix and base64url of JSON with 8 bytes of an HMAC-SHA256 behind it, over its purpose and the JSON.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CursorSecret } from './ports.ts';

const MAC_BYTES = 8;

/** What a text is for: one that was made for something else is none. */
export interface Purpose {
  readonly prefix: string;
  readonly name: string;
}

export function signText(secret: CursorSecret, purpose: Purpose, value: unknown): string {
  const text = Buffer.from(JSON.stringify(value));
  return `${purpose.prefix}${Buffer.concat([text, macOf(secret, purpose, text)]).toString('base64url')}`;
}

/** `undefined` for what is damaged, or not of this installation. */
export function openText(secret: CursorSecret, purpose: Purpose, signed: string): unknown {
  const bytes = Buffer.from(signed.slice(purpose.prefix.length), 'base64url');
  const text = bytes.subarray(0, -MAC_BYTES);
  const mac = bytes.subarray(-MAC_BYTES);
  const isWhole =
    signed === `${purpose.prefix}${bytes.toString('base64url')}` &&
    mac.length === MAC_BYTES &&
    timingSafeEqual(mac, macOf(secret, purpose, text));
  return isWhole ? JSON.parse(text.toString('utf8')) : undefined;
}

function macOf({ secret }: CursorSecret, { name }: Purpose, text: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(name).update(text).digest().subarray(0, MAC_BYTES);
}
