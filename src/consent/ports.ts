/**
 * What the consent use cases need from the rest of the world, and no more.
 *
 * Reading is possible at any time; writing only inside `transact`, which commits everything or nothing.
 */
import type { Audience } from '../domain/audience.ts';
import type { AuditAct } from '../domain/audit.ts';
import type { DecisionFacts } from '../domain/decision.ts';
import type { MemberRules } from '../domain/memberRules.ts';
import type { Mode } from '../domain/mode.ts';
import type { Pause, Pauses } from '../domain/pause.ts';
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
import { type EntraError, type Refusal } from '../domain/refusals.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { ProductRole } from '../domain/roles.ts';
import type { Selection } from '../domain/selection.ts';
import type { Level } from '../domain/levels.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { UserConsentKnowledge } from '../domain/userConsent.ts';

/** A person as a validated token names them. */
export interface Principal {
  readonly tenantId: string;
  readonly memberId: string;
  readonly name: string | null;
  /** The name that they sign in with, in the form of an address. */
  readonly account: string | null;
  /** What Entra takes as a hint of who is meant; opaque, to be shown to and compared with nothing. */
  readonly loginHint: string | null;
  readonly directoryRoles: readonly string[];
  readonly isGuest: boolean;
}

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

export interface ConsentWriter extends ConsentReader {
  /** Locks the organization's row until the transaction ends; the first lock that any writer takes. */
  lockOrganization(tenantId: string): Promise<Organization | null>;
  /** Locks the connection's row; taken after the organization's. */
  lockConnection(tenantId: string, memberId: string): Promise<Connection | null>;
  /** Adds the organization unless it is there; says whether it was added. */
  addOrganization(tenantId: string, at: Date): Promise<boolean>;
  changeOrganization(tenantId: string, change: OrganizationChange): Promise<void>;
  /** Adds or refreshes a member from what a token said. */
  recordVisit(principal: Principal, at: Date): Promise<void>;
  /** Adds people known only from the directory so far. */
  addPeople(tenantId: string, people: readonly DirectoryPerson[], at: Date): Promise<void>;
  /** Connections whose time to be looked at has come; each is due again at `next`, whatever becomes of it. */
  connectionsToRenew(
    now: Date,
    next: Date,
    limit: number,
  ): Promise<readonly Pick<Connection, 'tenantId' | 'memberId'>[]>;
  /** Looks at everyone's grants again as soon as may be. */
  renewSoon(tenantId: string, at: Date): Promise<void>;
  /** Wakes the mailboxes of the people named, or of everyone who has a connection. */
  wakeMailboxes(tenantId: string, memberIds: readonly string[] | null, at: Date): Promise<void>;
  setProductRole(tenantId: string, memberId: string, role: ProductRole | null): Promise<void>;
  setPrompt(tenantId: string, memberId: string, prompt: Prompt): Promise<void>;
  /** Notes whether one person is in a group; says whether that is news. */
  setInGroup(tenantId: string, groupId: string, memberId: string, isIn: boolean, at: Date): Promise<boolean>;
  /** Notes everyone who is in a group. */
  setGroup(tenantId: string, groupId: string, memberIds: readonly string[], at: Date): Promise<void>;
  setPreference(tenantId: string, memberId: string, selection: Selection): Promise<void>;
  /** A member's own rules as they are stored. */
  sealedRules(tenantId: string, memberId: string): Promise<Uint8Array | null>;
  setRules(tenantId: string, memberId: string, sealed: Uint8Array | null, retentionDays: number | null): Promise<void>;
  /** Has what is stored of a member (`null`: of everyone) looked through by the rules that hold now. */
  startReview(tenantId: string, memberId: string | null, review: ReviewStart): Promise<void>;
  setPauses(tenantId: string, memberId: string, pauses: Pauses): Promise<void>;
  setDisabled(tenantId: string, memberId: string, disabled: boolean): Promise<void>;
  saveConnection(connection: ConnectionChange): Promise<void>;
  loseConnection(tenantId: string, memberId: string, reason: string): Promise<void>;
  /** Ends a connection for good: the next one has an id of its own. */
  removeConnection(connection: Connection, at: Date): Promise<void>;
  /** What is left to everyone's connections when the tenant-wide grant is gone: their own consents. */
  saveIndividualScopes(tenantId: string): Promise<void>;
  /** Takes the refresh tokens of everyone away, as service mode needs none; answers whose they were. */
  dropCredentials(tenantId: string): Promise<readonly string[]>;
  /** Loses the connections of everyone who is not named; answers whose they were. */
  loseConnectionsExcept(tenantId: string, memberIds: readonly string[], reason: string): Promise<readonly string[]>;
  /** Forgets consents that are long over. */
  pruneConsents(before: Date): Promise<void>;
  /** Loses every connection that has no refresh token. */
  loseConnectionsWithoutCredential(tenantId: string, reason: string): Promise<void>;
  /** Makes connections without a credential for mailboxes that service mode covers, where none is live. */
  addServiceConnections(tenantId: string, memberIds: readonly string[], at: Date): Promise<void>;
  /** Begins every stream and subscription of an organization again: those of one way of access do not serve another. */
  changeAccess(tenantId: string, at: Date): Promise<void>;
  /** Raises the connection's epoch, so that whatever sync is in progress can write nothing more. */
  raiseEpoch(tenantId: string, memberId: string): Promise<void>;
  /** The same for what Assent found out by itself, which overtakes nothing that the member has begun. */
  raiseEpochOnDrift(tenantId: string, memberId: string): Promise<void>;
  addConsent(consent: ConsentTransaction): Promise<void>;
  addLink(link: ConsentLink): Promise<void>;
  /** Revokes the links that were made from a consent; says whether there were any that held. */
  revokeLinks(tenantId: string, consentHash: string, at: Date): Promise<boolean>;
  /** Takes a step if the consent is still at `from`; says whether it was. */
  advanceConsent(tenantId: string, consentHash: string, from: ConsentStep, change: ConsentChange): Promise<boolean>;
  /** Ends what a member began for themselves: someone who said otherwise since is not overruled by it. */
  supersedeConsents(tenantId: string, memberId: string, change: EndedConsent): Promise<void>;
  /** Categories of which anything of a member's is stored. */
  storedCategories(tenantId: string, memberId: string): Promise<readonly Category[]>;
  startErasure(erasure: ErasureStart): Promise<void>;
  audit(act: AuditAct, at: Date): Promise<void>;
  /** Asks the worker to look at a mailbox now; told when the transaction commits. */
  wakeMailbox(tenantId: string, memberId: string, at: Date): Promise<void>;
  /** Tells every open screen of the member (or, with `null`, of the organization) that something changed. */
  announce(tenantId: string, memberId: string | null): Promise<void>;
}

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

/** What Entra's token endpoint answered. */
export type TokenAnswer =
  | {
      readonly kind: 'tokens';
      readonly accessToken: string;
      readonly expiresAt: Date;
      readonly refreshToken: string | null;
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly error: EntraError; readonly claims: string | null }
  | { readonly kind: 'unavailable' };

/** Who signed in at the end of a code flow, as the validated ID token says. */
export interface SignedIn {
  readonly tenantId: string;
  readonly memberId: string;
  readonly directoryRoles: readonly string[];
}

export interface EntraPort {
  onBehalfOf(tenantId: string, assertion: string, scopes: readonly string[]): Promise<TokenAnswer>;
  refresh(tenantId: string, refreshToken: string, scopes: readonly string[]): Promise<TokenAnswer>;
  redeem(request: RedeemRequest): Promise<{ readonly answer: TokenAnswer; readonly signedIn: SignedIn | null }>;
  authorizeUrl(request: AuthorizeRequest): Promise<string>;
  /** With the service registration everything that it lists is asked for, and `scopes` are not looked at. */
  adminConsentUrl(request: {
    tenantId: string;
    scopes: readonly string[];
    state: string;
    registration: 'main' | 'service';
  }): string;
  /** Microsoft's page for a token of Assent's own API and nothing else. */
  signInUrl(request: SignInRequest): Promise<Found<string>>;
  redeemSignIn(request: Omit<RedeemRequest, 'nonce'>): Promise<TokenAnswer>;
  /** The id of the organization that goes by an id or a domain, as its public metadata say. */
  tenantOf(name: string): Promise<Found<string>>;
  /** Whether this installation has the second registration, which holds application permissions. */
  readonly offersService: boolean;
  /** A token of the second registration itself, for the permissions that a tenant has granted to it. */
  applicationToken(tenantId: string): Promise<TokenAnswer>;
  /** Whether a tenant is in the cloud that this installation serves, as its public metadata say. */
  cloudOf(tenantId: string): Promise<CloudKind>;
}

/** Something of a tenant's, which there may not be, or which Entra may not answer for now. */
export type Found<T> = { readonly kind: 'found'; readonly value: T } | { readonly kind: 'unknown' | 'unavailable' };

export interface AuthorizeRequest {
  readonly tenantId: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly nonce: string;
  readonly pkceVerifier: string;
  readonly loginHint: string | null;
}

export interface SignInRequest extends Pick<AuthorizeRequest, 'tenantId' | 'state' | 'pkceVerifier' | 'loginHint'> {
  readonly claims: string | null;
}

export interface RedeemRequest {
  readonly tenantId: string;
  /** The whole address to which Entra sent the browser back. */
  readonly returnedTo: URL;
  readonly state: string;
  readonly nonce: string;
  readonly pkceVerifier: string;
}

/** Seals and opens refresh tokens with the member's credential key. */
export interface CredentialVault {
  seal(tenantId: string, memberId: string, refreshToken: string): Promise<Uint8Array>;
  /** The stored refresh token, or `null` where there is none or it does not open. */
  read(tenantId: string, memberId: string): Promise<string | null>;
  /** Destroys the key, so that no copy of the refresh token can be opened any more. */
  destroy(tenantId: string, memberId: string): Promise<void>;
}

/** Seals and opens members' own rules, each with a key of its own. */
export interface RulesVault {
  open(
    tenantId: string,
    memberId: string,
  ): Promise<{
    /** What does not open counts as no rules. */
    read(sealed: Uint8Array | null): MemberRules;
    /** Whether it can be read, or there is nothing to read. */
    opens(sealed: Uint8Array | null): boolean;
    seal(rules: MemberRules): Uint8Array;
    /** Whether the key is still the one with which rules are sealed: an erasure may have destroyed it meanwhile. */
    isCurrent(): Promise<boolean>;
  }>;
  destroy(tenantId: string, memberId: string): Promise<void>;
}

export interface RandomSource {
  /** Unguessable bytes from the system's generator, base64url. */
  token(bytes: number): string;
  uuid(): string;
}

/** An answer of the directory; refusals are expected, for nearly everything needs a permission. */
export type DirectoryAnswer<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'refused' } | { readonly kind: 'unavailable' };

export interface DirectoryPerson {
  readonly memberId: string;
  readonly name: string | null;
}

export interface DirectoryGroup {
  readonly groupId: string;
  readonly name: string;
}

/** How a tenant has an application: its service principal. */
export interface ApplicationInTenant {
  readonly objectId: string;
  readonly enabled: boolean;
  readonly assignmentRequired: boolean;
  readonly verifiedPublisher: string | null;
}

/** One delegated grant, as the directory keeps it. */
export interface DirectoryGrant {
  readonly id: string;
  /** `null` for a grant to everyone. */
  readonly memberId: string | null;
  readonly scopes: readonly string[];
}

export type ProbeResult = 'reached' | 'refused' | 'noMailbox' | 'unavailable';

export interface DirectoryPort {
  /** The organization's own name, or `null` where it could not be read. */
  organizationName(accessToken: string): Promise<string | null>;
  /** The groups in which the token's own person is, nested ones included. */
  ownGroups(accessToken: string): Promise<DirectoryAnswer<readonly string[]>>;
  application(accessToken: string): Promise<DirectoryAnswer<ApplicationInTenant>>;
  /** The ids of the consent policies that hold for users. */
  consentPolicies(accessToken: string): Promise<DirectoryAnswer<readonly string[]>>;
  /** Whether users may send requests to admins. */
  requestsEnabled(accessToken: string): Promise<DirectoryAnswer<boolean>>;
  grants(accessToken: string, applicationObjectId: string): Promise<DirectoryAnswer<readonly DirectoryGrant[]>>;
  narrowGrant(accessToken: string, grantId: string, scopes: readonly string[]): Promise<DirectoryAnswer<null>>;
  /** A few people whose name or address begins with `search`. */
  findPeople(accessToken: string, search: string): Promise<DirectoryAnswer<readonly DirectoryPerson[]>>;
  /** Everyone, page by page. */
  everyone(accessToken: string): Promise<DirectoryAnswer<readonly DirectoryPerson[]>>;
  groups(accessToken: string, search: string): Promise<DirectoryAnswer<readonly DirectoryGroup[]>>;
  peopleOfGroup(accessToken: string, groupId: string): Promise<DirectoryAnswer<readonly DirectoryPerson[]>>;
  /** Reads the least that shows whether an application's token reaches a category of someone's mailbox. */
  probe(accessToken: string, memberId: string, category: Category, level: Level): Promise<ProbeResult>;
}

export interface ConsentPorts {
  readonly store: ConsentStore;
  readonly directory: DirectoryPort;
  readonly entra: EntraPort;
  readonly vault: CredentialVault;
  readonly rules: RulesVault;
  readonly unsubscriber: UnsubscribePort;
  readonly chance: RandomSource;
  readonly now: () => Date;
}

/** Ends at Microsoft what one way of access had asked to be told of, while there is a token that can. */
export interface UnsubscribePort {
  /** Before the way ends; what it answers is called afterwards, and never fails. */
  prepare(tenantId: string, leaving: Mode): Promise<() => Promise<void>>;
}
