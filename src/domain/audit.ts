/**
 * The vocabulary of the audit log: every act that changes who may read what.
 *
 * An event names people by id only and holds no content and no address; names are resolved when shown.
 */
import { wordsOf } from './vocabulary.ts';

/** The vocabularies that details are words of; everything else in a detail stands for itself. */
export type DetailVocabulary = 'mode' | 'role' | 'refusal' | 'category';

/** Every act, with those of its details that are words of a vocabulary. */
export const AUDIT_ACTS = {
  'organization.onboarded': {},
  'organization.claimed': { role: 'role' },
  'organization.modeChanged': { from: 'mode', to: 'mode' },
  'organization.selectionChanged': {},
  'organization.relevanceChanged': {},
  'organization.accessChanged': {},
  'organization.coverageChanged': {},
  'organization.switched': {},
  'organization.paused': {},
  'organization.resumed': {},
  'organization.suspended': {},
  'organization.unsuspended': {},
  'organization.capsChanged': {},
  'organization.roleChanged': { from: 'role', to: 'role' },
  'organization.checked': {},
  'consent.started': { mode: 'mode' },
  'consent.granted': { mode: 'mode' },
  'consent.verified': { mode: 'mode' },
  'consent.refused': { mode: 'mode', reason: 'refusal' },
  'consent.reported': {},
  'link.made': { mode: 'mode' },
  'link.opened': { mode: 'mode' },
  'link.revoked': {},
  'grant.recorded': { mode: 'mode' },
  'grant.lost': {},
  'grant.found': {},
  'grant.narrowed': {},
  'grant.removed': {},
  'sync.changed': {},
  'sync.rulesChanged': {},
  'sync.mailboxesChanged': {},
  'sync.paused': { category: 'category' },
  'sync.resumed': { category: 'category' },
  'connection.made': {},
  'connection.lost': { reason: 'refusal' },
  'connection.removed': {},
  'data.eraseStarted': {},
  'data.erased': { category: 'category' },
  'data.eraseRepeated': {},
} as const satisfies Readonly<Record<string, Readonly<Record<string, DetailVocabulary>>>>;

export type AuditAction = keyof typeof AUDIT_ACTS;

export const AUDIT_ACTIONS: readonly AuditAction[] = wordsOf(AUDIT_ACTS);

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
