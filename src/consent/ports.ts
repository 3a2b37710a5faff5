/**
 * What the consent use cases need from the rest of the world, and no more.
 *
 * Reading is possible at any time; writing only inside `transact`, which commits everything or nothing.
 */
import type { AuditAct } from '../domain/audit.ts';
import type { DecisionFacts } from '../domain/decision.ts';
import type { Mode } from '../domain/mode.ts';
import type {
  Connection,
  ConsentState,
  ConsentStep,
  ConsentTransaction,
  Member,
  Organization,
  Receipt,
  TenantGrant,
} from '../domain/records.ts';
import type { EntraError } from '../domain/refusals.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { ProductRole } from '../domain/roles.ts';
import type { Category, Selection } from '../domain/selection.ts';

/** A person as a validated token names them. */
export interface Principal {
  readonly tenantId: string;
  readonly memberId: string;
  readonly name: string | null;
  readonly loginHint: string | null;
  readonly directoryRoles: readonly string[];
  readonly isGuest: boolean;
}

export interface ConsentReader {
  organization(tenantId: string): Promise<Organization | null>;
  member(tenantId: string, memberId: string): Promise<Member | null>;
  members(tenantId: string): Promise<readonly Member[]>;
  connection(tenantId: string, memberId: string): Promise<Connection | null>;
  connections(tenantId: string): Promise<readonly Connection[]>;
  consent(tenantId: string, consentHash: string): Promise<ConsentTransaction | null>;
  /** Consents that wait for proof and whose next attempt is due, across organizations. */
  consentsToProve(now: Date, most: number): Promise<readonly ConsentTransaction[]>;
  /** Whether an administrator is at Microsoft, or back and waiting for proof. */
  isGrantUnderWay(tenantId: string, now: Date): Promise<boolean>;
  decisionFacts(tenantId: string, memberId: string): Promise<DecisionFacts | null>;
  receipt(tenantId: string, memberId: string, receiptId: string): Promise<Receipt | null>;
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
  seeMember(principal: Principal, at: Date): Promise<void>;
  setProductRole(tenantId: string, memberId: string, role: ProductRole): Promise<void>;
  setPreference(tenantId: string, memberId: string, selection: Selection): Promise<void>;
  setDisabled(tenantId: string, memberId: string, disabled: boolean): Promise<void>;
  saveConnection(connection: ConnectionChange): Promise<void>;
  loseConnection(tenantId: string, memberId: string, reason: string): Promise<void>;
  /** Raises the connection's epoch, so that whatever sync is under way can write nothing more. */
  raiseEpoch(tenantId: string, memberId: string): Promise<void>;
  addConsent(consent: ConsentTransaction): Promise<void>;
  /** Takes a step if the consent is still at `from`; says whether it was. */
  advanceConsent(tenantId: string, consentHash: string, from: ConsentStep, change: ConsentChange): Promise<boolean>;
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

export interface OrganizationChange {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly mode?: Mode;
  readonly selection?: Selection;
  readonly relevance?: RelevancePolicy;
  readonly usersMayConsent?: { readonly value: 'yes' | 'no'; readonly at: Date };
  readonly grant?: TenantGrant;
  readonly raiseEpoch?: boolean;
}

export interface ConnectionChange {
  readonly tenantId: string;
  readonly memberId: string;
  readonly connectionId: string;
  readonly scopes: readonly string[];
  readonly personalScopes: readonly string[];
  /** The sealed refresh token, or `null` to keep the one that is stored. */
  readonly credential: Uint8Array | null;
  readonly at: Date;
}

export interface ConsentChange {
  readonly step: ConsentStep;
  readonly state?: ConsentState;
  readonly reason?: string;
  readonly browserHash?: string;
  readonly grantedBy?: string;
  readonly attemptAt?: Date;
}

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
  adminConsentUrl(request: { tenantId: string; scopes: readonly string[]; state: string }): string;
}

export interface AuthorizeRequest {
  readonly tenantId: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly nonce: string;
  readonly pkceVerifier: string;
  readonly loginHint: string | null;
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
}

export interface Chance {
  /** Unguessable bytes from the system's generator, base64url. */
  token(bytes: number): string;
  uuid(): string;
}

export interface DirectoryPort {
  /** The organization's own name, or `null` where it could not be read. */
  organizationName(accessToken: string): Promise<string | null>;
}

export interface ConsentPorts {
  readonly store: ConsentStore;
  readonly directory: DirectoryPort;
  readonly entra: EntraPort;
  readonly vault: CredentialVault;
  readonly chance: Chance;
  readonly now: () => Date;
}
