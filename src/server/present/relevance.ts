/** Rules of relevance as the API shows them: the organization's, a member's own, and how far a review of them has come. */
import type { Exclusions } from '../../content/exclusions.ts';
import type { ReviewProgress } from '../../content/ports.ts';
import type {
  Exclusions as ExclusionsDocument,
  RelevanceDocument,
  ReviewDocument,
} from '../../contract/api/relevance.ts';
import type { RelevancePolicy } from '../../domain/relevance.ts';
import { settingsOf } from '../../domain/ruleSettings.ts';
import { parseContainer, type SharedMailbox } from '../../domain/sharedMailboxes.ts';

export function presentRelevance(policy: RelevancePolicy): RelevanceDocument {
  return {
    ignoredDomains: [...policy.ignoredDomains],
    excludedAddresses: [...policy.excludedAddresses],
    excludedDomains: [...policy.excludedDomains],
    excludedFolders: [...policy.excludedFolderNames],
    ...settingsOf(policy),
  };
}

export function presentExclusions(listed: Exclusions): ExclusionsDocument {
  const { organization, own, folders, includedFolders, review } = listed;
  const { policy, subjects, mailboxes } = own;
  const names = new Map(folders.map(({ id, name }) => [id, name]));
  return {
    organization: presentRelevance(organization),
    own: {
      addresses: [...policy.excludedAddresses],
      domains: [...policy.excludedDomains],
      folders: policy.excludedFolderIds.map((id) => ({ id, name: shownName(id, names.get(id), mailboxes) })),
      conversations: policy.excludedConversations.map((id) => ({ id, subject: subjects[id] ?? '' })),
      ...settingsOf(policy),
    },
    folders: includedFolders.map(({ id, name, category }) => ({
      id,
      name: shownName(id, name, mailboxes) ?? name,
      category,
    })),
    review: presentReview(review),
  };
}

/** Every mailbox has an inbox: a folder of a shared mailbox is named with that mailbox. */
function shownName(id: string, name: string | undefined, mailboxes: readonly SharedMailbox[]): string | null {
  const { mailbox } = parseContainer(id);
  const address = mailboxes.find((each) => each.id === mailbox)?.address;
  return name === undefined || address === undefined ? (name ?? null) : `${address}: ${name}`;
}

export function presentReview(review: ReviewProgress | null): ReviewDocument | null {
  return review === null
    ? null
    : {
        startedAt: review.startedAt.toISOString(),
        endedAt: review.endedAt?.toISOString() ?? null,
        looked: review.looked,
        removed: review.removed,
      };
}
