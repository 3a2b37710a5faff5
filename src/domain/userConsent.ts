/**
 * Whether a tenant's ordinary users may consent for themselves, from what was learned there.
 *
 * Nothing is assumed: a policy that an admin let us read, what Microsoft refused, what a person told
 * us, and what Microsoft granted are evidence with an age, and the newest evidence decides; what a person said
 * counts only where Microsoft has said nothing. A popup that was closed is none of these.
 *
 * Shapes  A refusal names the permissions that were asked for together: it says that not all of them may be
 *         granted, so it speaks only about requests that contain them all.
 * Source  "Manage app consent policies" (learn.microsoft.com/entra), the managed list as of 2026-01-22;
 *         Microsoft changes it without notice, so that anything that was granted since outweighs it.
 */
import type { Observed } from './observed.ts';
import { findPermission } from './permissions.ts';

/** The policies of Microsoft, by what they let users do. */
export const POLICY_KINDS = ['anything', 'managed', 'low', 'nothing', 'custom'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

export interface UserConsentKnowledge {
  readonly policy: { readonly kind: PolicyKind; readonly at: string } | null;
  readonly refused: readonly RefusedSet[];
  readonly granted: readonly { readonly scope: string; readonly at: string }[];
}

export interface RefusedSet {
  readonly scopes: readonly string[];
  readonly at: string;
  /** Whether Microsoft's answer said so, or a person who met it. */
  readonly source: Extract<Evidence, 'refusal' | 'said'>;
}

export const UNKNOWN_CONSENT_POLICY: UserConsentKnowledge = { policy: null, refused: [], granted: [] };

/** What a verdict rests on; `permission`: every tenant keeps such a permission from its users. */
export const EVIDENCE = ['policy', 'refusal', 'said', 'grant', 'permission'] as const;
export type Evidence = (typeof EVIDENCE)[number];

export interface UserConsentVerdict extends Observed<'unknown' | 'yes' | 'no'> {
  readonly source: Evidence | null;
}

/** Whether users may grant all of `scopes`, as far as the newest evidence goes. */
export function canUsersConsent(known: UserConsentKnowledge, scopes: readonly string[]): UserConsentVerdict {
  if (scopes.some((scope) => findPermission(scope)?.needsAdministratorByDefault === true)) {
    return { value: 'no', checkedAt: null, source: 'permission' };
  }
  const ofMicrosoft = [
    ...fromPolicy(known, scopes),
    ...fromRefusals(known, scopes, 'refusal'),
    ...fromGrants(known, scopes),
  ];
  const newest = newestOf(ofMicrosoft) ?? newestOf(fromRefusals(known, scopes, 'said'));
  return newest ?? { value: 'unknown', checkedAt: null, source: null };
}

/**
 * When Microsoft refused something that its managed policy keeps from users, and `scopes` are kept by it as well: then the
 * policy is probably that one, and the next person need not meet the same wall. `null` where anything speaks against it,
 * and where it is known.
 */
export function likelyRefusedSince(known: UserConsentKnowledge, scopes: readonly string[]): string | null {
  const refusal = known.refused
    .filter(({ source, scopes: refused }) => source === 'refusal' && refused.some(isExcludedByManagedPolicy))
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  const hasGranted = known.granted.some(
    ({ scope, at }) => isExcludedByManagedPolicy(scope) && Date.parse(at) > Date.parse(refusal ?? ''),
  );
  const isOpen = canUsersConsent(known, scopes).value === 'unknown' && known.policy === null;
  return refusal !== undefined && isOpen && !hasGranted && scopes.some(isExcludedByManagedPolicy) ? refusal : null;
}

/** Adds what Microsoft, or a person who met its page, said about these permissions. */
export function withRefusal(
  known: UserConsentKnowledge,
  scopes: readonly string[],
  source: RefusedSet['source'],
  at: Date,
): UserConsentKnowledge {
  const others = known.refused.filter((set) => set.source !== source || !sameSet(set.scopes, scopes));
  return { ...known, refused: [...others, { scopes, source, at: at.toISOString() }].slice(-MAX_REMEMBERED_REFUSALS) };
}

/** Adds what an ordinary user was granted. */
export function withGranted(known: UserConsentKnowledge, scopes: readonly string[], at: Date): UserConsentKnowledge {
  const others = known.granted.filter(({ scope }) => !scopes.includes(scope));
  return { ...known, granted: [...others, ...scopes.map((scope) => ({ scope, at: at.toISOString() }))] };
}

/**
 * What the ids of a tenant's assigned consent policies mean.
 *
 * Source  "Configure how users consent to applications": entries that begin with
 *         `ManagePermissionGrantsForSelf.`, compared without regard to case.
 */
export function policyKindOf(assigned: readonly string[]): PolicyKind {
  const own = assigned.flatMap((id) => /^managepermissiongrantsforself\.(.+)$/i.exec(id)?.[1]?.toLowerCase() ?? []);
  const known = own.map((id): PolicyKind => KIND_BY_ID[id] ?? 'custom');
  return (['anything', 'custom', 'managed', 'low'] as const).find((kind) => known.includes(kind)) ?? 'nothing';
}

const KIND_BY_ID: Readonly<Record<string, PolicyKind>> = {
  'microsoft-user-default-legacy': 'anything',
  'microsoft-user-default-recommended': 'managed',
  'microsoft-user-default-low': 'low',
  // Lets users consent to named mail clients only, of which Assent is none.
  'microsoft-user-default-allow-consent-apps': 'nothing',
};

const MAX_REMEMBERED_REFUSALS = 20;

function fromPolicy({ policy }: UserConsentKnowledge, scopes: readonly string[]): readonly UserConsentVerdict[] {
  const says = (value: 'yes' | 'no'): readonly UserConsentVerdict[] => [
    { value, checkedAt: policy?.at ?? null, source: 'policy' },
  ];
  switch (policy?.kind) {
    case 'anything':
      return says('yes');
    case 'nothing':
      return says('no');
    case 'managed':
      return says(scopes.some(isExcludedByManagedPolicy) ? 'no' : 'yes');
    case 'low':
    case 'custom':
    case undefined:
      // Which permissions are classified as low, or what a custom policy holds, is the tenant's own matter.
      return [];
  }
}

function newestOf(evidence: readonly UserConsentVerdict[]): UserConsentVerdict | undefined {
  return evidence.toSorted((first, second) => age(second) - age(first))[0];
}

function fromRefusals(
  { refused }: UserConsentKnowledge,
  scopes: readonly string[],
  from: RefusedSet['source'],
): readonly UserConsentVerdict[] {
  return refused
    .filter((set) => set.source === from && set.scopes.every((scope) => scopes.includes(scope)))
    .map(({ at, source }) => ({ value: 'no', checkedAt: at, source }));
}

function fromGrants({ granted }: UserConsentKnowledge, scopes: readonly string[]): readonly UserConsentVerdict[] {
  const times = scopes.map((scope) => granted.find((grant) => grant.scope === scope)?.at);
  const all = times.flatMap((time) => time ?? []);
  return scopes.length === 0 || all.length < scopes.length
    ? []
    : [{ value: 'yes', checkedAt: all.toSorted()[0] ?? null, source: 'grant' }];
}

function age({ checkedAt }: UserConsentVerdict): number {
  return checkedAt === null ? 0 : Date.parse(checkedAt);
}

function sameSet(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((scope) => second.includes(scope));
}

function isExcludedByManagedPolicy(scope: string): boolean {
  return findPermission(scope)?.excludedByManagedPolicy === true;
}
