/**
 * What the consent use cases read and change of the organization's records, a subject an interface.
 *
 * Reading is possible at any time; writing only inside `transact`, which commits everything or nothing.
 */
import type { Audience } from '../domain/audience.ts';
import type { AuditAct } from '../domain/audit.ts';
import type { DecisionFacts } from '../domain/decision.ts';
import type { Mode } from '../domain/mode.ts';
import type { Pause, Pauses } from '../domain/pause.ts';
import type { DirectoryPerson, Principal } from '../domain/people.ts';
import type {
  CloudKind,
  Connection,
  ConsentLink,
  ConsentState,
  ConsentStep,
  ConsentTransaction,
  DirectoryCheck,
  Member,
  Organization,
  Prompt,
  Receipt,
  ServiceGrant,
  TenantGrant,
} from '../domain/records.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { ProductRole } from '../domain/roles.ts';
import type { Selection } from '../domain/selection.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { UserConsentKnowledge } from '../domain/userConsent.ts';

export interface ConsentReader {
  organization(tenantId: string): Promise<Organization | null>;
  member(tenantId: string, memberId: string): Promise<Member | null>;
  members(tenantId: string): Promise<readonly Member[]>;
  /** Those of `memberIds` who are known. */
  membersOf(tenantId: string, memberIds: readonly string[]): Promise<readonly Member[]>;
  connection(tenantId: string, memberId: string): Promise<Connection | null>;
  connections(tenantId: string): Promise<readonly Connection[]>;
  consent(tenantId: string, consentHash: string): Promise<ConsentTransaction | null>;
  link(tenantId: string, linkHash: string): Promise<ConsentLink | null>;
  /** Organizations whose tenant-wide grant was compared before `before`, across organizations. */
  grantsToCheck(before: Date, lostBefore: Date, limit: number): Promise<readonly string[]>;
  /** Organizations in service mode that were probed before `before`. */
  servicesToProbe(before: Date, limit: number): Promise<readonly string[]>;
  /** The known people that an audience includes. */
  peopleIn(tenantId: string, audience: Audience): Promise<readonly string[]>;
  countPeopleIn(tenantId: string, audience: Audience): Promise<number>;
  isPersonIn(tenantId: string, audience: Audience, memberId: string): Promise<boolean>;
  /** Who holds a product role. */
  roleHolders(tenantId: string): Promise<readonly Member[]>;
  countMembers(tenantId: string): Promise<MemberCounts>;
  /** Consents that wait for proof and whose next attempt is due, across organizations. */
  consentsToVerify(now: Date, limit: number): Promise<readonly ConsentTransaction[]>;
  /** Whether an admin is at Microsoft, or back and waiting for proof. */
  isGrantUnderWay(tenantId: string, now: Date): Promise<boolean>;
  decisionFacts(tenantId: string, memberId: string): Promise<DecisionFacts | null>;
  receipt(tenantId: string, memberId: string, receiptId: string): Promise<Receipt | null>;
  /** A member's receipts, newest first. */
  receipts(tenantId: string, memberId: string, limit: number): Promise<readonly Receipt[]>;
}

export interface OrganizationWriter {
  /** Locks the organization's row until the transaction ends; the first lock that any writer takes. */
  lockOrganization(tenantId: string): Promise<Organization | null>;
  /** Adds the organization unless it is there; says whether it was added. */
  addOrganization(tenantId: string, at: Date): Promise<boolean>;
  changeOrganization(tenantId: string, change: OrganizationChange): Promise<void>;
}

export interface MemberWriter {
  /** Adds or refreshes a member from what a token said. */
  recordVisit(principal: Principal, at: Date): Promise<void>;
  /** Adds people known only from the directory so far. */
  addPeople(tenantId: string, people: readonly DirectoryPerson[], at: Date): Promise<void>;
  setProductRole(tenantId: string, memberId: string, role: ProductRole | null): Promise<void>;
  setDisabled(tenantId: string, memberId: string, disabled: boolean): Promise<void>;
  setPrompt(tenantId: string, memberId: string, prompt: Prompt): Promise<void>;
  /** Notes whether one person is in a group; says whether that is news. */
  setInGroup(tenantId: string, groupId: string, memberId: string, isIn: boolean, at: Date): Promise<boolean>;
  /** Notes everyone who is in a group. */
  setGroup(tenantId: string, groupId: string, memberIds: readonly string[], at: Date): Promise<void>;
}

/** What members choose for themselves. */
export interface ChoiceWriter {
  setPreference(tenantId: string, memberId: string, selection: Selection): Promise<void>;
  setPauses(tenantId: string, memberId: string, pauses: Pauses): Promise<void>;
  /** A member's own rules as they are stored. */
  sealedRules(tenantId: string, memberId: string): Promise<Uint8Array | null>;
  setRules(tenantId: string, memberId: string, sealed: Uint8Array | null, retentionDays: number | null): Promise<void>;
}

export interface ConnectionWriter {
  /** Locks the connection's row; taken after the organization's. */
  lockConnection(tenantId: string, memberId: string): Promise<Connection | null>;
  saveConnection(connection: ConnectionChange): Promise<void>;
  loseConnection(tenantId: string, memberId: string, reason: string): Promise<void>;
  /** Ends a connection for good: the next one has an id of its own. */
  removeConnection(connection: Connection, at: Date): Promise<void>;
  /** Raises the connection's epoch, so that whatever sync is in progress can write nothing more. */
  raiseEpoch(tenantId: string, memberId: string): Promise<void>;
  /** The same for what Assent found out by itself, which overtakes nothing that the member has begun. */
  raiseEpochOnDrift(tenantId: string, memberId: string): Promise<void>;
  /** Connections whose time to be looked at has come; each is due again at `next`, whatever becomes of it. */
  connectionsToRenew(
    now: Date,
    next: Date,
    limit: number,
  ): Promise<readonly Pick<Connection, 'tenantId' | 'memberId'>[]>;
}

/** Changes that reach every connection of an organization. */
export interface AccessWriter {
  /** Looks at everyone's grants again as soon as may be. */
  renewSoon(tenantId: string, at: Date): Promise<void>;
  /** What is left to everyone's connections when the tenant-wide grant is gone: their own consents. */
  saveIndividualScopes(tenantId: string): Promise<void>;
  /** Takes the refresh tokens of everyone away, as service mode needs none; answers whose they were. */
  dropCredentials(tenantId: string): Promise<readonly string[]>;
  /** Loses the connections of everyone who is not named; answers whose they were. */
  loseConnectionsExcept(tenantId: string, memberIds: readonly string[], reason: string): Promise<readonly string[]>;
  /** Loses every connection that has no refresh token. */
  loseConnectionsWithoutCredential(tenantId: string, reason: string): Promise<void>;
  /** Makes connections without a credential for mailboxes that service mode covers, where none is live. */
  addServiceConnections(tenantId: string, memberIds: readonly string[], at: Date): Promise<void>;
  /** Begins every stream and subscription of an organization again: those of one way of access do not serve another. */
  changeAccess(tenantId: string, at: Date): Promise<void>;
}

export interface TransactionWriter {
  addConsent(consent: ConsentTransaction): Promise<void>;
  /** Takes a step if the consent is still at `from`; says whether it was. */
  advanceConsent(tenantId: string, consentHash: string, from: ConsentStep, change: ConsentChange): Promise<boolean>;
  /** Ends what a member began for themselves: someone who said otherwise since is not overruled by it. */
  supersedeConsents(tenantId: string, memberId: string, change: EndedConsent): Promise<void>;
  /** Forgets consents that are long over. */
  pruneConsents(before: Date): Promise<void>;
  addLink(link: ConsentLink): Promise<void>;
  /** Revokes the links that were made from a consent; says whether there were any that held. */
  revokeLinks(tenantId: string, consentHash: string, at: Date): Promise<boolean>;
}

/** What becomes of what is stored. */
export interface StoredWriter {
  /** Categories of which anything of a member's is stored. */
  storedCategories(tenantId: string, memberId: string): Promise<readonly Category[]>;
  startErasure(erasure: ErasureStart): Promise<void>;
  /** Has what is stored of a member (`null`: of everyone) looked through by the rules that hold now. */
  startReview(tenantId: string, memberId: string | null, review: ReviewStart): Promise<void>;
}

/** What follows a change, in one call at the end of a command. */
export interface ChangeFeed {
  /** Takes effect when the transaction commits. */
  record(change: RecordedChange): Promise<void>;
}

export interface RecordedChange {
  readonly tenantId: string;
  readonly at: Date;
  /** What the history says, in this order; none of a change that the history does not tell. */
  readonly acts?: readonly RecordedAct[];
  /** Whose open screens are told; `everyone` is the organization's. */
  readonly tell?: Reach;
  /** Whose mailboxes the worker looks at now; `everyone` is everyone with a connection. */
  readonly wake?: Reach;
}

export type RecordedAct = Omit<AuditAct, 'tenantId'>;

/** Everyone of an organization, or the members who are named by their ids. */
export type Reach = 'everyone' | readonly string[];

export interface ConsentWriter
  extends
    ConsentReader,
    OrganizationWriter,
    MemberWriter,
    ChoiceWriter,
    ConnectionWriter,
    AccessWriter,
    TransactionWriter,
    StoredWriter,
    ChangeFeed {}

export interface ConsentStore extends ConsentReader {
  transact<T>(work: (writer: ConsentWriter) => Promise<T>): Promise<T>;
}

export interface ReviewStart {
  readonly id: string;
  /** Whether something may be relevant now that was not before. */
  readonly isWider: boolean;
  readonly at: Date;
}

export interface MemberCounts {
  readonly opened: number;
  readonly live: number;
  readonly withCredential: number;
  readonly lost: number;
}

export interface OrganizationChange {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly mode?: Mode;
  readonly selection?: Selection;
  readonly relevance?: RelevancePolicy;
  readonly pause?: Pause | null;
  readonly userConsent?: UserConsentKnowledge;
  readonly access?: Audience;
  readonly coverage?: Audience;
  readonly canaryId?: string | null;
  readonly cloud?: { readonly value: CloudKind; readonly at: Date };
  readonly grant?: TenantGrant | null;
  readonly service?: ServiceGrant | null;
  readonly directory?: DirectoryCheck;
  readonly suspendedAt?: Date | null;
  readonly caps?: Selection | null;
  readonly raiseEpoch?: boolean;
}

export interface ConnectionChange {
  readonly tenantId: string;
  readonly memberId: string;
  readonly connectionId: string;
  readonly scopes: readonly string[];
  readonly personalScopes: readonly string[];
  readonly revokedScopes: readonly string[];
  /** The sealed refresh token, or `null` to keep the one that is stored. */
  readonly credential: Uint8Array | null;
  readonly at: Date;
}

export interface ConsentChange {
  readonly step: ConsentStep;
  readonly state?: ConsentState;
  readonly reason?: Refusal;
  readonly browserHash?: string;
  readonly grantedBy?: string;
  readonly isQualified?: boolean;
  readonly attemptAt?: Date;
}

/** How a transaction ends that takes no effect. */
export type EndedConsent = Required<Pick<ConsentChange, 'step' | 'state' | 'reason'>>;

export interface ErasureStart {
  readonly tenantId: string;
  readonly memberId: string;
  readonly category: Category;
  readonly receiptId: string;
  readonly connectionId: string;
  readonly at: Date;
}
