/** Rules of relevance on the wire: an organization's policy, a member's own, and reviews after a change. */
import { z } from 'zod';
import { PRIVATE_EVENTS, type RuleSettings, SETTINGS_AT_FIRST } from '../../domain/ruleSettings.ts';
import { CategorySchema, NameSchema } from './selection.ts';

const MAX_DAYS = 36_500;
const Domains = z.array(z.string().max(253)).max(100);
const Days = z.int().min(1).max(MAX_DAYS).nullable();

const Settings = z.strictObject({
  knownContactsOnly: z.boolean(),
  leavesOutDrafts: z.boolean(),
  privateEvents: z.enum(PRIVATE_EVENTS),
  lookBackDays: Days,
  retentionDays: Days,
} satisfies Readonly<Record<keyof RuleSettings, z.ZodType>>);

/** What an organization decides for everyone; what is not named is as it is at first. */
export const RelevanceSchema = z.strictObject({
  ignoredDomains: Domains,
  excludedAddresses: z.array(z.string().max(320)).max(100).default([]),
  excludedDomains: Domains.default([]),
  /** By their names; everything below them as well. */
  excludedFolders: z.array(NameSchema).max(100).default([]),
  knownContactsOnly: Settings.shape.knownContactsOnly.default(SETTINGS_AT_FIRST.knownContactsOnly),
  leavesOutDrafts: Settings.shape.leavesOutDrafts.default(SETTINGS_AT_FIRST.leavesOutDrafts),
  privateEvents: Settings.shape.privateEvents.default(SETTINGS_AT_FIRST.privateEvents),
  lookBackDays: Settings.shape.lookBackDays.default(SETTINGS_AT_FIRST.lookBackDays),
  retentionDays: Settings.shape.retentionDays.default(SETTINGS_AT_FIRST.retentionDays),
} satisfies Readonly<Record<string, z.ZodType> & Record<keyof RuleSettings, z.ZodType>>);
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

/** What a member changes of their own settings. */
export const RuleSettingsSchema = Settings.partial();
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
    ...Settings.shape,
  }),
  /** What can be left out: folders, calendars, contact folders and lists that are not left out yet. */
  folders: z.array(FolderSchema),
  review: ReviewSchema.nullable(),
});
export type Exclusions = z.infer<typeof ExclusionsSchema>;
