/** Which organizations a key knows. */
import { expect, test } from '@jest/globals';
import { API_SCOPES, type ApiKey, coversOrganization, coversOrganizations } from '../../src/domain/apiKeys.ts';

const HARBOR_REED = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const LINDQVIST = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002';

const keyOf = (organizationIds: ApiKey['organizationIds']): ApiKey => ({
  id: 'k',
  name: 'CRM',
  scopes: API_SCOPES,
  organizationIds,
  expiresAt: null,
  allowedAddresses: null,
});

test.each<[string, ApiKey['organizationIds'], boolean]>([
  ['every one', null, true],
  ['those it is limited to', [LINDQVIST, HARBOR_REED], true],
  ['no other', [LINDQVIST], false],
  ['none', [], false],
])('a key knows %s', (_what, organizationIds, knows) => {
  expect(coversOrganization(keyOf(organizationIds), HARBOR_REED)).toBe(knows);
});

test.each<[string, ApiKey['organizationIds'], ApiKey['organizationIds'], boolean]>([
  ['of all, by one of all', null, null, true],
  ['of all, by one of some', [HARBOR_REED, LINDQVIST], null, false],
  ['of some, by one of all', null, [HARBOR_REED], true],
  ['of some, by one of these and more', [HARBOR_REED, LINDQVIST], [HARBOR_REED], true],
  ['of some, by one of fewer', [HARBOR_REED], [HARBOR_REED, LINDQVIST], false],
])('what is %s', (_what, organizationIds, tenantIds, knows) => {
  expect(coversOrganizations(keyOf(organizationIds), tenantIds)).toBe(knows);
});
