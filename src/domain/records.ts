/**
 * The records that use cases read and write, free of tables and of wire formats.
 *
 * Shapes  `tenantId` and `memberId` are Entra's `tid` and `oid`, lower-case GUIDs. Instants are `Date`s.
 */
import type { Audience } from './audience.ts';
import type { MailboxKind } from './decision.ts';
import type { Observed } from './observed.ts';
import type { Mode } from './mode.ts';
import type { Pause, Pauses } from './pause.ts';
import type { RelevancePolicy } from './relevance.ts';
import type { ProductRole } from './roles.ts';
import type { Selection } from './selection.ts';
import type { Category } from './categories/categories.ts';
import type { Refusal } from './refusals.ts';
import type { PolicyKind, UserConsentKnowledge } from './userConsent.ts';
import { wordsOf } from './vocabulary.ts';

export interface Organization {
  readonly tenantId: string;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly mode: Mode;
  readonly selection: Selection;
  readonly relevance: RelevancePolicy;
  /** For everyone, in any mode; `null` where there is none. It may be over. */
  readonly pause: Pause | null;
  readonly epoch: number;
  /** Rises with every change that a person can make; compared with `If-Match`. */
  readonly version: number;
  readonly userConsent: UserConsentKnowledge;
  /** Who may connect, in any mode. */
  readonly access: Audience;
  /** Whose mailboxes service mode covers. */
  readonly coverage: Audience;
  /** A mailbox that service mode must not reach; `null` where none was named. */
  readonly canaryId: string | null;
  readonly cloud: Observed<CloudKind>;
  readonly grant: TenantGrant | null;
  readonly service: ServiceGrant | null;
  readonly directory: DirectoryCheck | null;
  /** Since when the operator has it suspended. */
  readonly suspendedAt: Date | null;
  /** What the operator's plan offers; `null`: everything that this version does. */
  readonly caps: Selection | null;
}

export type CloudKind = 'unknown' | 'supported' | 'unsupported';

/** A tenant-wide delegated grant as far as it is proven. */
export interface TenantGrant {
  readonly state: 'unproven' | 'verified';
  readonly scopes: readonly string[];
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly provenAt: Date | null;
  /** Scopes of it that a newer token did not carry any more: drift. */
  readonly missing: readonly string[];
  readonly missingSince: Date | null;
  /** When someone's token was last compared with it. */
  readonly checkedAt: Date | null;
}

/** Application permissions, as the newest probes show them. */
export interface ServiceGrant {
  /** `settling`: accepted, and Exchange's scoping may take up to two hours; `unproven`: no canary was named. */
  readonly state: 'settling' | 'verified' | 'unproven' | 'failed';
  readonly grantedBy: string;
  readonly grantedAt: string;
  readonly checkedAt: string | null;
  /** When a probe was begun last, whether or not Microsoft answered. */
  readonly attemptedAt: string | null;
  /** Categories whose content a covered mailbox gave. */
  readonly reached: readonly Category[];
  /** Whether the canary was refused, as it must be. */
  readonly canary: 'refused' | 'reached' | 'notNamed' | 'unknown';
  /** The member whose mailbox was probed. */
  readonly probedId: string | null;
}

/** What an admin let Assent read once of how Microsoft has the application. */
export interface DirectoryCheck {
  readonly at: string;
  readonly by: string;
  readonly policy: PolicyKind;
  readonly enabled: boolean;
  readonly assignmentRequired: boolean;
  readonly verifiedPublisher: string | null;
  /** Whether people may send requests to admins. */
  readonly requestsEnabled: boolean | null;
}

/** Which member is meant. */
export interface MemberName {
  readonly tenantId: string;
  readonly memberId: string;
}

export interface Member extends MemberName {
  readonly name: string | null;
  /** The name that they sign in with, in the form of an address; `null` until they have opened this version. */
  readonly account: string | null;
  readonly loginHint: string | null;
  readonly productRole: ProductRole | null;
  readonly isGuest: boolean;
  readonly isDisabled: boolean;
  readonly preference: Selection;
  /** What the member has paused, which may be over. */
  readonly pauses: Pauses;
  readonly mailbox: Observed<MailboxKind | 'unknown'>;
  /** When this person first opened Assent; `null` for someone known only from the directory. */
  readonly openedAt: Date | null;
  readonly seenAt: Date;
  readonly prompt: Prompt;
}

/** Whether a person who has nothing turned on is asked to; `after` only with `later`. */
export interface Prompt {
  readonly state: 'ask' | 'later' | 'never';
  readonly after: Date | null;
}

export interface Connection {
  readonly tenantId: string;
  readonly memberId: string;
  readonly connectionId: string;
  readonly status: 'live' | 'lost' | 'removed';
  readonly lostReason: string | null;
  readonly epoch: number;
  readonly scopes: readonly string[];
  readonly scopesCheckedAt: Date;
  readonly personalScopes: readonly string[];
  /** Scopes that this member had granted alone and that a newer token did not carry any more. */
  readonly revokedScopes: readonly string[];
  readonly hasCredential: boolean;
  /** When this connection, by its id, was made. */
  readonly createdAt: Date;
}

export const CONSENT_STATES = [
  'started',
  'propagating',
  'settling',
  'grantedUnproven',
  'verified',
  'refused',
  'expired',
] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** Where a transaction is, in this order (`adminConsent` by admins only), and whether a browser is at Microsoft then. */
const CONSENT_STEP = {
  created: { isAtMicrosoft: false },
  adminConsent: { isAtMicrosoft: true },
  signIn: { isAtMicrosoft: true },
  redeeming: { isAtMicrosoft: true },
  proving: { isAtMicrosoft: false },
  ended: { isAtMicrosoft: false },
} as const;

export type ConsentStep = keyof typeof CONSENT_STEP;

export const CONSENT_STEPS: readonly ConsentStep[] = wordsOf(CONSENT_STEP);

export const STEPS_AT_MICROSOFT: readonly ConsentStep[] = CONSENT_STEPS.filter(
  (step) => CONSENT_STEP[step].isAtMicrosoft,
);

/**
 * What a transaction with Microsoft is for: permissions that stay, or a permission for the moment in which an
 * admin looks at or changes what Microsoft has granted.
 */
export const PURPOSES = ['consent', 'checkDirectory', 'narrowGrant', 'removeGrant'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What a person wants to be granted. */
export interface ConsentRequest {
  readonly purpose: Purpose;
  readonly mode: Mode;
  /** Whether Microsoft is asked for this person, or for everyone of the tenant. */
  readonly grantFor: 'self' | 'everyone';
  readonly selection: Selection;
  readonly relevance: RelevancePolicy | null;
  /** Categories whose stored data the person asked to erase with this change. */
  readonly erase: readonly Category[];
}

/**
 * A later decision by anyone makes a transaction `superseded`; what Assent finds out by itself does not, since it carries
 * the transaction along.
 */
export type ConsentBasis =
  { readonly kind: 'connection'; readonly epoch: number } | { readonly kind: 'settings'; readonly version: number };

export interface ConsentTransaction extends ConsentRequest {
  readonly tenantId: string;
  /** SHA-256 of the identifier, base64url; the identifier itself is known to the browser only. */
  readonly consentHash: string;
  /** Who began it, or made the link from which it was begun. */
  readonly memberId: string;
  readonly linkHash: string | null;
  /**
   * Whether the person who returned from Microsoft showed a directory role that may grant this. Without one, which a
   * custom role does not show, only someone else's token proves that Microsoft accepted anything.
   */
  readonly isQualified: boolean;
  readonly basedOn: ConsentBasis;
  readonly step: ConsentStep;
  readonly state: ConsentState;
  /** Why it was refused. */
  readonly reason: Refusal | null;
  readonly browserHash: string | null;
  readonly grantedBy: string | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A hand-off: a copy of a request, for an admin to open. */
export interface ConsentLink extends ConsentRequest {
  readonly tenantId: string;
  readonly linkHash: string;
  /** The consent from which it was made. */
  readonly consentHash: string;
  readonly memberId: string;
  /** The number of the basis of the consent that it was made from. */
  readonly basisNumber: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** What was erased, or is being erased. */
export interface Receipt {
  readonly receiptId: string;
  readonly state: 'erasing' | 'erased';
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly items: Partial<Readonly<Record<Category, number>>>;
}
