/**
 * The text of an API key: made once, shown once, recognized by its form.
 *
 * Shapes  `assent_` and 12 characters that name the key, `_`, 43 characters (32 random bytes in base 62) and 6 of a
 *         checksum (CRC-32 of what stands before it, in base 62), as scanners of source code look for it.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** As many digits of base 62 as 32 bytes have at most. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^assent_([0-9A-Za-z]{12})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;

/** `random` answers that many random bytes. */
export function makeKeyText(random: (bytes: number) => Uint8Array): { readonly id: string; readonly text: string } {
  const id = base62(random(8), ID_LENGTH);
  const text = `assent_${id}_${base62(random(32), SECRET_LENGTH)}`;
  return { id, text: `${text}${checksumOf(text)}` };
}

/** The name of the key, or `null` for what is no key: mistyped, cut off, or something else. */
export function parseKeyText(text: string): string | null {
  const [, id = '', checksum = ''] = FORM.exec(text) ?? [];
  return id !== '' && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === checksum ? id : null;
}

/** What is stored of a key. It has 256 random bits, so that one round is enough. */
export function keyHashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base62(bytes, CHECKSUM_LENGTH);
}

function base62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = `${ALPHABET[Number(rest % 62n)] ?? ''}${text}`;
    rest /= 62n;
  }
  return text;
}
