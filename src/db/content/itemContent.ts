/** What is sealed of an item, as it was written by this version or an earlier one. */
import { z } from 'zod';
import {
  EVENT_TYPES,
  IMPORTANCES,
  type ItemContent,
  RESPONSES,
  ROLES,
  SENSITIVITIES,
  SHOWN_AS,
} from '../../domain/items.ts';
import { type DataKey, type SealContext, SealBrokenError } from '../keys/sealing.ts';

const Content = z.object({
  subject: z.string(),
  people: z.array(
    z.object({
      name: z.string().optional(),
      address: z.string(),
      role: z.enum(ROLES),
    }),
  ),
  internetMessageId: z.string().optional(),
  conversationId: z.string().optional(),
  body: z.object({ contentType: z.string(), content: z.string() }).optional(),
  start: z.string().optional(),
  end: z.string().optional(),
  isAllDay: z.boolean().optional(),
  isCancelled: z.boolean().optional(),
  showAs: z.enum(SHOWN_AS).optional(),
  response: z.enum(RESPONSES).optional(),
  sensitivity: z.enum(SENSITIVITIES).optional(),
  isDraft: z.boolean().optional(),
  isRead: z.boolean().optional(),
  receivedAt: z.string().optional(),
  sentAt: z.string().optional(),
  replyTo: z.array(z.object({ name: z.string().optional(), address: z.string() })).optional(),
  importance: z.enum(IMPORTANCES).optional(),
  labels: z.array(z.string()).optional(),
  webLink: z.string().optional(),
  iCalUId: z.string().optional(),
  eventType: z.enum(EVENT_TYPES).optional(),
  seriesMasterId: z.string().optional(),
  joinUrl: z.string().optional(),
  isBusyTime: z.boolean().optional(),
  location: z.string().optional(),
  startTimeZone: z.string().optional(),
  endTimeZone: z.string().optional(),
  attachments: z
    .array(z.object({ name: z.string(), contentType: z.string().nullable(), size: z.number(), isInline: z.boolean() }))
    .optional(),
  contact: z
    .object({
      givenName: z.string().optional(),
      surname: z.string().optional(),
      companyName: z.string().optional(),
      jobTitle: z.string().optional(),
      phones: z.array(z.string()),
    })
    .optional(),
  task: z
    .object({
      status: z.string(),
      importance: z.string(),
      dueOn: z.string().optional(),
      completedOn: z.string().optional(),
    })
    .optional(),
  file: z
    .object({
      isFolder: z.boolean(),
      size: z.number(),
      mimeType: z.string().optional(),
      parentId: z.string().optional(),
      webUrl: z.string().optional(),
      createdAt: z.string().optional(),
      eTag: z.string().optional(),
      cTag: z.string().optional(),
      hashes: z
        .object({
          quickXorHash: z.string().optional(),
          sha1Hash: z.string().optional(),
          sha256Hash: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});

/** `null` for what does not open any more. */
export function openContent(key: DataKey, place: SealContext, sealed: Uint8Array): ItemContent | null {
  try {
    return Content.parse(key.open(place, sealed));
  } catch (error) {
    if (error instanceof SealBrokenError) {
      return null;
    }
    throw error;
  }
}
