import { expect, test } from '@jest/globals';
import { ownAddress } from '../../src/content/ownAddress.ts';
import { MARA_NAME } from '../support/contentWorld.ts';
import { MARA } from '../support/storedRecords.ts';

test.each([
  ['in lower case', { ...MARA, account: 'Mara.Ellis@HarborReed.example' }, 'mara.ellis@harborreed.example'],
  ['empty where the account is not known', { ...MARA, account: null }, ''],
  ['empty where the member is not known', null, ''],
])("a member's own address is %s", async (_what, member, address) => {
  const asked: unknown[] = [];
  const records = {
    member: (...named: readonly [string, string]) => {
      asked.push(named);
      return Promise.resolve(member);
    },
  };

  expect(await ownAddress(records, MARA_NAME)).toBe(address);
  expect(asked).toEqual([['tenant', 'mara']]);
});
