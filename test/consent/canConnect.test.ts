import { describe, expect, test } from '@jest/globals';
import { canConnect } from '../../src/consent/canConnect.ts';
import type { Audience } from '../../src/domain/audience.ts';
import { aConsentStore } from '../support/aConsentStore.ts';
import { HARBOR_REED } from '../support/storedRecords.ts';

const PEOPLE: Audience = { kind: 'people', memberIds: ['mara'] };
const GROUP: Audience = { kind: 'group', groupId: 'consultants', name: 'Consultants' };

test('where everyone may connect no list is looked at', async () => {
  expect(await canConnect(aConsentStore({}), HARBOR_REED, 'mara')).toBe(true);
});

describe.each([PEOPLE, GROUP])('where only $kind may', (access) => {
  test.each([true, false])('someone is in the list, or not (%j)', async (isIn) => {
    const asked: unknown[] = [];
    const reader = aConsentStore({
      isPersonIn: (...question) => {
        asked.push(question);
        return Promise.resolve(isIn);
      },
    });

    expect(await canConnect(reader, { ...HARBOR_REED, access }, 'tom')).toBe(isIn);
    expect(asked).toEqual([['tenant', access, 'tom']]);
  });
});
