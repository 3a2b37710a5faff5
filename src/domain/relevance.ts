/**
 * Relevance: which mail and events are worth storing at all. What a rule excludes is never stored.
 *
 * Shapes  Domains are lower case, without `@`; a rule covers the domain and its subdomains. Addresses are lower
 *         case. Participants are addresses as Graph gives them, whatever is written around them: sender, from, to, cc,
 *         bcc, attendees.
 *         Folders are what any category has as containers: an organization names them, a member picks them. The name of
 *         a folder that every mailbox has means that folder in every language.
 * Errors  None: an address without a domain counts as outside every listed domain; a name of the organization's own
 *         directory counts as inside where anyone else is.
 */
import { addressIn, isDirectoryName } from './addresses.ts';
import { CATEGORIES, type Category, definitionOf } from './categories/categories.ts';
import { admitsMore, NO_SETTINGS, type RuleSettings, SETTINGS_AT_FIRST } from './ruleSettings.ts';
import { wordsOf } from './vocabulary.ts';
import { means, type WellKnownFolder } from './wellKnownFolders.ts';

export interface RelevancePolicy extends RuleSettings {
  /** Dropped when every participant is inside one of these. */
  readonly ignoredDomains: readonly string[];
  /** Dropped when anyone of these takes part. */
  readonly excludedAddresses: readonly string[];
  /** Dropped when anyone inside one of these takes part. */
  readonly excludedDomains: readonly string[];
  /** Folders of this name, in any case, and everything below them. */
  readonly excludedFolderNames: readonly string[];
  /** The same by Graph's ids. */
  readonly excludedFolderIds: readonly string[];
  /** By Graph's conversation ids. */
  readonly excludedConversations: readonly string[];
}

export const NO_FILTERS: RelevancePolicy = {
  ignoredDomains: [],
  excludedAddresses: [],
  excludedDomains: [],
  excludedFolderNames: [],
  excludedFolderIds: [],
  excludedConversations: [],
  ...NO_SETTINGS,
};

/** What holds in an organization until someone decides otherwise. */
export const AT_FIRST: RelevancePolicy = { ...NO_FILTERS, ...SETTINGS_AT_FIRST };

/** The organization's policy comes first, then the member's narrower wish. */
export interface Rules {
  readonly organization: RelevancePolicy;
  readonly member: RelevancePolicy;
}

/** The categories that every rule applies to; of the others only the folders count. */
export const FILTERED_CATEGORIES: readonly Category[] = CATEGORIES.filter(
  (category) => definitionOf(category).isFiltered,
);

/** The categories whose items are in folders, so that a change of rules can exclude them. */
export const REVIEWED_CATEGORIES: readonly Category[] = CATEGORIES.filter(
  (category) => definitionOf(category).containers !== 'none',
);

export type Relevance =
  | { readonly relevant: true }
  | { readonly relevant: false; readonly rule: Rule; readonly by: 'organization' | 'member' };

/** What the rules look at. */
export interface Evaluated {
  readonly participants: readonly string[];
  /** When a message was received, or an event starts; `null` where no one knows. */
  readonly at: Date | null;
  readonly conversationId: string | undefined;
  /** A message that is not sent yet. */
  readonly isDraft: boolean;
  /** An event that its owner marked private or confidential. */
  readonly isPrivate: boolean;
  /** An event of which nothing is kept but when it is; whoever takes part is not known any more then. */
  readonly isBusyTime: boolean;
}

/** What is known of an item even where nothing else of it can be read. */
export type ItemFlags = Pick<Evaluated, 'isDraft' | 'isPrivate'>;

export interface EvaluationContext {
  readonly now: Date;
  /** When the member's connection was made. */
  readonly connectedAt: Date;
  /** Whether an address is one of the member's contacts, or of those that the operator knows. */
  isKnown(address: string): boolean;
}

type RulePredicate = (policy: RelevancePolicy, item: Evaluated, context: EvaluationContext) => boolean;

/** One row a rule: whether it leaves an item out. They are asked in this order. */
const PREDICATES = {
  ignoredDomains: ({ ignoredDomains }, { participants }) =>
    participants.some((address) => isInAny(address, ignoredDomains)) &&
    // Who is named by the organization's own directory is inside, as those beside them are.
    participants.every((address) => isDirectoryName(address) || isInAny(address, ignoredDomains)),
  excludedAddresses: ({ excludedAddresses }, { participants }) =>
    participants.some((address) => excludedAddresses.includes(addressIn(address))),
  excludedDomains: ({ excludedDomains }, { participants }) =>
    participants.some((address) => isInAny(address, excludedDomains)),
  excludedConversations: ({ excludedConversations }, { conversationId }) =>
    conversationId !== undefined && excludedConversations.includes(conversationId),
  // Where an item is, `folderExclusion` says: the same item is in other folders tomorrow.
  excludedFolders: () => false,
  knownContacts: ({ knownContactsOnly }, { participants, isBusyTime }, { isKnown }) =>
    knownContactsOnly && !participants.some(isKnown) && !(isBusyTime && participants.length === 0),
  lookBack: ({ lookBackDays }, { at }, { connectedAt }) => isOlder(at, lookBackDays, connectedAt),
  retention: ({ retentionDays }, { at }, { now }) => isOlder(at, retentionDays, now),
  drafts: ({ leavesOutDrafts }, { isDraft }) => leavesOutDrafts && isDraft,
  privateEvents: ({ privateEvents }, { isPrivate, isBusyTime }) =>
    isPrivate && (privateEvents === 'leftOut' || (privateEvents === 'busyTimes' && !isBusyTime)),
} as const satisfies Readonly<Record<string, RulePredicate>>;

export type Rule = keyof typeof PREDICATES;
export const RULES: readonly Rule[] = wordsOf(PREDICATES);

const DAY_MILLISECONDS = 86_400_000;

/** Evaluates an item of a folder that is not excluded. */
export function evaluate(rules: Rules, item: Evaluated, context: EvaluationContext): Relevance {
  for (const by of ['organization', 'member'] as const) {
    const rule = RULES.find((each) => PREDICATES[each](rules[by], item, context));
    if (rule !== undefined) {
      return { relevant: false, rule, by };
    }
  }
  return { relevant: true };
}

/** Whether something is more than so many days older than a time; not where there is no limit, or no age. */
function isOlder(at: Date | null, days: number | null, than: Date): boolean {
  return at !== null && days !== null && at.getTime() < than.getTime() - days * DAY_MILLISECONDS;
}

export interface Folder {
  readonly id: string;
  readonly name: string | null;
  readonly parentId: string | null;
  /** Which of the folders that every mailbox has it is, where it is one. */
  readonly wellKnown?: WellKnownFolder | null;
}

/** Who excludes a folder: by itself, or by one above it. */
export function folderExclusion(
  rules: Rules,
  id: string,
  folders: ReadonlyMap<string, Folder>,
): 'organization' | 'member' | null {
  const lineage = ancestorsOf(id, folders);
  const isNamed = ({ excludedFolderNames }: RelevancePolicy) =>
    lineage.some(
      ({ name, wellKnown = null }) =>
        (name !== null && excludedFolderNames.includes(folderName(name))) ||
        (wellKnown !== null && excludedFolderNames.some((named) => means(named, wellKnown))),
    );
  const isPicked = ({ excludedFolderIds }: RelevancePolicy) =>
    lineage.some((each) => excludedFolderIds.includes(each.id));
  return (['organization', 'member'] as const).find((by) => isNamed(rules[by]) || isPicked(rules[by])) ?? null;
}

/** The folder and those above it; what is not known ends it, and so does a circle. */
function ancestorsOf(id: string, folders: ReadonlyMap<string, Folder>): readonly Folder[] {
  const lineage: Folder[] = [];
  let current = folders.get(id);
  while (current !== undefined && !lineage.includes(current)) {
    lineage.push(current);
    current = current.parentId === null ? undefined : folders.get(current.parentId);
  }
  return lineage;
}

/** Whether rules look at folders at all. */
export function hasFolderRules({ organization, member }: Rules): boolean {
  return [organization, member].some(
    (policy) => policy.excludedFolderNames.length > 0 || policy.excludedFolderIds.length > 0,
  );
}

/** Whether something that cannot be read may be what a rule excludes; of its flags an answer speaks even then. */
export function mayExclude(rules: Rules, { isDraft, isPrivate }: ItemFlags): boolean {
  return [rules.organization, rules.member].some(
    ({ leavesOutDrafts, privateEvents, ...others }) =>
      (leavesOutDrafts && isDraft) ||
      (privateEvents !== 'whole' && isPrivate) ||
      !samePolicy({ ...NO_FILTERS, ...others }, NO_FILTERS),
  );
}

/** Whether of private events only their times are kept; where they are left out, none comes that far. */
export function keepsBusyTimes({ organization, member }: Rules): boolean {
  return [organization, member].some(({ privateEvents }) => privateEvents !== 'whole');
}

/** A folder's name as rules compare it. */
export function folderName(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/** Whether rules ask who is known. */
export function needsContacts({ organization, member }: Rules): boolean {
  return organization.knownContactsOnly || member.knownContactsOnly;
}

/**
 * Whether something may be relevant after a change that was not before, or in another form; folders come and go by
 * themselves.
 */
export function isLessRestrictive(after: RelevancePolicy, before: RelevancePolicy): boolean {
  const lists = [
    'ignoredDomains',
    'excludedAddresses',
    'excludedDomains',
    'excludedConversations',
  ] as const satisfies readonly (keyof RelevancePolicy)[];
  return lists.some((list) => before[list].some((entry) => !after[list].includes(entry))) || admitsMore(after, before);
}

/** Whether two policies say the same. */
export function samePolicy(first: RelevancePolicy, second: RelevancePolicy): boolean {
  const textOf = (policy: RelevancePolicy) => JSON.stringify({ ...NO_FILTERS, ...policy });
  return textOf(first) === textOf(second);
}

/** A policy without anyone's name in it. */
export function countsOf(policy: RelevancePolicy): Readonly<Record<string, string | number | boolean | null>> {
  return Object.fromEntries(
    Object.entries(policy).map(([name, value]: [string, RelevancePolicy[keyof RelevancePolicy]]) => [
      name,
      typeof value === 'object' && value !== null ? value.length : value,
    ]),
  );
}

/** Puts a domain that a person typed into the form that rules use, or `null` where it is no domain. */
export function parseDomain(typed: string): string | null {
  const domain = typed.trim().toLowerCase().replace(/^@/, '').replace(/\.$/, '');
  return DOMAIN.test(domain) && domain.length <= 253 ? domain : null;
}

/** Puts an address that a person typed into the form that rules use, or `null` where it is no address. */
export function parseAddress(typed: string): string | null {
  const address = typed.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const isWhole = at > 0 && at < address.length - 1 && address.indexOf('@') === at;
  const isPlain = address.isWellFormed() && !/[\p{Cc}\s<>,;"]/u.test(address);
  return isWhole && isPlain && address.length <= MAX_ADDRESS_LENGTH ? address : null;
}

const MAX_ADDRESS_LENGTH = 320;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{1,62}$/u;

function isInAny(address: string, domains: readonly string[]): boolean {
  return domains.some((domain) => isInDomain(address, domain));
}

/** Whether an address is in a domain, or in one below it. */
export function isInDomain(address: string, domain: string): boolean {
  const plain = addressIn(address);
  const at = plain.lastIndexOf('@');
  const host = at < 0 ? '' : plain.slice(at + 1).trim();
  const [name, rule] = [asciiOf(host), asciiOf(domain)];
  return name === rule || name.endsWith(`.${rule}`);
}

/** A domain in the form that mail servers write it in: `bücher.example` is `xn--bcher-kva.example` (RFC 5890). */
function asciiOf(domain: string): string {
  return /^[ -~]*$/.test(domain) ? domain : (URL.parse(`https://${domain}`)?.hostname ?? domain);
}
