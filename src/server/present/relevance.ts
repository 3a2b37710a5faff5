/** Rules of relevance as the API shows them: the organization's, a member's own, and how far a review of them has come. */
import type { Exclusions } from '../../content/exclusions.ts';
import type { NamedContainer, ReviewProgress } from '../../content/ports.ts';
import type {
  Exclusions as ExclusionsDocument,
  RelevanceDocument,
  ReviewDocument,
} from '../../contract/api/relevance.ts';
import type { RelevancePolicy } from '../../domain/relevance.ts';
import { settingsOf } from '../../domain/ruleSettings.ts';
import type { SharedMailbox } from '../../domain/sharedMailboxes.ts';

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
  const names = new Map(folders.map((folder) => [folder.id, shownName(folder, mailboxes)]));
  return {
    organization: presentRelevance(organization),
    own: {
      addresses: [...policy.excludedAddresses],
      domains: [...policy.excludedDomains],
      folders: policy.excludedFolderIds.map((id) => ({ id, name: names.get(id) ?? null })),
      conversations: policy.excludedConversations.map((id) => ({ id, subject: subjects[id] ?? '' })),
      ...settingsOf(policy),
    },
    folders: includedFolders.map((folder) => ({
      id: folder.id,
      name: shownName(folder, mailboxes),
      category: folder.category,
    })),
    review: presentReview(review),
  };
}

/** Every mailbox has an inbox: a folder of a shared mailbox is named with that mailbox. */
function shownName({ name, sharedMailbox }: NamedContainer, mailboxes: readonly SharedMailbox[]): string {
  const address = mailboxes.find(({ id }) => id === sharedMailbox)?.address;
  return address === undefined ? name : `${address}: ${name}`;
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
