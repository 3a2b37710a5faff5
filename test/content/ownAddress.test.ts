import { expect, test } from '@jest/globals';
import { ownAddress } from '../../src/content/ownAddress.ts';
import { MARA } from '../support/storedRecords.ts';

const NAME = { tenantId: MARA.tenantId, memberId: MARA.memberId };
const of = (member: typeof MARA | null) => ownAddress({ member: () => Promise.resolve(member) }, NAME);

test('is what the member signs in with, in lower case', async () => {
  expect(await of({ ...MARA, account: 'Mara.Ellis@HarborReed.example' })).toBe('mara.ellis@harborreed.example');
});

test('is not their name, nor the hint for Entra, where the account is not known yet', async () => {
  expect(await of({ ...MARA, account: null, name: 'Mara Ellis', loginHint: 'O.CiQ4' })).toBe('');
});

test('is empty where the member is not known', async () => {
  expect(await of(null)).toBe('');
});
