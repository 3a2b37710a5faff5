/**
 * Microsoft as the use cases see it through their ports, in memory: who has granted what, whose account and session
 * hold, and token servers that may lag behind until they are told to catch up.
 *
 * For sequences of events too many for a listener and a browser; what Microsoft says on the wire is the sandbox's.
 */
import type {
  DirectoryAnswer,
  DirectoryGrant,
  DirectoryPort,
  EntraPort,
  ProbeResult,
  SignedIn,
  TokenAnswer,
} from '../../src/consent/ports.ts';
import { IDENTITY_SCOPES, scopesForLevel } from '../../src/domain/permissions.ts';
import type { Level } from '../../src/domain/levels.ts';
import type { Category } from '../../src/domain/categories/categories.ts';

const EVERYBODY = 'everybody';
const APPLICATION = 'application';

interface Account {
  readonly memberId: string;
  readonly directoryRoles: readonly string[];
  isEnabled: boolean;
  session: number;
}

/** What was granted, by whom it holds for: a member's id, `everyone`, or `application`. */
type Grants = ReadonlyMap<string, ReadonlySet<string>>;

export class FakeMicrosoft {
  isDown = false;
  /** Whether token servers go on with what they know until `spread`. */
  lags = false;
  readonly #tenantId: string;
  readonly #now: () => Date;
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #granted = new Map<string, Set<string>>();
  /** What the token servers know so far. */
  #known: Grants = new Map();

  constructor(tenantId: string, people: readonly Pick<Account, 'memberId' | 'directoryRoles'>[], now: () => Date) {
    this.#tenantId = tenantId;
    this.#now = now;
    this.#accounts = new Map(
      people.map((person) => [person.memberId, { ...person, isEnabled: true, session: 1 }] as const),
    );
  }

  /** Every token server learns what was granted and revoked. */
  spread(): void {
    this.#known = new Map([...this.#granted].map(([holder, scopes]) => [holder, new Set(scopes)]));
  }

  grantTo(memberId: string, scopes: readonly string[]): void {
    this.#add(memberId, scopes);
  }

  grantToEverybody(scopes: readonly string[]): void {
    this.#add(EVERYBODY, scopes);
  }

  grantToApplication(): void {
    this.#add(APPLICATION, ['Mail.Read', 'Calendars.Read']);
  }

  takeBack(scopes: readonly string[]): void {
    for (const held of this.#granted.values()) {
      scopes.forEach((scope) => held.delete(scope));
    }
    this.#changed();
  }

  disable(memberId: string): void {
    this.#account(memberId).isEnabled = false;
  }

  endSessions(memberId: string): void {
    this.#account(memberId).session += 1;
  }

  /** What a member's token may be used for at this moment, or `null` where there is no token to be had. */
  liveScopes(memberId: string): readonly string[] | null {
    return this.#account(memberId).isEnabled ? this.#scopesIn(this.#granted, memberId) : null;
  }

  reaches(category: Category, level: Level): boolean {
    return this.#reaches(this.#granted, category, level);
  }

  isSessionOf(memberId: string, refreshToken: string | null): boolean {
    return refreshToken === this.#refreshToken(memberId);
  }

  /** The code that ends a sign-in. */
  codeFor(memberId: string): string {
    return memberId;
  }

  readonly entra: EntraPort = {
    onBehalfOf: (_tenantId, assertion) => Promise.resolve(this.#tokensFor(assertion)),
    refresh: (_tenantId, refreshToken) => {
      const memberId = refreshToken.split('/')[0] ?? '';
      return Promise.resolve(
        this.isDown || this.isSessionOf(memberId, refreshToken) ? this.#tokensFor(memberId) : refused(50173),
      );
    },
    redeem: ({ returnedTo }) => {
      const memberId = returnedTo.searchParams.get('code') ?? '';
      const { directoryRoles } = this.#account(memberId);
      const signedIn: SignedIn = { tenantId: this.#tenantId, memberId, directoryRoles };
      return Promise.resolve({ answer: this.#tokensFor(memberId), signedIn });
    },
    signInUrl: () => Promise.resolve({ kind: 'found', value: 'https://login.test/' }),
    redeemSignIn: ({ returnedTo }) => Promise.resolve(this.#tokensFor(returnedTo.searchParams.get('code') ?? '')),
    tenantOf: () => Promise.resolve({ kind: 'unknown' }),
    authorizeUrl: ({ scopes, state }) =>
      Promise.resolve(`https://login.example/authorize?${queryOf({ scopes, state })}`),
    adminConsentUrl: ({ scopes, state, registration }) =>
      `https://login.example/adminconsent?${queryOf({ scopes, state })}&registration=${registration}`,
    offersService: true,
    applicationToken: () =>
      Promise.resolve(this.isDown ? { kind: 'unavailable' } : this.#tokens(APPLICATION, ['.default'])),
    cloudOf: () => Promise.resolve('supported'),
  };

  readonly directory: DirectoryPort = {
    organizationName: () => Promise.resolve(null),
    ownGroups: () => this.#answer([]),
    application: () =>
      this.#answer({ objectId: 'assent', enabled: true, assignmentRequired: false, verifiedPublisher: null }),
    consentPolicies: () => this.#answer([]),
    requestsEnabled: () => this.#answer(false),
    grants: () => this.#answer(this.#directoryGrants()),
    narrowGrant: (_accessToken, grantId, scopes) => {
      if (!this.isDown) {
        this.#granted.set(grantId, new Set(scopes));
        this.#changed();
      }
      return this.#answer(null);
    },
    findPeople: () => this.#answer([]),
    everyone: () => this.#answer([...this.#accounts.keys()].map((memberId) => ({ memberId, name: null }))),
    groups: () => this.#answer([]),
    peopleOfGroup: () => this.#answer([]),
    probe: (_accessToken, _memberId, category, level) => Promise.resolve(this.#probe(category, level)),
  };

  #probe(category: Category, level: Level): ProbeResult {
    if (this.isDown) {
      return 'unavailable';
    }
    return this.#reaches(this.#known, category, level) ? 'reached' : 'refused';
  }

  #reaches(grants: Grants, category: Category, level: Level): boolean {
    const held = grants.get(APPLICATION) ?? new Set();
    return scopesForLevel(category, { ...level, sync: 'full' }).every((scope) => held.has(scope));
  }

  #directoryGrants(): readonly DirectoryGrant[] {
    return [...this.#granted]
      .filter(([holder, scopes]) => holder !== APPLICATION && scopes.size > 0)
      .map(([holder, scopes]) => ({
        id: holder,
        memberId: holder === EVERYBODY ? null : holder,
        scopes: [...scopes],
      }));
  }

  #answer<T>(value: T): Promise<DirectoryAnswer<T>> {
    return Promise.resolve(this.isDown ? { kind: 'unavailable' } : { kind: 'ok', value });
  }

  #tokensFor(memberId: string): TokenAnswer {
    if (this.isDown) {
      return { kind: 'unavailable' };
    }
    return this.#account(memberId).isEnabled
      ? this.#tokens(memberId, this.#scopesIn(this.#known, memberId))
      : refused(50057);
  }

  #tokens(holder: string, scopes: readonly string[]): TokenAnswer {
    const expiresAt = new Date(this.#now().getTime() + 60 * 60_000);
    const refreshToken = holder === APPLICATION ? null : this.#refreshToken(holder);
    return { kind: 'tokens', accessToken: holder, expiresAt, refreshToken, scopes };
  }

  #refreshToken(memberId: string): string {
    return `${memberId}/${this.#account(memberId).session}`;
  }

  #scopesIn(grants: Grants, memberId: string): readonly string[] {
    return [...new Set([...IDENTITY_SCOPES, ...(grants.get(EVERYBODY) ?? []), ...(grants.get(memberId) ?? [])])];
  }

  #add(holder: string, scopes: readonly string[]): void {
    this.#granted.set(holder, new Set([...(this.#granted.get(holder) ?? []), ...scopes]));
    this.#changed();
  }

  #changed(): void {
    if (!this.lags) {
      this.spread();
    }
  }

  #account(memberId: string): Account {
    const account = this.#accounts.get(memberId);
    if (account === undefined) {
      throw new Error(`Nobody has the id "${memberId}"`);
    }
    return account;
  }
}

function refused(number: number): TokenAnswer {
  return { kind: 'refused', error: { error: 'invalid_grant', number }, claims: null };
}

function queryOf({ scopes, state }: { readonly scopes: readonly string[]; readonly state: string }): string {
  return new URLSearchParams({ scope: scopes.join(' '), state }).toString();
}
