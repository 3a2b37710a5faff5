/** `/api/me/items`: what is stored, newest first, and why a message is or is not. */
import { z } from 'zod';
import { RULES } from '../../domain/relevance.ts';
import { ExclusionSchema } from './relevance.ts';
import { CategorySchema } from './selection.ts';

export const ItemSchema = z.object({
  id: z.string(),
  category: CategorySchema,
  /** What people call it: a contact without a name by its company, address or telephone. */
  subject: z.string(),
  /** `null` where no one knows when it was. */
  at: z.string().nullable(),
  /** Events: when it ends; of whole days the midnight after the last. */
  endsAt: z.string().optional(),
  /** Whether whole days are meant: then the dates in UTC are the days, wherever one is. */
  isAllDay: z.boolean().optional(),
  isCancelled: z.boolean().optional(),
  /** A private event, of which nothing is kept but when it is. */
  isBusyTime: z.boolean().optional(),
  people: z.array(z.object({ name: z.string().optional(), address: z.string(), role: z.string() })),
  internetMessageId: z.string().optional(),
  folder: z.string().optional(),
  level: z.enum(['limited', 'full']),
});
export type Item = z.infer<typeof ItemSchema>;

export const ItemsSchema = z.object({ items: z.array(ItemSchema), next: z.string().nullable() });
export type Items = z.infer<typeof ItemsSchema>;

/** A rule's name where a rule keeps the message out. */
export const EXPLANATIONS = [
  'synced',
  'mailOff',
  'mailPaused',
  'notYet',
  'unreadable',
  ...RULES,
  'notInMailbox',
  'notKnown',
] as const;

export const ExplanationSchema = z.object({
  verdict: z.enum(EXPLANATIONS),
  level: z.enum(['limited', 'full']).optional(),
  storedAt: z.string().optional(),
  /** Whose rule it is. */
  by: z.enum(['organization', 'member']).optional(),
  /** What the member can let in again, so that the message comes. */
  exclusion: ExclusionSchema.optional(),
  sender: z.string().nullable().optional(),
});
export type Explanation = z.infer<typeof ExplanationSchema>;
