/**
 * The hash by which OneDrive for work tells files: each byte is XORed into 160 bits, 11 bits further than the one before, and
 * the length into the last 64 of them.
 *
 * Shapes  Base64 of 20 bytes.
 * Source  "Code Snippets: QuickXorHash Algorithm" (learn.microsoft.com/onedrive): the width, the shift and the length.
 */
const WIDTH_BYTES = 20;
const SHIFT_BITS = 11;
const LENGTH_AT = 12;

export function quickXorHash(content: Uint8Array): string {
  const hash = Buffer.alloc(WIDTH_BYTES);
  const add = (at: number, bits: number) => {
    hash[at % WIDTH_BYTES] = (hash[at % WIDTH_BYTES] ?? 0) ^ (bits & 0xff);
  };
  for (const [index, byte] of content.entries()) {
    const bit = (index * SHIFT_BITS) % (WIDTH_BYTES * 8);
    add(bit >> 3, byte << (bit & 7));
    add((bit >> 3) + 1, byte >> (8 - (bit & 7)));
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  length.forEach((byte, index) => {
    add(LENGTH_AT + index, byte);
  });
  return hash.toString('base64');
}
