import { describe, expect, test } from '@jest/globals';
import { basisOf, isCurrent, numberOf } from '../../src/domain/consentBasis.ts';
import { MODES } from '../../src/domain/mode.ts';
import { CONNECTED, HARBOR_REED } from '../support/storedRecords.ts';

const NOBODY = { organization: null, connection: null };

describe('what a transaction was begun on', () => {
  test.each([
    ['self', 'individual', null, 'connection'],
    ['self', 'individual', 'link', 'connection'],
    ['everyone', 'individual', 'link', 'connection'],
    ['everyone', 'individual', null, 'settings'],
    ['everyone', 'organization', null, 'settings'],
    ['everyone', 'organization', 'link', 'settings'],
    ['everyone', 'service', 'link', 'settings'],
  ] as const)('for %s in %s mode, by link %s: %s', (grantFor, mode, linkHash, kind) => {
    const basis = basisOf({ grantFor, mode, linkHash }, 7);

    expect(basis).toEqual(kind === 'connection' ? { kind, epoch: 7 } : { kind, version: 7 });
    expect(numberOf(basis)).toBe(7);
  });

  test('for oneself it is the connection, whatever the mode', () => {
    for (const mode of MODES) {
      expect(basisOf({ grantFor: 'self', mode, linkHash: null }, 1).kind).toBe('connection');
    }
  });

  test('is current as long as its number is, and only that', () => {
    const now = {
      organization: { ...HARBOR_REED, version: 4, epoch: 9 },
      connection: { ...CONNECTED, epoch: 5 },
    };

    expect(isCurrent({ kind: 'connection', epoch: 5 }, now)).toBe(true);
    expect(isCurrent({ kind: 'connection', epoch: 4 }, now)).toBe(false);
    expect(isCurrent({ kind: 'settings', version: 4 }, now)).toBe(true);
    expect(isCurrent({ kind: 'settings', version: 9 }, now)).toBe(false);
  });

  test('is not current any more where what it stands on is gone', () => {
    expect(isCurrent({ kind: 'connection', epoch: 1 }, NOBODY)).toBe(false);
    expect(isCurrent({ kind: 'settings', version: 1 }, NOBODY)).toBe(false);
  });
});
