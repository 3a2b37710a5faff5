/**
 * Items on the wire of the operator's product: what was synced, under the names that the store has for it.
 *
 * Source  Each member says which property of Graph's it is; times are RFC 3339 in UTC.
 */
import { z } from 'zod';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { EVENT_TYPES, IMPORTANCES, RESPONSES, ROLES, SENSITIVITIES, SHOWN_AS } from '../../domain/items.ts';
import { ItemIdSchema } from './paths.ts';

const Body = z.object({ contentType: z.string(), content: z.string() });

const Attachment = z.object({
  name: z.string(),
  contentType: z.string().nullable(),
  size: z.int().meta({ description: 'Bytes.' }),
  isInline: z.boolean(),
});

const Message = z.object({
  internetMessageId: z.string().optional(),
  conversationId: z.string().optional(),
  isDraft: z.boolean(),
  isRead: z.boolean().optional(),
  importance: z.enum(IMPORTANCES),
  categories: z.array(z.string()),
  receivedAt: z.iso.datetime().optional().meta({ description: 'receivedDateTime' }),
  sentAt: z.iso.datetime().optional().meta({ description: 'sentDateTime' }),
  replyTo: z.array(z.object({ name: z.string().optional(), address: z.string() })),
  webLink: z.string().optional(),
  body: Body.optional().meta({ description: 'body; where mail is read in full.' }),
  attachments: z.array(Attachment).optional().meta({ description: 'Where mail is read in full; never the bytes.' }),
});

const Event = z.object({
  start: z.iso.datetime(),
  end: z.iso.datetime().optional(),
  isAllDay: z.boolean().meta({ description: 'Then the dates in UTC are the days.' }),
  startTimeZone: z.string().optional().meta({ description: 'originalStartTimeZone' }),
  endTimeZone: z.string().optional().meta({ description: 'originalEndTimeZone' }),
  location: z.string().optional().meta({ description: 'location.displayName' }),
  iCalUId: z.string().optional().meta({ description: 'Of an occurrence: none, its series and its start name it.' }),
  type: z.enum(EVENT_TYPES),
  seriesMasterId: z.string().optional(),
  isCancelled: z.boolean(),
  isDraft: z.boolean(),
  showAs: z.enum(SHOWN_AS).optional(),
  sensitivity: z.enum(SENSITIVITIES),
  isBusyTime: z.boolean().meta({ description: 'A private event, of which nothing is kept but when it is.' }),
  response: z.enum(RESPONSES).optional().meta({ description: 'responseStatus.response: the member’s own answer.' }),
  joinUrl: z.string().optional().meta({ description: 'onlineMeeting.joinUrl' }),
  importance: z.enum(IMPORTANCES),
  categories: z.array(z.string()),
  webLink: z.string().optional(),
  body: Body.optional().meta({ description: 'body; where calendars are read in full.' }),
});

const Contact = z.object({
  givenName: z.string().optional(),
  surname: z.string().optional(),
  companyName: z.string().optional(),
  jobTitle: z.string().optional(),
  phones: z.array(z.string()).meta({ description: 'businessPhones, mobilePhone and homePhones, in this order.' }),
});

const Task = z.object({
  status: z.string(),
  importance: z.string(),
  dueOn: z.string().optional().meta({ description: 'dueDateTime: a day without a zone.' }),
  completedOn: z.string().optional().meta({ description: 'completedDateTime: a day without a zone.' }),
  body: Body.optional(),
});

const File = z.object({
  isFolder: z.boolean(),
  size: z.int().meta({ description: 'Bytes; of a folder, of everything in it.' }),
  mimeType: z.string().optional(),
  parentId: z.string().optional(),
  webUrl: z.string().optional(),
  createdAt: z.iso.datetime().optional().meta({ description: 'createdDateTime' }),
  eTag: z.string().optional(),
  cTag: z.string().optional(),
  hashes: z
    .object({ quickXorHash: z.string().optional(), sha1Hash: z.string().optional(), sha256Hash: z.string().optional() })
    .optional(),
});

export const DeliveredItemSchema = z
  .object({
    organizationId: z.string(),
    memberId: z.string(),
    connectionId: z.string(),
    category: z.enum(CATEGORIES),
    id: z.string().meta({ description: 'Graph’s immutable id; letters are told apart by case.' }),
    version: z.string().meta({ description: 'The same as long as nothing of the item changes; also its ETag.' }),
    level: z.enum(['limited', 'full']),
    folderId: z.string(),
    sharedMailboxId: z.string().optional().meta({ description: 'Of an item in a mailbox that others share.' }),
    at: z.iso.datetime().nullable().meta({ description: 'When it was received, begins, or was changed.' }),
    modifiedAt: z.iso.datetime().nullable().meta({ description: 'lastModifiedDateTime' }),
    subject: z.string().meta({ description: 'subject, displayName, title or name' }),
    people: z.array(z.object({ role: z.enum(ROLES), name: z.string().optional(), address: z.string() })),
    message: Message.optional(),
    event: Event.optional(),
    contact: Contact.optional(),
    task: Task.optional(),
    file: File.optional(),
  })
  .meta({ id: 'Item' });
export type DeliveredItemDocument = z.infer<typeof DeliveredItemSchema>;

export const DeliveredItemsSchema = z.object({
  items: z.array(DeliveredItemSchema),
  next: z.string().nullable().meta({ description: 'null at the end.' }),
});
export type DeliveredItemsDocument = z.infer<typeof DeliveredItemsSchema>;

export const MAX_ITEMS = 1_000;
export const MAX_LINES = 50_000;
const MAX_NAMED = 200;

export const ItemsQuerySchema = z.strictObject({
  category: z.enum(CATEGORIES).optional(),
  folderId: z.string().max(1_000).optional(),
  participant: z.string().max(320).toLowerCase().optional().meta({ description: 'An address that is on it.' }),
  conversationId: z.string().max(1_000).optional(),
  modifiedSince: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LINES).optional(),
});

const ItemNameSchema = z.strictObject({
  memberId: z.uuid().toLowerCase(),
  category: z.enum(CATEGORIES),
  id: ItemIdSchema,
});

export const NamedItemsRequestSchema = z.strictObject({ items: z.array(ItemNameSchema).min(1).max(MAX_NAMED) });

export const NamedItemsSchema = z.object({
  items: z.array(DeliveredItemSchema),
  missing: z.array(ItemNameSchema).meta({ description: 'There are none of these, for whichever reason.' }),
});
export type NamedItemsDocument = z.infer<typeof NamedItemsSchema>;
