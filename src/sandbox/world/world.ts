/**
 * Microsoft's side of the directory: who has consented to what, which applications a tenant has admitted,
 * and the keys that tokens are signed with. Kept in one file, written whole after every change.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConsentPolicy, type MailboxKind, type Person, TENANT_SEEDS, type TenantSeed } from './people.ts';
import {
  ADMITTED_SCOPES,
  type ApplicationState,
  type ExchangeRoles,
  freshState,
  freshTenant,
  type Sizes,
  State,
  type StoredSubscription,
} from './state.ts';

export interface Tenant extends Omit<TenantSeed, 'consentPolicy'> {
  readonly policy: ConsentPolicy;
}

export class World {
  /** Whether the sign-in pages cut off who opened them (Cross-Origin-Opener-Policy), as federated ones do. */
  isolatesSignIn = false;
  readonly #file: string | null;
  readonly #now: () => Date;
  #state: State;

  constructor(
    folder: string | null,
    initial: { readonly seed: string; readonly sizes: Sizes },
    now: () => Date = () => new Date(),
  ) {
    this.#now = now;
    this.#file = folder === null ? null : join(folder, 'world.json');
    if (folder !== null) {
      mkdirSync(folder, { recursive: true });
    }
    const stored = this.#read();
    this.#state = stored ?? freshState(initial.seed, initial.sizes);
    if (stored === null) {
      this.#save();
    }
  }

  get signingKey(): State['signingKey'] {
    return this.#state.signingKey;
  }

  /** Authenticates codes and refresh tokens, so that they survive a restart without being stored. */
  get secret(): string {
    return this.#state.secret;
  }

  /** What Graph says of single items otherwise than the sandbox would, by id. */
  get overlays(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return this.#state.overlays;
  }

  setOverlay(id: string, fields: Readonly<Record<string, unknown>>): void {
    this.#state.overlays[id] = { ...fields };
    this.#save();
  }

  get subscriptions(): readonly StoredSubscription[] {
    return this.#state.subscriptions;
  }

  setSubscriptions(subscriptions: readonly StoredSubscription[]): void {
    this.#state.subscriptions = [...subscriptions];
    this.#save();
  }

  get subscriptionLife(): number | null {
    return this.#state.subscriptionLife;
  }

  setSubscriptionLife(milliseconds: number | null): void {
    this.#state.subscriptionLife = milliseconds;
    this.#save();
  }

  get seed(): string {
    return this.#state.seed;
  }

  get sizes(): Sizes {
    return this.#state.sizes;
  }

  /** Grants and policies as on the first day; keys stay, so that open pages go on. */
  reset(seed: string, sizes: Sizes): void {
    const { signingKey, secret } = this.#state;
    this.#state = { ...freshState(seed, sizes), signingKey, secret };
    this.#save();
  }

  tenants(): readonly Tenant[] {
    return TENANT_SEEDS.map((seed) => ({
      ...seed,
      policy: this.#tenant(seed.id).policy,
      people: seed.people.map((person) => ({
        ...person,
        mailbox: this.#state.mailboxes[person.oid] ?? person.mailbox,
        sharedWith: this.#state.sharedWith[person.oid] ?? person.sharedWith,
      })),
    }));
  }

  /** A mailbox moves away, loses its license, is disabled, or comes back with everything in it. */
  setMailbox(oid: string, kind: MailboxKind): void {
    this.#state.mailboxes[oid] = kind;
    this.#save();
  }

  /** Whether someone may open a mailbox that is not their own. */
  isSharedWith(owner: string, oid: string): boolean {
    return this.#everyone().some(({ person }) => person.oid === owner && person.sharedWith.includes(oid));
  }

  /** Lets people open a mailbox that is not their own, and no one else. */
  shareMailbox(owner: string, oids: readonly string[]): void {
    this.#state.sharedWith[owner] = [...oids];
    this.#save();
  }

  /** A tenant by id or domain. */
  findTenant(name: string): Tenant | undefined {
    return this.tenants().find(({ id, domain }) => id === name.toLowerCase() || domain === name.toLowerCase());
  }

  findPerson(upn: string): { readonly tenant: Tenant; readonly person: Person } | undefined {
    return this.#everyone().find(({ person }) => person.upn.toLowerCase() === upn.toLowerCase());
  }

  findByOid(tenantId: string, oid: string): { readonly tenant: Tenant; readonly person: Person } | undefined {
    return this.#everyone().find(({ tenant, person }) => tenant.id === tenantId && person.oid === oid);
  }

  /** Every scope that tokens for this person carry: tenant-wide grants and the person's own. */
  grantedScopes(tenantId: string, oid: string): readonly string[] {
    this.#settle(tenantId);
    const { everyone, members } = this.#tenant(tenantId);
    return [...new Set([...everyone, ...(members[oid] ?? [])])];
  }

  /** The grants as the directory lists them: one for everyone, one for each person who consented alone. */
  listedGrants(tenantId: string): readonly { readonly oid: string | null; readonly scopes: readonly string[] }[] {
    this.#settle(tenantId);
    const { everyone, members } = this.#tenant(tenantId);
    const own = Object.entries(members).map(([oid, scopes]) => ({ oid, scopes }));
    return [{ oid: null, scopes: everyone }, ...own].filter(({ scopes }) => scopes.length > 0);
  }

  /** Replaces what is granted to everyone, or to one person. */
  setGrant(tenantId: string, oid: string | null, scopes: readonly string[]): void {
    const tenant = this.#tenant(tenantId);
    if (oid === null) {
      tenant.everyone = [...scopes];
    } else {
      tenant.members[oid] = [...scopes];
    }
    this.#save();
  }

  /** How long a grant for everyone takes until tokens carry it. */
  setPropagation(tenantId: string, milliseconds: number): void {
    this.#tenant(tenantId).propagationMilliseconds = milliseconds;
    this.#save();
  }

  /** Application permissions of the second registration, as its tokens name them. */
  serviceRoles(tenantId: string): readonly string[] {
    return this.#tenant(tenantId).serviceRoles;
  }

  setServiceRoles(tenantId: string, roles: readonly string[]): void {
    this.#tenant(tenantId).serviceRoles = [...new Set(roles)];
    this.#save();
  }

  /** Exchange's role assignments; effective after a delay, and never shown in a token. */
  setExchangeRoles(tenantId: string, assignments: readonly Omit<ExchangeRoles, 'effectiveAt'>[], delay: number): void {
    const effectiveAt = this.#now().getTime() + delay;
    this.#tenant(tenantId).exchange = assignments.map((assignment) => ({ ...assignment, effectiveAt }));
    this.#save();
  }

  exchangeRolesFor(tenantId: string, oid: string): readonly string[] {
    const now = this.#now().getTime();
    return this.#tenant(tenantId)
      .exchange.filter(({ mailboxes, effectiveAt }) => {
        const reaches = mailboxes === 'everyone' || mailboxes.includes(oid);
        return reaches && effectiveAt <= now;
      })
      .flatMap(({ roles }) => roles);
  }

  hasExchangeRoles(tenantId: string): boolean {
    return this.#tenant(tenantId).exchange.length > 0;
  }

  application(tenantId: string): ApplicationState {
    return this.#tenant(tenantId).application;
  }

  changeApplication(tenantId: string, change: Partial<ApplicationState>): void {
    const tenant = this.#tenant(tenantId);
    tenant.application = { ...tenant.application, ...change };
    this.#save();
  }

  requestsEnabled(tenantId: string): boolean {
    return this.#tenant(tenantId).requestsEnabled;
  }

  enableRequests(tenantId: string, isEnabled: boolean): void {
    this.#tenant(tenantId).requestsEnabled = isEnabled;
    this.#save();
  }

  addRequest(tenantId: string, request: State['tenants'][string]['requests'][number]): void {
    this.#tenant(tenantId).requests.push(request);
    this.#save();
  }

  requests(tenantId: string): State['tenants'][string]['requests'] {
    return this.#tenant(tenantId).requests;
  }

  /** Asks everyone of a tenant for one more step at sign-in, or no one. */
  requireStepUp(tenantId: string, isRequired: boolean): void {
    const tenant = this.#tenant(tenantId);
    tenant.stepUp = isRequired;
    tenant.steppedUp = [];
    this.#save();
  }

  needsStepUp(tenantId: string): boolean {
    return this.#tenant(tenantId).stepUp;
  }

  stepUp(tenantId: string, oid: string): void {
    this.#tenant(tenantId).steppedUp.push(oid);
    this.#save();
  }

  hasSteppedUp(tenantId: string, oid: string): boolean {
    return this.#tenant(tenantId).steppedUp.includes(oid);
  }

  isAdmitted(tenantId: string): boolean {
    return this.#tenant(tenantId).policy !== 'notAdmitted';
  }

  grant(tenantId: string, to: 'everyone' | { readonly oid: string }, scopes: readonly string[]): void {
    const tenant = this.#tenant(tenantId);
    this.#admit(tenant);
    if (to === 'everyone' && tenant.propagationMilliseconds > 0) {
      const effectiveAt = this.#now().getTime() + tenant.propagationMilliseconds;
      tenant.pending.push({ oid: null, scopes: [...scopes], effectiveAt });
    } else if (to === 'everyone') {
      tenant.everyone = [...new Set([...tenant.everyone, ...scopes])];
    } else {
      tenant.members[to.oid] = [...new Set([...(tenant.members[to.oid] ?? []), ...scopes])];
    }
    this.#save();
  }

  revoke(tenantId: string, from: 'everyone' | { readonly oid: string }, scopes: readonly string[]): void {
    const tenant = this.#tenant(tenantId);
    const without = (granted: readonly string[]) => granted.filter((scope) => !scopes.includes(scope));
    if (from === 'everyone') {
      tenant.everyone = without(tenant.everyone);
    } else {
      tenant.members[from.oid] = without(tenant.members[from.oid] ?? []);
    }
    this.#save();
  }

  setPolicy(tenantId: string, policy: ConsentPolicy): void {
    const tenant = this.#tenant(tenantId);
    if (policy === 'notAdmitted') {
      tenant.everyone = [];
      tenant.members = {};
      tenant.policy = policy;
    } else {
      this.#admit(tenant);
      tenant.policy = policy;
    }
    this.#save();
  }

  sessionsRevokedAt(oid: string): number {
    return this.#state.sessionsRevokedAt[oid] ?? 0;
  }

  revokeSessions(oid: string, at: number): void {
    this.#state.sessionsRevokedAt[oid] = at;
    this.#save();
  }

  /** Grants whose time has come are granted. */
  #settle(tenantId: string): void {
    const tenant = this.#tenant(tenantId);
    const now = this.#now().getTime();
    const due = tenant.pending.filter(({ effectiveAt }) => effectiveAt <= now);
    if (due.length > 0) {
      tenant.everyone = [...new Set([...tenant.everyone, ...due.flatMap(({ scopes }) => scopes)])];
      tenant.pending = tenant.pending.filter(({ effectiveAt }) => effectiveAt > now);
      this.#save();
    }
  }

  #admit(tenant: State['tenants'][string]): void {
    if (tenant.policy === 'notAdmitted') {
      tenant.policy = 'none';
    }
    tenant.everyone = [...new Set([...tenant.everyone, ...ADMITTED_SCOPES])];
  }

  #everyone() {
    return this.tenants().flatMap((tenant) => tenant.people.map((person) => ({ tenant, person })));
  }

  #tenant(tenantId: string): State['tenants'][string] {
    const tenant = this.#state.tenants[tenantId];
    if (tenant === undefined) {
      throw new Error(`The sandbox has no tenant ${tenantId}`);
    }
    return tenant;
  }

  #read(): State | null {
    if (this.#file === null) {
      return null;
    }
    try {
      const state = State.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      // A folder of an earlier version knows fewer tenants.
      const added = TENANT_SEEDS.filter(({ id }) => state.tenants[id] === undefined);
      added.forEach((seed) => {
        state.tenants[seed.id] = freshTenant(seed);
      });
      return state;
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
        return null;
      }
      throw error;
    }
  }

  #save(): void {
    if (this.#file !== null) {
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#state));
      renameSync(`${this.#file}.new`, this.#file);
    }
  }
}
