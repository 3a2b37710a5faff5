/** OneDrive's hash, worked out by hand for contents of a byte or two; rclone compares it for whole files (`npm run interop`). */
import { expect, test } from '@jest/globals';
import { quickXorHash } from '../../src/sandbox/graph/quickXorHash.ts';

/** 20 bytes, those named and otherwise zero. */
function bytes(named: Readonly<Record<number, number>>): string {
  const all = Buffer.alloc(20);
  Object.entries(named).forEach(([at, byte]) => {
    all[Number(at)] = byte;
  });
  return all.toString('base64');
}

test.each<[string, readonly number[], Record<number, number>]>([
  ['nothing', [], {}],
  ['one byte stands first, and the length in the thirteenth', [0x4a], { 0: 0x4a, 12: 1 }],
  ['the second byte stands 11 bits further', [0, 0xff], { 1: 0xf8, 2: 0x07, 12: 2 }],
  [
    'the fifteenth, at bit 154, reaches over the end',
    [...Array<number>(14).fill(0), 0xff],
    { 19: 0xfc, 0: 0x03, 12: 15 },
  ],
])('%s', (_what, content, expected) => {
  expect(quickXorHash(Uint8Array.from(content))).toBe(bytes(expected));
});
