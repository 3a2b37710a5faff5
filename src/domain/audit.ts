/**
 * The vocabulary of the audit log: every act that changes who may read what.
 *
 * An event names people by id only and holds no content and no address; names are resolved when shown.
 */
export const AUDIT_ACTIONS = [
  'organization.onboarded',
  'organization.claimed',
  'organization.modeChanged',
  'organization.selectionChanged',
  'organization.relevanceChanged',
  'organization.accessChanged',
  'organization.coverageChanged',
  'organization.switched',
  'organization.paused',
  'organization.resumed',
  'organization.roleChanged',
  'organization.checked',
  'consent.started',
  'consent.granted',
  'consent.verified',
  'consent.refused',
  'consent.reported',
  'link.made',
  'link.opened',
  'link.revoked',
  'grant.recorded',
  'grant.lost',
  'grant.found',
  'grant.narrowed',
  'grant.removed',
  'sync.changed',
  'sync.rulesChanged',
  'sync.mailboxesChanged',
  'sync.paused',
  'sync.resumed',
  'connection.made',
  'connection.lost',
  'connection.removed',
  'data.eraseStarted',
  'data.erased',
  'data.eraseRepeated',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One act, before it gets its place in the chain. */
export interface AuditAct {
  readonly tenantId: string;
  /** The member who acted, or `null` where Assent itself did. */
  readonly actorId: string | null;
  readonly action: AuditAction;
  /** The member, consent or receipt acted upon. */
  readonly target: string | null;
  /** Codes, levels, scopes and counts; never content. */
  readonly detail: Readonly<Record<string, AuditDetail>>;
}

export type AuditDetail =
  string | number | boolean | null | readonly AuditDetail[] | { readonly [key: string]: AuditDetail };
