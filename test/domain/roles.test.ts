import { describe, expect, test } from '@jest/globals';
import {
  canGrantApplication,
  canGrantTenantWide,
  type OrganizationRights,
  organizationRights,
  type ProductRole,
} from '../../src/domain/roles.ts';

/** Role template ids ("Microsoft Entra built-in roles"). */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814';
const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';
const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
/** What the token of every ordinary member carries. */
const USER = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

const NONE: OrganizationRights = {
  canClaim: false,
  canChange: false,
  canGrant: false,
  canGrantService: false,
  canAssignRoles: false,
};

describe('what a directory role can grant', () => {
  test.each([
    ['Global Administrator', GLOBAL_ADMINISTRATOR, true, true],
    ['Privileged Role Administrator', PRIVILEGED_ROLE_ADMINISTRATOR, true, true],
    ['Application Administrator', APPLICATION_ADMINISTRATOR, true, false],
    ['Cloud Application Administrator', CLOUD_APPLICATION_ADMINISTRATOR, true, false],
    ['User Administrator', USER_ADMINISTRATOR, false, false],
    ['nobody in particular', USER, false, false],
  ])('%s', (_name, role, delegated, application) => {
    expect(canGrantTenantWide([USER, role])).toBe(delegated);
    expect(canGrantApplication([USER, role])).toBe(application);
  });

  test('without any role, nothing', () => {
    expect(canGrantTenantWide([])).toBe(false);
    expect(canGrantApplication([])).toBe(false);
  });
});

describe('rights on the organization page', () => {
  test.each<[ProductRole | null, readonly string[], boolean, Partial<OrganizationRights>]>([
    [null, [], false, {}],
    [null, [], true, {}],
    [null, [USER_ADMINISTRATOR], false, {}],
    [null, [APPLICATION_ADMINISTRATOR], false, { canClaim: true }],
    [null, [APPLICATION_ADMINISTRATOR], true, {}],
    [null, [GLOBAL_ADMINISTRATOR], true, {}],
    ['manager', [], true, { canChange: true }],
    ['manager', [APPLICATION_ADMINISTRATOR], true, { canChange: true, canGrant: true }],
    ['manager', [GLOBAL_ADMINISTRATOR], true, { canChange: true, canGrant: true, canGrantService: true }],
    [
      'manager',
      [GLOBAL_ADMINISTRATOR],
      false,
      { canClaim: true, canChange: true, canGrant: true, canGrantService: true },
    ],
    ['owner', [], true, { canChange: true, canAssignRoles: true }],
    ['owner', [APPLICATION_ADMINISTRATOR], true, { canChange: true, canGrant: true, canAssignRoles: true }],
    [
      'owner',
      [PRIVILEGED_ROLE_ADMINISTRATOR],
      true,
      { canChange: true, canGrant: true, canGrantService: true, canAssignRoles: true },
    ],
  ])('%s with %j, owned already: %s', (productRole, directoryRoles, organizationHasOwner, rights) => {
    expect(organizationRights({ productRole, directoryRoles, organizationHasOwner })).toEqual({ ...NONE, ...rights });
  });
});
