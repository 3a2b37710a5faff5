/** What a member excludes: listed with names, and changed one thing at a time. */
import type { Exclusion, MemberRules } from '../domain/memberRules.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import {
  AT_FIRST,
  folderExclusion,
  isInDomain,
  parseAddress,
  parseDomain,
  type RelevancePolicy,
} from '../domain/relevance.ts';
import type { RuleSettings } from '../domain/ruleSettings.ts';
import { findMessage } from './findMessage.ts';
import { ownAddress } from './ownAddress.ts';
import type { ContentPorts, NamedContainer, ReviewProgress } from './ports.ts';
import { type MemberName } from '../domain/records.ts';

export interface Exclusions {
  readonly organization: RelevancePolicy;
  readonly own: MemberRules;
  /** Every folder that has a name, those that are excluded too. */
  readonly folders: readonly NamedContainer[];
  /** The folders that no rule excludes. */
  readonly includedFolders: readonly NamedContainer[];
  readonly review: ReviewProgress | null;
}

/** A conversation is named by the internet message id of one of its messages. */
export interface NamedExclusion {
  readonly kind: Exclusion['kind'];
  readonly value: string;
}

type Changed = ReturnType<ContentPorts['changeRules']>;

export async function listExclusions({ records, store }: ContentPorts, member: MemberName): Promise<Exclusions> {
  const { tenantId, memberId } = member;
  const organization = (await records.organization(tenantId))?.relevance ?? AT_FIRST;
  const own = await store.rules(member);
  const folders = await store.namedContainers(member);
  const rules = { organization, member: own.policy };
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  return {
    organization,
    own,
    folders,
    includedFolders: folders.filter(({ id }) => folderExclusion(rules, id, byId) === null),
    review: await store.review(tenantId, memberId),
  };
}

export async function exclude(ports: ContentPorts, member: MemberName, named: NamedExclusion): Changed {
  const what = await resolve(ports, member, named);
  return 'code' in what ? what : ports.changeRules(member, { kind: 'exclude', what });
}

/** What is listed is named as it is listed. */
export function include(ports: ContentPorts, member: MemberName, { kind, value }: NamedExclusion): Changed {
  const typed = { address: parseAddress(value), domain: parseDomain(value), folder: value, conversation: value }[kind];
  return ports.changeRules(member, { kind: 'include', what: { kind, value: typed ?? value, subject: '' } });
}

export function changeRuleSettings(ports: ContentPorts, member: MemberName, settings: Partial<RuleSettings>): Changed {
  return ports.changeRules(member, { kind: 'settings', settings });
}

async function resolve(
  ports: ContentPorts,
  member: MemberName,
  { kind, value }: NamedExclusion,
): Promise<Exclusion | Refused> {
  switch (kind) {
    case 'address':
    case 'domain':
      return resolvePerson(ports, member, kind, value);
    case 'folder': {
      const folders = await ports.store.namedContainers(member);
      return folders.some(({ id }) => id === value) ? { kind, value } : refuse('not_found');
    }
    case 'conversation':
      return resolveConversation(ports, member, value);
  }
}

/** Members who exclude themselves, or their own domain, exclude everything. */
async function resolvePerson(
  { records }: ContentPorts,
  member: MemberName,
  kind: 'address' | 'domain',
  typed: string,
): Promise<Exclusion | Refused> {
  const value = kind === 'address' ? parseAddress(typed) : parseDomain(typed);
  const own = await ownAddress(records, member);
  if (value === null) {
    return refuse('no_address');
  }
  const isOwn = kind === 'address' ? value === own : isInDomain(own, value);
  return isOwn && own !== '' ? refuse('own_address') : { kind, value };
}

async function resolveConversation(
  ports: ContentPorts,
  member: MemberName,
  internetMessageId: string,
): Promise<Exclusion | Refused> {
  const message = await findMessage(ports, member, internetMessageId);
  switch (message.kind) {
    case 'found':
      return message.content.conversationId === undefined
        ? refuse('not_found')
        : { kind: 'conversation', value: message.content.conversationId, subject: message.content.subject };
    case 'notInMailbox':
      return refuse('not_found');
    case 'mailOff':
    case 'mailPaused':
      return refuse('mail_not_read');
    case 'notKnown':
      return refuse('microsoft_unavailable');
  }
}
