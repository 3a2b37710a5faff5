import { expect, test } from '@jest/globals';
import { inUse, MODES } from '../../src/domain/mode.ts';
import { EMPTY_SELECTION, FULL_OFFER } from '../../src/domain/selection.ts';

const MAIL = { ...EMPTY_SELECTION, mail: { sync: 'full', act: 'none', shared: false } } as const;

test.each(MODES)('in %s mode', (mode) => {
  expect(inUse({ mode, selection: MAIL })).toEqual(mode === 'individual' ? FULL_OFFER : MAIL);
});
