/**
 * A member's own rules: the narrower wish beside the organization's policy.
 *
 * Shapes  `subjects` names conversations for the member who excluded them; nobody else reads it.
 */
import { EVERYTHING, type RelevancePolicy } from './relevance.ts';

export interface MemberRules {
  readonly policy: RelevancePolicy;
  readonly subjects: Readonly<Record<string, string>>;
}

export const NO_RULES: MemberRules = { policy: EVERYTHING, subjects: {} };

/** One thing that is left out. */
export type Exclusion =
  | { readonly kind: 'address' | 'domain' | 'folder'; readonly value: string }
  | { readonly kind: 'conversation'; readonly value: string; readonly subject: string };

export type RulesChange =
  | { readonly kind: 'exclude' | 'include'; readonly what: Exclusion }
  | { readonly kind: 'dials'; readonly dials: Partial<Dials> };

export type Dials = Pick<RelevancePolicy, 'knownContactsOnly' | 'lookBackDays' | 'retentionDays'>;

const MOST = 200;
const LISTS = {
  address: 'excludedAddresses',
  domain: 'excludedDomains',
  folder: 'excludedFolderIds',
  conversation: 'excludedConversations',
} as const satisfies Readonly<Record<Exclusion['kind'], keyof RelevancePolicy>>;

/** The rules after a change; `tooMany` where a list would grow beyond what is judged quickly. */
export function withChange({ policy, subjects }: MemberRules, change: RulesChange): MemberRules | 'tooMany' {
  if (change.kind === 'dials') {
    return { policy: { ...policy, ...change.dials }, subjects };
  }
  const { what } = change;
  const list = LISTS[what.kind];
  const others = policy[list].filter((entry) => entry !== what.value);
  const next = change.kind === 'exclude' ? [...others, what.value] : others;
  if (next.length > MOST) {
    return 'tooMany';
  }
  const kept = Object.entries(subjects).filter(([id]) => id !== what.value);
  const named = what.kind === 'conversation' && change.kind === 'exclude' ? [[what.value, what.subject] as const] : [];
  return { policy: { ...policy, [list]: next }, subjects: Object.fromEntries([...kept, ...named]) };
}
