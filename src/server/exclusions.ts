/** What a member leaves out: shown with names, and changed one thing at a time. */
import { changeRules, type RulesResult } from '../consent/changeRules.ts';
import type { ConsentPorts, Principal } from '../consent/ports.ts';
import type { DialsDocument, ExclusionDocument, Exclusions, ReviewDocument } from '../contract/api/relevance.ts';
import { readContainers } from '../db/containers.ts';
import { readMemberRules } from '../db/memberRules.ts';
import { readReview } from '../db/reviews.ts';
import type { DataKey } from '../db/sealing.ts';
import { refuse } from '../domain/problems.ts';
import { EVERYTHING, folderExclusion, parseAddress, parseDomain } from '../domain/relevance.ts';
import { CATEGORIES, type Category } from '../domain/selection.ts';
import { findOwnMessage, type StoredItemsSources } from './findOwnMessage.ts';
import { presentRelevance } from './readRelevance.ts';

export async function listExclusions(
  { database, keyring, consents }: StoredItemsSources,
  { tenantId, memberId }: Principal,
): Promise<Exclusions> {
  const organization = (await consents.organization(tenantId))?.relevance ?? EVERYTHING;
  const { policy, subjects } = await readMemberRules(database.kysely, keyring, tenantId, memberId);
  const folders = await namedFolders({ database, keyring }, tenantId, memberId);
  const names = new Map(folders.map(({ id, name }) => [id, name]));
  const rules = { organization, member: policy };
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  return {
    organization: presentRelevance(organization),
    own: {
      addresses: [...policy.excludedAddresses],
      domains: [...policy.excludedDomains],
      folders: policy.excludedFolderIds.map((id) => ({ id, name: names.get(id) ?? null })),
      conversations: policy.excludedConversations.map((id) => ({ id, subject: subjects[id] ?? '' })),
      knownContactsOnly: policy.knownContactsOnly,
      lookBackDays: policy.lookBackDays,
      retentionDays: policy.retentionDays,
    },
    folders: folders
      .filter(({ id }) => folderExclusion(rules, id, byId) === null)
      .map(({ id, name, category }) => ({ id, name, category })),
    review: await readReviewDocument({ database }, tenantId, memberId),
  };
}

/** Of an organization's rules with `null`. */
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
  const keys: Partial<Record<Category, DataKey>> = {};
  for (const purpose of CATEGORIES) {
    const key = await keyring.forReading({ tenantId, memberId, purpose });
    if (key !== null) {
      keys[purpose] = key;
    }
  }
  const listed = await readContainers(database.kysely, { tenantId, mailboxId: memberId }, keys);
  return CATEGORIES.flatMap((category) =>
    (listed[category] ?? []).flatMap(({ id, name, parentId }) =>
      name === null ? [] : [{ id, name, parentId, category }],
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
  return what === null ? refuse('not_found') : changeRules(ports, principal, { kind: 'exclude', what });
}

export function include(
  ports: ConsentPorts,
  principal: Principal,
  { kind, value }: ExclusionDocument,
): Promise<RulesResult> {
  const what = kind === 'conversation' ? { kind, value, subject: '' } : { kind, value };
  return changeRules(ports, principal, { kind: 'include', what });
}

export function setDials(ports: ConsentPorts, principal: Principal, dials: DialsDocument): Promise<RulesResult> {
  const { knownContactsOnly, lookBackDays, retentionDays } = dials;
  return changeRules(ports, principal, {
    kind: 'dials',
    dials: {
      ...(knownContactsOnly === undefined ? {} : { knownContactsOnly }),
      ...(lookBackDays === undefined ? {} : { lookBackDays }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
    },
  });
}

/** `null` for what is no address, no domain, or no message of the member's. */
async function resolve(sources: StoredItemsSources, principal: Principal, { kind, value }: ExclusionDocument) {
  switch (kind) {
    case 'address':
    case 'domain': {
      const parsed = kind === 'address' ? parseAddress(value) : parseDomain(value);
      return parsed === null ? null : { kind, value: parsed };
    }
    case 'folder':
      return { kind, value };
    case 'conversation': {
      const message = await findOwnMessage(sources, principal, value);
      return message.kind === 'found' && message.conversationId !== undefined
        ? { kind, value: message.conversationId, subject: message.subject }
        : null;
    }
  }
}
