/**
 * A member's own rules: the narrower wish beside the organization's policy, and which shared mailboxes they name.
 *
 * Shapes  `subjects` names conversations for the member who excluded them; no one else reads it.
 */
import { NO_FILTERS, type RelevancePolicy } from './relevance.ts';
import type { RuleSettings } from './ruleSettings.ts';
import type { SharedMailbox } from './sharedMailboxes.ts';

export interface MemberRules {
  readonly policy: RelevancePolicy;
  readonly subjects: Readonly<Record<string, string>>;
  readonly mailboxes: readonly SharedMailbox[];
}

export const NO_RULES: MemberRules = { policy: NO_FILTERS, subjects: {}, mailboxes: [] };

/** One thing that is left out. */
export type Exclusion =
  | { readonly kind: 'address' | 'domain' | 'folder'; readonly value: string }
  | { readonly kind: 'conversation'; readonly value: string; readonly subject: string };

export type RulesChange =
  | { readonly kind: 'exclude' | 'include'; readonly what: Exclusion }
  | { readonly kind: 'settings'; readonly settings: Partial<RuleSettings> }
  | { readonly kind: 'share'; readonly mailbox: SharedMailbox }
  | { readonly kind: 'unshare'; readonly mailboxId: string };

const MAX_RULES_PER_KIND = 200;
const MAX_SHARED_MAILBOXES = 20;
const LISTS = {
  address: 'excludedAddresses',
  domain: 'excludedDomains',
  folder: 'excludedFolderIds',
  conversation: 'excludedConversations',
} as const satisfies Readonly<Record<Exclusion['kind'], keyof RelevancePolicy>>;

/** The rules after a change; `tooMany` where a list would grow beyond what is evaluated, or read, quickly. */
export function applyChange(rules: MemberRules, change: RulesChange): MemberRules | 'tooMany' {
  switch (change.kind) {
    case 'settings':
      return { ...rules, policy: { ...rules.policy, ...change.settings } };
    case 'share':
      return withMailbox(rules, change.mailbox);
    case 'unshare':
      return { ...rules, mailboxes: rules.mailboxes.filter(({ id }) => id !== change.mailboxId) };
    case 'exclude':
    case 'include':
      return withExclusion(rules, change);
  }
}

/** One that is named already keeps its id, and with it what was read; what it is closed for may have changed. */
function withMailbox(rules: MemberRules, mailbox: SharedMailbox): MemberRules | 'tooMany' {
  const { mailboxes } = rules;
  const known = mailboxes.find(({ address }) => address === mailbox.address);
  if (known !== undefined) {
    const renewed = { ...mailbox, id: known.id };
    return { ...rules, mailboxes: mailboxes.map((each) => (each === known ? renewed : each)) };
  }
  return mailboxes.length === MAX_SHARED_MAILBOXES ? 'tooMany' : { ...rules, mailboxes: [...mailboxes, mailbox] };
}

function withExclusion(
  { policy, subjects, mailboxes }: MemberRules,
  change: Extract<RulesChange, { readonly kind: 'exclude' | 'include' }>,
): MemberRules | 'tooMany' {
  const { what } = change;
  const list = LISTS[what.kind];
  if (change.kind === 'exclude' && policy[list].includes(what.value)) {
    return { policy, subjects, mailboxes };
  }
  const others = policy[list].filter((entry) => entry !== what.value);
  const next = change.kind === 'exclude' ? [...others, what.value] : others;
  if (next.length > MAX_RULES_PER_KIND) {
    return 'tooMany';
  }
  const kept = Object.entries(subjects).filter(([id]) => id !== what.value);
  const named = what.kind === 'conversation' && change.kind === 'exclude' ? [[what.value, what.subject] as const] : [];
  return { policy: { ...policy, [list]: next }, subjects: Object.fromEntries([...kept, ...named]), mailboxes };
}
