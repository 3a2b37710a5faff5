/**
 * The records that use cases read and write, free of tables and of wire formats.
 *
 * Shapes  `tenantId` and `memberId` are Entra's `tid` and `oid`, lower-case GUIDs. Instants are `Date`s.
 */
import type { Fact, MailboxKind } from './decision.ts';
import type { Mode } from './mode.ts';
import type { RelevancePolicy } from './relevance.ts';
import type { ProductRole } from './roles.ts';
import type { Category, Selection } from './selection.ts';

export interface Organization {
  readonly tenantId: string;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly mode: Mode;
  readonly selection: Selection;
  readonly relevance: RelevancePolicy;
  readonly epoch: number;
  /** Rises with every change that a person can make; compared with `If-Match`. */
  readonly version: number;
  readonly usersMayConsent: Fact<'unknown' | 'yes' | 'no'>;
  readonly grant: TenantGrant | null;
}

/** A tenant-wide grant as far as it is proven. */
export interface TenantGrant {
  readonly state: 'unproven' | 'verified';
  readonly scopes: readonly string[];
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly provenAt: Date | null;
}

export interface Member {
  readonly tenantId: string;
  readonly memberId: string;
  readonly name: string | null;
  readonly loginHint: string | null;
  readonly productRole: ProductRole | null;
  readonly isGuest: boolean;
  readonly isDisabled: boolean;
  readonly preference: Selection;
  readonly mailbox: Fact<MailboxKind | 'unknown'>;
}

export interface Connection {
  readonly tenantId: string;
  readonly memberId: string;
  readonly connectionId: string;
  readonly status: 'live' | 'lost';
  readonly lostReason: string | null;
  readonly epoch: number;
  readonly scopes: readonly string[];
  readonly scopesCheckedAt: Date;
  readonly personalScopes: readonly string[];
}

export const CONSENT_STATES = ['started', 'propagating', 'grantedUnproven', 'verified', 'refused', 'expired'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** Where the browser is: every step is taken once, in this order (`adminConsent` by administrators only). */
export type ConsentStep = 'created' | 'adminConsent' | 'signIn' | 'redeeming' | 'proving' | 'ended';

export interface ConsentTransaction {
  readonly tenantId: string;
  /** SHA-256 of the identifier, base64url; the identifier itself is known to the browser only. */
  readonly consentHash: string;
  readonly memberId: string;
  readonly mode: 'individual' | 'organization';
  readonly selection: Selection;
  readonly relevance: RelevancePolicy | null;
  /** Categories whose stored data the person asked to erase with this change. */
  readonly erase: readonly Category[];
  /** The epoch on which it was begun; a later change by anybody makes it `superseded`. */
  readonly epoch: number;
  readonly step: ConsentStep;
  readonly state: ConsentState;
  readonly reason: string | null;
  readonly browserHash: string | null;
  readonly grantedBy: string | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What was erased, or is being erased. */
export interface Receipt {
  readonly receiptId: string;
  readonly state: 'erasing' | 'erased';
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly items: Partial<Readonly<Record<Category, number>>>;
}
