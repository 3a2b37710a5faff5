/** What the sandbox keeps of Microsoft's side of the directory, as it stands in its file. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CONSENT_POLICIES, MAILBOX_KINDS, TENANT_SEEDS, type TenantSeed } from './people.ts';

/** A grant that Microsoft has accepted and that its token servers do not all know yet. */
const PendingGrant = z.object({ oid: z.string().nullable(), scopes: z.array(z.string()), effectiveAt: z.number() });

/** Exchange's own roles for an application: which mailboxes they open, and since when. */
const ExchangeRoles = z.object({
  roles: z.array(z.string()),
  mailboxes: z.union([z.literal('everyone'), z.array(z.string())]),
  effectiveAt: z.number(),
});
export type ExchangeRoles = z.infer<typeof ExchangeRoles>;

/** How the tenant has the application: its service principal. */
const ApplicationState = z.object({
  enabled: z.boolean(),
  assignmentRequired: z.boolean(),
  assigned: z.array(z.string()),
  verifiedPublisher: z.string().nullable(),
});
export type ApplicationState = z.infer<typeof ApplicationState>;

const TenantState = z.object({
  policy: z.enum(CONSENT_POLICIES),
  everyone: z.array(z.string()),
  members: z.record(z.string(), z.array(z.string())),
  // What follows came later: a folder of an earlier version has none of it.
  pending: z.array(PendingGrant).default([]),
  propagationMilliseconds: z.number().default(0),
  serviceRoles: z.array(z.string()).default([]),
  exchange: z.array(ExchangeRoles).default([]),
  application: ApplicationState.default({
    enabled: true,
    assignmentRequired: false,
    assigned: [],
    verifiedPublisher: 'Assent',
  }),
  requestsEnabled: z.boolean().default(false),
  requests: z.array(z.object({ oid: z.string(), scopes: z.array(z.string()), reason: z.string() })).default([]),
  /** Whether a policy asks for one more step before Graph may be used. */
  stepUp: z.boolean().default(false),
  /** Who has taken that step. */
  steppedUp: z.array(z.string()).default([]),
});

const StoredSubscription = z.object({
  id: z.string(),
  tenantId: z.string(),
  /** A person's object id, or `application`. */
  owner: z.string(),
  upn: z.string(),
  kind: z.enum(['messages', 'events', 'contacts', 'tasks', 'driveItems']),
  resource: z.string(),
  /** `null` for everything of the kind. */
  container: z.string().nullable(),
  changeType: z.string(),
  notificationUrl: z.string(),
  lifecycleNotificationUrl: z.string().nullable(),
  clientState: z.string().nullable(),
  expiresAt: z.string(),
});
export type StoredSubscription = z.infer<typeof StoredSubscription>;

export const State = z.object({
  subscriptions: z.array(StoredSubscription).default([]),
  /** The longest life that is given, in milliseconds; `null` for Microsoft's own. */
  subscriptionLife: z.number().nullable().default(null),

  signingKey: z.object({ kid: z.string(), pem: z.string() }),
  secret: z.string(),
  tenants: z.record(z.string(), TenantState),
  sessionsRevokedAt: z.record(z.string(), z.number()),
  /** Whose mailbox is not as on the first day, by object id. */
  mailboxes: z.record(z.string(), z.enum(MAILBOX_KINDS)).default({}),
  /** What Graph says of single items otherwise than the sandbox would, by id: Microsoft's oddities, on request. */
  overlays: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Whom a mailbox is shared with where that is not as on the first day: object ids. */
  sharedWith: z.record(z.string(), z.array(z.string())).default({}),
  seed: z.string(),
  // Contacts came later: a folder of an earlier version has none.
  sizes: z.object({ messages: z.number(), events: z.number(), contacts: z.number().default(0) }),
});
export type State = z.infer<typeof State>;

export interface Sizes {
  readonly messages: number;
  readonly events: number;
  /** As many files, and half as many tasks. */
  readonly contacts: number;
}

/** What a tenant that has admitted the application lets it do without asking anyone again. */
export const ADMITTED_SCOPES = ['openid', 'profile', 'offline_access', 'User.Read', 'access_as_user'];

export function freshState(seed: string, sizes: Sizes): State {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    signingKey: {
      kid: randomBytes(12).toString('base64url'),
      pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    secret: randomBytes(32).toString('base64url'),
    tenants: Object.fromEntries(TENANT_SEEDS.map((tenant) => [tenant.id, freshTenant(tenant)])),
    subscriptions: [],
    subscriptionLife: null,
    sessionsRevokedAt: {},
    mailboxes: {},
    overlays: {},
    sharedWith: {},
    seed,
    sizes: { ...sizes },
  };
}

export function freshTenant({ consentPolicy }: TenantSeed): State['tenants'][string] {
  const everyone = consentPolicy === 'notAdmitted' ? [] : [...ADMITTED_SCOPES];
  return TenantState.parse({ policy: consentPolicy, everyone, members: {} });
}
