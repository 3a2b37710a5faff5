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

export const PRODUCT_ROLES = ['owner', 'manager'] as const;
export type ProductRole = (typeof PRODUCT_ROLES)[number];

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814';
const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';

const MAY_GRANT_DELEGATED: readonly string[] = [
  GLOBAL_ADMINISTRATOR,
  PRIVILEGED_ROLE_ADMINISTRATOR,
  APPLICATION_ADMINISTRATOR,
  CLOUD_APPLICATION_ADMINISTRATOR,
];

/** Whether Entra lets a person with these active directory roles grant delegated permissions tenant-wide. */
export function mayGrantTenantWide(directoryRoles: readonly string[]): boolean {
  return directoryRoles.some((role) => MAY_GRANT_DELEGATED.includes(role));
}

const MAY_GRANT_APPLICATION: readonly string[] = [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR];

/** Whether Entra lets a person with these active directory roles grant Graph's application permissions. */
export function mayGrantApplication(directoryRoles: readonly string[]): boolean {
  return directoryRoles.some((role) => MAY_GRANT_APPLICATION.includes(role));
}

/** What one person may do on the organization page. */
export interface OrganizationRights {
  /** Take ownership: a qualified administrator of an organization that has no owner. */
  readonly mayClaim: boolean;
  /** Change what asks Microsoft for nothing: rules, the switch, a narrower selection, back to `individual`. */
  readonly mayChange: boolean;
  /** Start a tenant-wide consent to delegated permissions. */
  readonly mayGrant: boolean;
  /** Start a consent to application permissions, which fewer directory roles may give. */
  readonly mayGrantService: boolean;
  /** Appoint and dismiss owners and managers. */
  readonly mayAppoint: boolean;
}

/** The rights that follow from the two kinds of roles. */
export function organizationRights(person: {
  readonly productRole: ProductRole | null;
  readonly directoryRoles: readonly string[];
  readonly organizationHasOwner: boolean;
}): OrganizationRights {
  const qualified = mayGrantTenantWide(person.directoryRoles);
  const hasRole = person.productRole !== null;
  return {
    mayClaim: qualified && !person.organizationHasOwner,
    mayChange: hasRole,
    mayGrant: hasRole && qualified,
    mayGrantService: hasRole && mayGrantApplication(person.directoryRoles),
    mayAppoint: person.productRole === 'owner',
  };
}
