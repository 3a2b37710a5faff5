import { expect, test } from '@jest/globals';
import { SYNC_ERROR_CODES, syncErrorOf, syncErrorTraits } from '../../src/domain/syncErrors.ts';

test.each(SYNC_ERROR_CODES)('%s is read as it was stored', (code) => {
  expect(syncErrorOf(code)).toBe(code);
});

test('what another version stored is told as an error of no known kind, and none stays none', () => {
  expect(syncErrorOf('neverSeen')).toBe('other');
  expect(syncErrorOf(null)).toBeNull();
});

test('a refused sign-in, a wait and a mailbox that is away apply to the whole mailbox', () => {
  expect(SYNC_ERROR_CODES.filter((code) => syncErrorTraits(code).affectsMailbox)).toEqual([
    'throttled',
    'unauthorized',
    'mailboxUnavailable',
  ]);
});

test('a sequence without an end begins again, and what Graph does not know does so when that repeats', () => {
  const at = (cursor: string) => SYNC_ERROR_CODES.filter((code) => syncErrorTraits(code).cursor === cursor);

  expect(at('replaced')).toEqual(['endlessPaging']);
  expect(at('replacedWhenRepeated')).toEqual(['notFound', 'unexpectedAnswer']);
});
