/**
 * API keys of the operator's product.
 *
 * Shapes  `assent_{id}_{secret}{checksum}`: an id of 12 characters by which the key is found and named, a secret of 32
 *         random bytes in base 62, and a checksum of 6, so that scanners of source code recognize a key that got lost.
 */
import { wordsOf } from './vocabulary.ts';

/** What a key may do, and how it is said where one is made. */
const SCOPES = {
  'read:changes': 'read the feed of changes',
  'read:items': 'read items and what they hold',
  'read:organizations': 'read which organizations and people there are',
  'manage:organizations': 'suspend organizations, and say what each can turn on',
  'read:audit': 'read who did what in an organization',
  webhooks: 'say where webhooks go, and read what was sent',
  keys: 'make keys that may do no more, and end them',
} as const satisfies Readonly<Record<string, string>>;

export type ApiScope = keyof typeof SCOPES;
export const API_SCOPES: readonly ApiScope[] = wordsOf(SCOPES);

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** `null`: every organization. */
  readonly organizationIds: readonly string[] | null;
  readonly expiresAt: Date | null;
  /** Addresses and networks from which it may be used; `null`: all. */
  readonly allowedAddresses: readonly string[] | null;
}

/** Whether a key may know of an organization at all. */
export function coversOrganization({ organizationIds }: ApiKey, tenantId: string): boolean {
  return organizationIds === null || organizationIds.includes(tenantId);
}

/**
 * Whether a key may know of what is of these organizations, by all of them; `null` is every organization. Of what is of every
 * organization, a key of some may know nothing: it tells of the others.
 */
export function coversOrganizations(key: ApiKey, tenantIds: readonly string[] | null): boolean {
  return tenantIds === null
    ? key.organizationIds === null
    : tenantIds.every((tenantId) => coversOrganization(key, tenantId));
}
