/** Items, as the operator's API shows them. */
import type {
  DeliveredItemDocument,
  DeliveredItemsDocument,
  NamedItemsDocument,
} from '../../contract/operator/items.ts';
import type { DeliveredItem } from '../../delivery/ports.ts';
import type { ItemsPage, NamedItems } from '../../delivery/readItems.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { ItemContent } from '../../domain/items.ts';
import type { ReadLevel } from '../../domain/levels.ts';

export function presentDeliveredItems({ items, next }: ItemsPage): DeliveredItemsDocument {
  return { items: items.map(presentDeliveredItem), next };
}

export function presentNamedItems({ items, missing }: NamedItems): NamedItemsDocument {
  return {
    items: items.map(presentDeliveredItem),
    missing: missing.map(({ memberId, category, itemId }) => ({ memberId, category, id: itemId })),
  };
}

export function presentDeliveredItem(item: DeliveredItem): DeliveredItemDocument {
  const { tenantId, memberId, connectionId, category, itemId, version, level, folderId, sharedMailboxId } = item;
  const { subject, people } = item.content;
  return {
    organizationId: tenantId,
    memberId,
    connectionId,
    category,
    id: itemId,
    version,
    level,
    folderId,
    ...(sharedMailboxId === null ? {} : { sharedMailboxId }),
    at: item.at?.toISOString() ?? null,
    modifiedAt: item.modifiedAt?.toISOString() ?? null,
    subject,
    people: [...people],
    ...PRESENTERS[category](item.content, level),
  };
}

type Part = Pick<DeliveredItemDocument, 'message' | 'event' | 'contact' | 'task' | 'file'>;

const PRESENTERS: Readonly<Record<Category, (content: ItemContent, level: ReadLevel) => Part>> = {
  mail: (content, level) => ({ message: messageOf(content, level) }),
  calendar: (content) => ({ event: eventOf(content) }),
  contacts: ({ contact }) => (contact === undefined ? {} : { contact: { ...contact, phones: [...contact.phones] } }),
  tasks: ({ task, body }) => (task === undefined ? {} : { task: { ...task, body } }),
  files: ({ file }) => (file === undefined ? {} : { file }),
};

function messageOf(content: ItemContent, level: ReadLevel): DeliveredItemDocument['message'] {
  const { internetMessageId, conversationId, isRead, receivedAt, sentAt, webLink, body } = content;
  const { isDraft = false, importance = 'normal', labels = [], replyTo = [], attachments = [] } = content;
  return {
    internetMessageId,
    conversationId,
    isDraft,
    isRead,
    importance,
    categories: [...labels],
    receivedAt,
    sentAt,
    replyTo: [...replyTo],
    webLink,
    body,
    attachments: level === 'full' ? [...attachments] : undefined,
  };
}

function eventOf(content: ItemContent): DeliveredItemDocument['event'] {
  const { start, end, startTimeZone, endTimeZone, location, iCalUId, seriesMasterId } = content;
  const { showAs, response, joinUrl, webLink, body } = content;
  const { isAllDay = false, isCancelled = false, isDraft = false, isBusyTime = false } = content;
  const { eventType = 'singleInstance', sensitivity = 'normal', importance = 'normal', labels = [] } = content;
  return start === undefined
    ? undefined
    : {
        start,
        end,
        isAllDay,
        startTimeZone,
        endTimeZone,
        location,
        iCalUId,
        type: eventType,
        seriesMasterId,
        isCancelled,
        isDraft,
        showAs,
        sensitivity,
        isBusyTime,
        response,
        joinUrl,
        importance,
        categories: [...labels],
        webLink,
        body,
      };
}
