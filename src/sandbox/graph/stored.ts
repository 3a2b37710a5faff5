/** What mailboxes and drives hold, as the sandbox keeps it, nearer to the files it came from than to Graph's JSON. */
import { z } from 'zod';

export const Address = z.object({ name: z.string(), address: z.string() });
export type Address = z.infer<typeof Address>;

const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  contentType: z.string(),
  size: z.number(),
  isInline: z.boolean(),
});

const Importance = z.enum(['low', 'normal', 'high']);

export const StoredMessage = z.object({
  id: z.string(),
  changeKey: z.string(),
  folder: z.string(),
  subject: z.string(),
  from: Address.nullable(),
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  receivedAt: z.string(),
  sentAt: z.string(),
  internetMessageId: z.string(),
  conversationId: z.string(),
  bodyType: z.enum(['text', 'html']),
  body: z.string(),
  hasAttachments: z.boolean(),
  isRead: z.boolean(),
  isDraft: z.boolean(),
  // What follows came later: a journal of an earlier version has none of it.
  modifiedAt: z.string().optional(),
  attachments: z.array(Attachment).default([]),
  replyTo: z.array(Address).default([]),
  importance: Importance.default('normal'),
  categories: z.array(z.string()).default([]),
});
export type StoredMessage = z.infer<typeof StoredMessage>;

const Attendee = Address.extend({ type: z.enum(['required', 'optional', 'resource']) });

/** An occurrence that differs from its series: what it does not say is as in the series. */
const StoredException = z.object({
  subject: z.string(),
  start: z.string(),
  end: z.string(),
  body: z.string().optional(),
  location: z.string().optional(),
  attendees: z.array(Attendee).optional(),
  isCancelled: z.boolean().optional(),
});
export type StoredException = z.infer<typeof StoredException>;

export const StoredEvent = z.object({
  id: z.string(),
  changeKey: z.string(),
  uid: z.string(),
  subject: z.string(),
  body: z.string(),
  location: z.string(),
  organizer: Address.nullable(),
  attendees: z.array(Attendee),
  /** UTC, `2026-11-21T09:00:00Z`. */
  start: z.string(),
  end: z.string(),
  isAllDay: z.boolean(),
  /** An RFC 5545 rule, for series. */
  rule: z.string().nullable(),
  /** Starts of occurrences that were deleted. */
  excluded: z.array(z.string()),
  /** Occurrences that differ from their series, by original start. */
  exceptions: z.record(z.string(), StoredException),
  calendar: z.string().default('AAMkADcalendarAAA'),
  /** A name of the IANA database or of Windows, or of what `zoneDefinition` defines. */
  timeZone: z.string().default('UTC'),
  /** A VTIMEZONE of RFC 5545 for a name that no one else knows. */
  zoneDefinition: z.string().default(''),
  /** Starts of occurrences beside those of the rule. */
  added: z.array(z.string()).default([]),
  isCancelled: z.boolean().default(false),
  sensitivity: z.enum(['normal', 'personal', 'private', 'confidential']).default('normal'),
  showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']).default('busy'),
  modifiedAt: z.string().optional(),
  importance: Importance.default('normal'),
  categories: z.array(z.string()).default([]),
  /** Where it takes place online; empty for none. */
  joinUrl: z.string().default(''),
});
export type StoredEvent = z.infer<typeof StoredEvent>;

/** What most events are. */
export const USUAL = {
  excluded: [],
  exceptions: {},
  added: [],
  timeZone: 'UTC',
  zoneDefinition: '',
  isCancelled: false,
  sensitivity: 'normal',
  showAs: 'busy',
  importance: 'normal',
  categories: [],
  joinUrl: '',
} as const satisfies Partial<StoredEvent>;

const Contained = z.object({
  id: z.string(),
  container: z.string(),
  changeKey: z.string(),
  modifiedAt: z.string(),
});

/** A mail folder, a contact folder, a calendar or a task list that is not among those that everyone has. */
export const StoredContainer = Contained.extend({
  name: z.string(),
  isShared: z.boolean(),
  /** Of a mail folder that every mailbox has once it is needed, as an archive, Graph's name. */
  wellKnownName: z.string().optional(),
});
export type StoredContainer = z.infer<typeof StoredContainer>;

export const StoredContact = Contained.extend({
  displayName: z.string(),
  givenName: z.string(),
  surname: z.string(),
  companyName: z.string(),
  jobTitle: z.string(),
  emailAddresses: z.array(Address),
  businessPhones: z.array(z.string()),
});
export type StoredContact = z.infer<typeof StoredContact>;

export const StoredTask = Contained.extend({
  title: z.string(),
  body: z.string(),
  status: z.enum(['notStarted', 'inProgress', 'completed', 'waitingOnOthers', 'deferred']),
  /** A day, `2026-11-21`. */
  dueOn: z.string().nullable(),
});
export type StoredTask = z.infer<typeof StoredTask>;

/** `container` is the drive; `parentId` the folder in it. */
export const StoredDriveItem = Contained.extend({
  parentId: z.string().nullable(),
  name: z.string(),
  size: z.number(),
  /** `null` for a folder. */
  mimeType: z.string().nullable(),
});
export type StoredDriveItem = z.infer<typeof StoredDriveItem>;

export const COLLECTIONS = [
  'mailFolders',
  'calendars',
  'contactFolders',
  'contacts',
  'taskLists',
  'tasks',
  'driveItems',
] as const;
export type CollectionName = (typeof COLLECTIONS)[number];

/** One line of a mailbox's journal. */
export const StoredChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), message: StoredMessage, key: z.string().nullable() }),
  z.object({ kind: z.literal('event'), event: StoredEvent, key: z.string().nullable() }),
  z.object({ kind: z.literal('mailFolders'), item: StoredContainer }),
  z.object({ kind: z.literal('calendars'), item: StoredContainer }),
  z.object({ kind: z.literal('contactFolders'), item: StoredContainer }),
  z.object({ kind: z.literal('taskLists'), item: StoredContainer }),
  z.object({ kind: z.literal('contacts'), item: StoredContact }),
  z.object({ kind: z.literal('tasks'), item: StoredTask }),
  z.object({ kind: z.literal('driveItems'), item: StoredDriveItem }),
  z.object({ kind: z.literal('removed'), id: z.string() }),
]);
export type StoredChange = z.infer<typeof StoredChange>;
