/** Which organizations a key knows. */
import { expect, test } from '@jest/globals';
import { API_SCOPES, type ApiKey, coversOrganization } from '../../src/domain/apiKeys.ts';

const HARBOR_REED = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const LINDQVIST = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002';

test.each<[string, ApiKey['organizationIds'], boolean]>([
  ['every one', null, true],
  ['those it is limited to', [LINDQVIST, HARBOR_REED], true],
  ['no other', [LINDQVIST], false],
  ['none', [], false],
])('a key knows %s', (_what, organizationIds, knows) => {
  const key: ApiKey = {
    id: 'k',
    name: 'CRM',
    scopes: API_SCOPES,
    organizationIds,
    expiresAt: null,
    allowedAddresses: null,
  };

  expect(coversOrganization(key, HARBOR_REED)).toBe(knows);
});
