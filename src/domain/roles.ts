/**
 * Who may change an organization: Entra's directory roles beside Assent's own product roles.
 *
 * `wids` in a token hold the role template ids that were active when it was issued. They open buttons;
 * Entra decides. Every user's token also carries a template id that means "ordinary member", so a list
 * that is not empty means nothing by itself.
 *
 * Source  "Microsoft Entra built-in roles" and "Grant tenant-wide admin consent to an application"
 *         (learn.microsoft.com/entra/identity).
 */

import { wordsOf } from './vocabulary.ts';

/** Roles in Assent itself. */
const PRODUCT_ROLE = {
  owner: { canAssignRoles: true },
  manager: { canAssignRoles: false },
} as const;

export type ProductRole = keyof typeof PRODUCT_ROLE;

export const PRODUCT_ROLES: readonly ProductRole[] = wordsOf(PRODUCT_ROLE);

/** Entra's roles that can grant something tenant-wide: delegated permissions, and Graph's application permissions. */
const DIRECTORY_ROLES = {
  globalAdministrator: { templateId: '62e90394-69f5-4237-9190-012177145e10', grantsApplication: true },
  privilegedRoleAdministrator: { templateId: 'e8611ab8-c189-46e8-94e1-60213ab1f814', grantsApplication: true },
  applicationAdministrator: { templateId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', grantsApplication: false },
  cloudApplicationAdministrator: { templateId: '158c047a-c907-4556-b7ef-446551a6b5f7', grantsApplication: false },
} as const;

/** Whether Entra lets a person with these active directory roles grant delegated permissions tenant-wide. */
export function canGrantTenantWide(directoryRoles: readonly string[]): boolean {
  return Object.values(DIRECTORY_ROLES).some(({ templateId }) => directoryRoles.includes(templateId));
}

/** Whether Entra lets a person with these active directory roles grant Graph's application permissions. */
export function canGrantApplication(directoryRoles: readonly string[]): boolean {
  return Object.values(DIRECTORY_ROLES).some(
    ({ templateId, grantsApplication }) => grantsApplication && directoryRoles.includes(templateId),
  );
}

/** What one person may do on the organization page. */
export interface OrganizationRights {
  /** Take ownership: a qualified admin of an organization that has no owner. */
  readonly canClaim: boolean;
  /** Change what asks Microsoft for nothing: rules, the switch, a narrower selection, back to `individual`. */
  readonly canChange: boolean;
  /** Start a tenant-wide consent to delegated permissions. */
  readonly canGrant: boolean;
  /** Start a consent to application permissions, which fewer directory roles may give. */
  readonly canGrantService: boolean;
  /** Appoint and dismiss owners and managers. */
  readonly canAssignRoles: boolean;
}

/** The rights that follow from the two kinds of roles. */
export function organizationRights(person: {
  readonly productRole: ProductRole | null;
  readonly directoryRoles: readonly string[];
  readonly organizationHasOwner: boolean;
}): OrganizationRights {
  const qualified = canGrantTenantWide(person.directoryRoles);
  const hasRole = person.productRole !== null;
  return {
    canClaim: qualified && !person.organizationHasOwner,
    canChange: hasRole,
    canGrant: hasRole && qualified,
    canGrantService: hasRole && canGrantApplication(person.directoryRoles),
    canAssignRoles: person.productRole !== null && PRODUCT_ROLE[person.productRole].canAssignRoles,
  };
}
