/** Messages and events as the sandbox keeps them, nearer to mail than to Graph's JSON. */
import { z } from 'zod';

export const Address = z.object({ name: z.string(), address: z.string() });
export type Address = z.infer<typeof Address>;

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
});
export type StoredMessage = z.infer<typeof StoredMessage>;

export const StoredEvent = z.object({
  id: z.string(),
  changeKey: z.string(),
  uid: z.string(),
  subject: z.string(),
  body: z.string(),
  location: z.string(),
  organizer: Address.nullable(),
  attendees: z.array(Address.extend({ type: z.enum(['required', 'optional', 'resource']) })),
  /** UTC, `2026-11-21T09:00:00Z`. */
  start: z.string(),
  end: z.string(),
  isAllDay: z.boolean(),
  /** An RFC 5545 rule, for series. */
  rule: z.string().nullable(),
  /** Starts of occurrences that were deleted. */
  excluded: z.array(z.string()),
  /** Occurrences that differ from their series, by original start. */
  exceptions: z.record(z.string(), z.object({ subject: z.string(), start: z.string(), end: z.string() })),
});
export type StoredEvent = z.infer<typeof StoredEvent>;

/** One line of a mailbox's journal. */
export const StoredChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), message: StoredMessage, key: z.string().nullable() }),
  z.object({ kind: z.literal('event'), event: StoredEvent, key: z.string().nullable() }),
  z.object({ kind: z.literal('removed'), id: z.string() }),
]);
export type StoredChange = z.infer<typeof StoredChange>;
