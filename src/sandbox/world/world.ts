/**
 * Microsoft's side of the directory: who has consented to what, which applications a tenant has admitted,
 * and the keys that tokens are signed with. Kept in one file, written whole after every change.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CONSENT_POLICIES, type ConsentPolicy, type Person, TENANT_SEEDS, type TenantSeed } from './people.ts';

const TenantState = z.object({
  policy: z.enum(CONSENT_POLICIES),
  everyone: z.array(z.string()),
  members: z.record(z.string(), z.array(z.string())),
});

const State = z.object({
  signingKey: z.object({ kid: z.string(), pem: z.string() }),
  secret: z.string(),
  tenants: z.record(z.string(), TenantState),
  sessionsRevokedAt: z.record(z.string(), z.number()),
  seed: z.string(),
  sizes: z.object({ messages: z.number(), events: z.number() }),
});
type State = z.infer<typeof State>;

export interface Sizes {
  readonly messages: number;
  readonly events: number;
}

export interface Tenant extends Omit<TenantSeed, 'consentPolicy'> {
  readonly policy: ConsentPolicy;
}

/** What a tenant that has admitted the application lets it do without asking anybody again. */
export const ADMITTED_SCOPES = ['openid', 'profile', 'offline_access', 'User.Read', 'access_as_user'];

export class World {
  readonly #file: string | null;
  #state: State;

  constructor(folder: string | null, initial: { readonly seed: string; readonly sizes: Sizes }) {
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
    return TENANT_SEEDS.map((seed) => ({ ...seed, policy: this.#tenant(seed.id).policy }));
  }

  /** A tenant by id or domain. */
  findTenant(name: string): Tenant | undefined {
    return this.tenants().find(({ id, domain }) => id === name.toLowerCase() || domain === name.toLowerCase());
  }

  findPerson(upn: string): { readonly tenant: Tenant; readonly person: Person } | undefined {
    return this.#everybody().find(({ person }) => person.upn.toLowerCase() === upn.toLowerCase());
  }

  findByOid(tenantId: string, oid: string): { readonly tenant: Tenant; readonly person: Person } | undefined {
    return this.#everybody().find(({ tenant, person }) => tenant.id === tenantId && person.oid === oid);
  }

  /** Every scope that tokens for this person carry: tenant-wide grants and the person's own. */
  grantedScopes(tenantId: string, oid: string): readonly string[] {
    const { everyone, members } = this.#tenant(tenantId);
    return [...new Set([...everyone, ...(members[oid] ?? [])])];
  }

  isAdmitted(tenantId: string): boolean {
    return this.#tenant(tenantId).policy !== 'notAdmitted';
  }

  grant(tenantId: string, to: 'everyone' | { readonly oid: string }, scopes: readonly string[]): void {
    const tenant = this.#tenant(tenantId);
    this.#admit(tenant);
    if (to === 'everyone') {
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

  #admit(tenant: State['tenants'][string]): void {
    if (tenant.policy === 'notAdmitted') {
      tenant.policy = 'none';
    }
    tenant.everyone = [...new Set([...tenant.everyone, ...ADMITTED_SCOPES])];
  }

  #everybody() {
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
      return State.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
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

function freshState(seed: string, sizes: Sizes): State {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    signingKey: {
      kid: randomBytes(12).toString('base64url'),
      pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    secret: randomBytes(32).toString('base64url'),
    tenants: Object.fromEntries(TENANT_SEEDS.map((tenant) => [tenant.id, freshTenant(tenant)])),
    sessionsRevokedAt: {},
    seed,
    sizes: { ...sizes },
  };
}

function freshTenant({ consentPolicy }: TenantSeed): State['tenants'][string] {
  const everyone = consentPolicy === 'notAdmitted' ? [] : [...ADMITTED_SCOPES];
  return { policy: consentPolicy, everyone, members: {} };
}
