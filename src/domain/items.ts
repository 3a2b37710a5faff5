/**
 * An item of any category, as sync reads it from Graph and as the database seals it.
 *
 * Shapes  `content` is what only the member and the operator may read; it is stored sealed. The rest may
 *         stand in clear, except the lookup fields, which are stored as keyed hashes.
 */
import { addressIn } from './addresses.ts';
import type { Evaluated } from './relevance.ts';

export const ROLES = [
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'organizer',
  'required',
  'optional',
  'resource',
  'contact',
] as const;

/** Source: "event resource type": `showAs`, `sensitivity`, `responseStatus`. */
export const SHOWN_AS = ['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown'] as const;
export const SENSITIVITIES = ['normal', 'personal', 'private', 'confidential'] as const;
export const RESPONSES = ['none', 'organizer', 'tentativelyAccepted', 'accepted', 'declined', 'notResponded'] as const;

/** Source: "message resource type", "event resource type": `importance`; of messages as of events. */
export const IMPORTANCES = ['low', 'normal', 'high'] as const;
/** What an event is in its series. Source: "event resource type": `type`; a series itself is no item. */
export const EVENT_TYPES = ['singleInstance', 'occurrence', 'exception'] as const;

/** What a file is recognized by. Source: "hashes resource type"; which ones there are depends on the drive. */
export interface FileHashes {
  readonly quickXorHash?: string | undefined;
  readonly sha1Hash?: string | undefined;
  readonly sha256Hash?: string | undefined;
}

/** Someone who is named without having a part in it. */
export interface Correspondent {
  readonly name?: string | undefined;
  readonly address: string;
}

export interface Person {
  readonly name?: string | undefined;
  readonly address: string;
  readonly role: (typeof ROLES)[number];
}

export interface ItemContent {
  readonly subject: string;
  readonly people: readonly Person[];
  readonly internetMessageId?: string | undefined;
  readonly conversationId?: string | undefined;
  /** Mail at level `full`, and events at level `full`. */
  readonly body?: { readonly contentType: string; readonly content: string } | undefined;
  /** Events: RFC 3339 instants in UTC, and whether whole days are meant. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly isAllDay?: boolean | undefined;
  readonly isCancelled?: boolean | undefined;
  readonly showAs?: (typeof SHOWN_AS)[number] | undefined;
  /** The member's own answer to an invitation. */
  readonly response?: (typeof RESPONSES)[number] | undefined;
  /** Without: as usual. */
  readonly sensitivity?: (typeof SENSITIVITIES)[number] | undefined;
  /** Private, and kept without anything but when it is. */
  readonly isBusyTime?: boolean | undefined;
  /** Not sent yet. */
  readonly isDraft?: boolean | undefined;
  readonly isRead?: boolean | undefined;
  /** Messages: RFC 3339 instants in UTC. */
  readonly receivedAt?: string | undefined;
  readonly sentAt?: string | undefined;
  /** Where replies go, where that isn't the sender. */
  readonly replyTo?: readonly Correspondent[] | undefined;
  /** Messages and events; without: normal. */
  readonly importance?: (typeof IMPORTANCES)[number] | undefined;
  /** The member's own labels, by their names. */
  readonly labels?: readonly string[] | undefined;
  /** Where Outlook shows it. */
  readonly webLink?: string | undefined;
  /** Events: the same in every calendar that has it. An occurrence is known by its series and its beginning. */
  readonly iCalUId?: string | undefined;
  readonly eventType?: (typeof EVENT_TYPES)[number] | undefined;
  readonly seriesMasterId?: string | undefined;
  /** Where to take part online. */
  readonly joinUrl?: string | undefined;
  readonly location?: string | undefined;
  /** The zones in which an event was made, by the names that Microsoft has for them. */
  readonly startTimeZone?: string | undefined;
  readonly endTimeZone?: string | undefined;
  /** Messages and files: names and sizes of what is attached, never the bytes. */
  readonly attachments?: readonly Attachment[] | undefined;
  readonly contact?: ContactFields | undefined;
  readonly task?: TaskFields | undefined;
  readonly file?: FileFields | undefined;
}

export interface Attachment {
  readonly name: string;
  readonly contentType: string | null;
  /** Bytes. */
  readonly size: number;
  readonly isInline: boolean;
}

export interface ContactFields {
  readonly givenName?: string | undefined;
  readonly surname?: string | undefined;
  readonly companyName?: string | undefined;
  readonly jobTitle?: string | undefined;
  readonly phones: readonly string[];
}

export interface TaskFields {
  readonly status: string;
  readonly importance: string;
  /** As Graph has them: a day without a zone. */
  readonly dueOn?: string | undefined;
  readonly completedOn?: string | undefined;
}

export interface FileFields {
  readonly isFolder: boolean;
  /** Bytes; of a folder, of everything in it. */
  readonly size: number;
  readonly mimeType?: string | undefined;
  readonly parentId?: string | undefined;
  readonly webUrl?: string | undefined;
  readonly createdAt?: string | undefined;
  /** Another one when anything of it changes, and when what it holds does. */
  readonly eTag?: string | undefined;
  readonly cTag?: string | undefined;
  readonly hashes?: FileHashes | undefined;
}

export interface SyncedItem {
  readonly itemId: string;
  readonly changeKey: string | null;
  /** When it was changed last, by the source; `null` where the source does not say. */
  readonly modifiedAt: Date | null;
  /**
   * What the list is ordered by: when a message was received, an event starts, anything else was changed; `null` where
   * no one knows, and no rule excludes it by its age then.
   */
  readonly at: Date | null;
  /** Messages: what is attached is not in `content` yet. */
  readonly hasAttachments?: boolean;
  readonly content: ItemContent;
}

/** What people call an item; empty where it says nothing of itself. */
export function titleOf({ subject, people, contact }: ItemContent): string {
  const name = [contact?.givenName, contact?.surname].filter((part) => (part ?? '') !== '').join(' ');
  const candidates = [
    subject,
    name,
    contact?.companyName,
    ...people.map(({ address }) => address),
    ...(contact?.phones ?? []),
  ];
  return contact === undefined ? subject : (candidates.find((text) => (text ?? '').trim() !== '') ?? '');
}

/** What the rules of relevance look at. */
export function toEvaluated({ at, content }: Pick<SyncedItem, 'at' | 'content'>): Evaluated {
  const { conversationId, isDraft = false, isBusyTime = false, sensitivity, start } = content;
  // An event that is there with changes that its guests have not been told of is no draft in the sense of the rules.
  const isUnsent = isDraft && start === undefined;
  return {
    at,
    participants: participantsOf(content),
    conversationId,
    isDraft: isUnsent,
    isPrivate: isPrivate(sensitivity),
    isBusyTime,
  };
}

/** Whether Graph's word for it says that an event is no one else's to read. */
export function isPrivate(sensitivity: unknown): boolean {
  return sensitivity === 'private' || sensitivity === 'confidential';
}

/** An event without anything but when it is; another version of it than the whole one. */
export function busyTimeOf(item: SyncedItem): SyncedItem {
  const { start, end, isAllDay, isCancelled, showAs, sensitivity, startTimeZone, endTimeZone } = item.content;
  const kept = { start, end, isAllDay, isCancelled, showAs, sensitivity, startTimeZone, endTimeZone };
  return {
    ...item,
    changeKey: item.changeKey === null ? null : `${item.changeKey} busyTime`,
    content: { subject: '', people: [], ...kept, isBusyTime: true },
  };
}

/** Every address on an item, for relevance and lookups, whatever is written around it. */
export function participantsOf(content: ItemContent): readonly string[] {
  return content.people.map(({ address }) => addressIn(address)).filter((address) => address !== '');
}

/** Whose a message is: who it is from, or who sent it where it does not say. */
export function senderOf({ people }: ItemContent): string | null {
  const withRole = (role: Person['role']) => people.find((person) => person.role === role)?.address;
  return withRole('from') ?? withRole('sender') ?? null;
}
