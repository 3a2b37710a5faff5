/** Rules of relevance on the wire: an organization's policy, a member's own, and reviews after a change. */
import { z } from 'zod';
import { AT_FIRST, PRIVATE_EVENTS } from '../../domain/relevance.ts';
import { CategorySchema, NameSchema } from './selection.ts';

const MAX_DAYS = 36_500;
const Domains = z.array(z.string().max(253)).max(100);
const Days = z.int().min(1).max(MAX_DAYS).nullable();

/** What an organization decides for everyone; what is not named is as it is at first. */
export const RelevanceSchema = z.strictObject({
  ignoredDomains: Domains,
  excludedAddresses: z.array(z.string().max(320)).max(100).default([]),
  excludedDomains: Domains.default([]),
  /** By their names; everything below them as well. */
  excludedFolders: z.array(NameSchema).max(100).default([]),
  knownContactsOnly: z.boolean().default(false),
  lookBackDays: Days.default(null),
  retentionDays: Days.default(null),
  /** Messages that are not sent yet. */
  leavesOutDrafts: z.boolean().default(AT_FIRST.leavesOutDrafts),
  /** Events that their owner marked private or confidential. */
  privateEvents: z.enum(PRIVATE_EVENTS).default(AT_FIRST.privateEvents),
});
export type RelevanceDocument = z.infer<typeof RelevanceSchema>;

/** How far looking through what is stored has come after a change of rules. */
export const ReviewSchema = z.object({
  startedAt: z.string(),
  /** `null` while it continues. */
  endedAt: z.string().nullable(),
  looked: z.int(),
  removed: z.int(),
});
export type ReviewDocument = z.infer<typeof ReviewSchema>;

const MAX_VALUE_LENGTH = 2_000;

/**
 * One thing that a member leaves out. A conversation is left out by the internet message id of a message of it, and
 * let in again by the id under which it is listed.
 */
export const ExclusionSchema = z.strictObject({
  kind: z.enum(['address', 'domain', 'folder', 'conversation']),
  value: z
    .string()
    .min(1)
    .max(MAX_VALUE_LENGTH)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be plain text' }),
});
export type ExclusionDocument = z.infer<typeof ExclusionSchema>;

export const RuleSettingsSchema = z.strictObject({
  knownContactsOnly: z.boolean().optional(),
  lookBackDays: Days.optional(),
  retentionDays: Days.optional(),
  leavesOutDrafts: z.boolean().optional(),
  privateEvents: z.enum(PRIVATE_EVENTS).optional(),
});
export type RuleSettingsDocument = z.infer<typeof RuleSettingsSchema>;

const FolderSchema = z.object({ id: z.string(), name: z.string(), category: CategorySchema });

export const ExclusionsSchema = z.object({
  organization: RelevanceSchema,
  own: z.object({
    addresses: z.array(z.string()),
    domains: z.array(z.string()),
    /** `null` for a folder that is not there any more. */
    folders: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
    conversations: z.array(z.object({ id: z.string(), subject: z.string() })),
    knownContactsOnly: z.boolean(),
    lookBackDays: z.int().nullable(),
    retentionDays: z.int().nullable(),
    leavesOutDrafts: z.boolean(),
    privateEvents: z.enum(PRIVATE_EVENTS),
  }),
  /** What can be left out: folders, calendars, contact folders and lists that are not left out yet. */
  folders: z.array(FolderSchema),
  review: ReviewSchema.nullable(),
});
export type Exclusions = z.infer<typeof ExclusionsSchema>;
