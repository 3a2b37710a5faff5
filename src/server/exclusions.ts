/** What a member leaves out: shown with names, and changed one thing at a time. */
import { changeRules, type RulesResult } from '../consent/changeRules.ts';
import type { ConsentPorts, Principal } from '../consent/ports.ts';
import type { RuleSettingsDocument, ExclusionDocument, Exclusions, ReviewDocument } from '../contract/api/relevance.ts';
import { readContainers } from '../db/containers.ts';
import { readMemberRulesOrNone } from '../db/memberRules.ts';
import { readReview } from '../db/reviews.ts';
import type { Exclusion } from '../domain/memberRules.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { AT_FIRST, folderExclusion, parseAddress, parseDomain } from '../domain/relevance.ts';
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import { parseContainer, type SharedMailbox } from '../domain/sharedMailboxes.ts';
import { findMemberMessage, type StoredItemsSources } from './findMemberMessage.ts';
import { presentRelevance } from './readRelevance.ts';

export async function listExclusions(
  { database, keyring, consents }: StoredItemsSources,
  { tenantId, memberId }: Principal,
): Promise<Exclusions> {
  const organization = (await consents.organization(tenantId))?.relevance ?? AT_FIRST;
  const { policy, subjects, mailboxes } = await readMemberRulesOrNone(database.kysely, keyring, tenantId, memberId);
  const folders = await namedFolders({ database, keyring }, tenantId, memberId);
  const rules = { organization, member: policy };
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  return {
    organization: presentRelevance(organization),
    own: {
      addresses: [...policy.excludedAddresses],
      domains: [...policy.excludedDomains],
      folders: policy.excludedFolderIds.map((id) => ({ id, name: shownName(id, byId.get(id)?.name, mailboxes) })),
      conversations: policy.excludedConversations.map((id) => ({ id, subject: subjects[id] ?? '' })),
      knownContactsOnly: policy.knownContactsOnly,
      lookBackDays: policy.lookBackDays,
      retentionDays: policy.retentionDays,
      leavesOutDrafts: policy.leavesOutDrafts,
      privateEvents: policy.privateEvents,
    },
    folders: folders
      .filter(({ id }) => folderExclusion(rules, id, byId) === null)
      .map(({ id, name, category }) => ({ id, name: shownName(id, name, mailboxes) ?? name, category })),
    review: await readReviewDocument({ database }, tenantId, memberId),
  };
}

/** Every mailbox has an inbox: what is in somebody else's is called by that mailbox, too. */
function shownName(id: string, name: string | undefined, mailboxes: readonly SharedMailbox[]): string | null {
  const { mailbox } = parseContainer(id);
  const address = mailboxes.find((each) => each.id === mailbox)?.address;
  return name === undefined || address === undefined ? (name ?? null) : `${address}: ${name}`;
}

/** How far the newest review has come: of a member's own rules, or with `null` of the organization's. */
export async function readReviewDocument(
  { database }: Pick<StoredItemsSources, 'database'>,
  tenantId: string,
  memberId: string | null,
): Promise<ReviewDocument | null> {
  const review = await readReview(database.kysely, tenantId, memberId);
  return review === null
    ? null
    : {
        startedAt: review.startedAt.toISOString(),
        endedAt: review.endedAt?.toISOString() ?? null,
        looked: review.looked,
        removed: review.removed,
      };
}

interface NamedFolder {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly category: Category;
}

async function namedFolders(
  { database, keyring }: Pick<StoredItemsSources, 'database' | 'keyring'>,
  tenantId: string,
  memberId: string,
): Promise<readonly NamedFolder[]> {
  const keys = await keyring.allForReading({ tenantId, memberId });
  const listed = await readContainers(database.kysely, { tenantId, mailboxId: memberId }, keys);
  return CATEGORIES.flatMap((category) =>
    (listed[category] ?? []).flatMap(({ id, name, parentId, wellKnown = null }) =>
      name === null ? [] : [{ id, name, parentId, wellKnown, category }],
    ),
  );
}

export async function exclude(
  ports: ConsentPorts,
  sources: StoredItemsSources,
  principal: Principal,
  exclusion: ExclusionDocument,
): Promise<RulesResult> {
  const what = await resolve(sources, principal, exclusion);
  return 'code' in what ? what : changeRules(ports, principal, { kind: 'exclude', what });
}

export function include(
  ports: ConsentPorts,
  principal: Principal,
  { kind, value }: ExclusionDocument,
): Promise<RulesResult> {
  const typed = { address: parseAddress(value), domain: parseDomain(value), folder: value, conversation: value }[kind];
  const what = { kind, value: typed ?? value, subject: '' };
  return changeRules(ports, principal, { kind: 'include', what });
}

export function changeRuleSettings(
  ports: ConsentPorts,
  principal: Principal,
  settings: RuleSettingsDocument,
): Promise<RulesResult> {
  const { knownContactsOnly, lookBackDays, retentionDays, leavesOutDrafts, privateEvents } = settings;
  return changeRules(ports, principal, {
    kind: 'settings',
    settings: {
      ...(knownContactsOnly === undefined ? {} : { knownContactsOnly }),
      ...(lookBackDays === undefined ? {} : { lookBackDays }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
      ...(leavesOutDrafts === undefined ? {} : { leavesOutDrafts }),
      ...(privateEvents === undefined ? {} : { privateEvents }),
    },
  });
}

async function resolve(
  sources: StoredItemsSources,
  principal: Principal,
  { kind, value }: ExclusionDocument,
): Promise<Exclusion | Refused> {
  switch (kind) {
    case 'address':
    case 'domain':
      return resolvePerson(sources, principal, kind, value);
    case 'folder': {
      const folders = await namedFolders(sources, principal.tenantId, principal.memberId);
      return folders.some(({ id }) => id === value) ? { kind, value } : refuse('not_found');
    }
    case 'conversation':
      return resolveConversation(sources, principal, value);
  }
}

/** Whoever leaves out themselves, or their own domain, leaves out everything. */
async function resolvePerson(
  { consents }: StoredItemsSources,
  { tenantId, memberId }: Principal,
  kind: 'address' | 'domain',
  typed: string,
): Promise<Exclusion | Refused> {
  const value = kind === 'address' ? parseAddress(typed) : parseDomain(typed);
  const own = (await consents.member(tenantId, memberId))?.account?.toLowerCase() ?? '';
  const isOwn = kind === 'address' ? value === own : own.endsWith(`@${value ?? ''}`);
  if (value === null) {
    return refuse('no_address');
  }
  return isOwn && own !== '' ? refuse('own_address') : { kind, value };
}

async function resolveConversation(
  sources: StoredItemsSources,
  principal: Principal,
  internetMessageId: string,
): Promise<Exclusion | Refused> {
  const message = await findMemberMessage(sources, principal, internetMessageId);
  switch (message.kind) {
    case 'found':
      return message.conversationId === undefined
        ? refuse('not_found')
        : { kind: 'conversation', value: message.conversationId, subject: message.subject };
    case 'notInMailbox':
      return refuse('not_found');
    case 'mailOff':
    case 'mailPaused':
      return refuse('mail_not_read');
    case 'notKnown':
      return refuse('microsoft_unavailable');
  }
}
