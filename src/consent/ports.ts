/**
 * What the consent use cases need from the rest of the world, and no more.
 */
import type { MemberRules } from '../domain/memberRules.ts';
import type { Mode } from '../domain/mode.ts';
import type { DirectoryPerson } from '../domain/people.ts';
import type { CloudKind } from '../domain/records.ts';
import type { EntraError } from '../domain/refusals.ts';
import type { Level } from '../domain/levels.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { ConsentStore } from './store.ts';

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
