/** `/api/me/sync`: the decisions, how far sync has come, and changes. */
import { z } from 'zod';
import { ACTIONS, REASON_WORDS } from '../../domain/reasons.ts';
import { MODES } from '../../domain/mode.ts';
import {
  CategorySchema,
  DataChoiceSchema,
  LevelSchema,
  PauseSchema,
  SelectionChangeSchema,
  SelectionSchema,
} from './selection.ts';
import { SYNC_ERROR_CODES } from '../../domain/syncErrors.ts';

export const DecisionSchema = z.object({
  effective: LevelSchema,
  control: z.enum(['member', 'administrator', 'operator', 'microsoft']),
  reason: z.enum(REASON_WORDS),
  action: z.enum(ACTIONS),
  notes: z.array(z.literal('overConsented')),
  /** When a pause ends by itself. */
  until: z.string().nullable().optional(),
});

const SyncErrorSchema = z.enum(SYNC_ERROR_CODES);

const StageSchema = z.enum(['waiting', 'first', 'current', 'failing']);

/** One stream: a folder, a calendar, a list, a drive. */
export const StreamSchema = z.object({
  /** `list`: the list of folders itself; `contacts`, `drive`: what every mailbox has one of. */
  kind: z.enum(['list', 'contacts', 'drive', 'folder']),
  name: z.string().nullable(),
  /** The address of the shared mailbox that it is in; `null` for the member's own. */
  mailbox: z.string().nullable(),
  stage: StageSchema,
  items: z.int(),
  expected: z.int().nullable(),
  nextAttemptAt: z.string().nullable(),
  error: SyncErrorSchema.nullable(),
});
export type StreamDocument = z.infer<typeof StreamSchema>;

/** A shared mailbox that the member has read. */
export const SharedMailboxSchema = z.object({
  id: z.string(),
  address: z.string(),
  /** `waiting`: nothing was read yet, or nothing may be read. */
  stage: StageSchema,
  nextAttemptAt: z.string().nullable(),
  error: SyncErrorSchema.nullable(),
});
export type SharedMailboxDocument = z.infer<typeof SharedMailboxSchema>;

export const AddMailboxSchema = z.strictObject({ address: z.string().min(1).max(320) });
export const RemoveMailboxSchema = z.strictObject({ id: z.uuid() });

/** Progress of a category over all of its streams. */
export const ProgressSchema = z.object({
  category: CategorySchema,
  stage: StageSchema,
  items: z.int(),
  expected: z.int().nullable(),
  /** Items a second over the first sync; `null` where there is nothing to measure. */
  rate: z.number().nullable(),
  secondsLeft: z.int().nullable(),
  lastSuccessAt: z.string().nullable(),
  /** Of the first part that fails; the stage says how the others are doing, or `failing` where there are none. */
  nextAttemptAt: z.string().nullable(),
  error: SyncErrorSchema.nullable(),
  /** How many parts fail. */
  failing: z.int(),
  /** How much could not be read and was set aside. */
  setAside: z.int(),
  /** What is failing first, then what is read for the first time; at most 50. */
  parts: z.array(StreamSchema),
  /** How many there are. */
  partCount: z.int(),
});
export type Progress = z.infer<typeof ProgressSchema>;

export const ReceiptSchema = z.object({
  id: z.string(),
  state: z.enum(['erasing', 'erased']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  items: z.partialRecord(CategorySchema, z.int()),
});
export type ReceiptDocument = z.infer<typeof ReceiptSchema>;

/**
 * Whether this member may grant a level alone: `granted` already, `yes`, `no`, or `unknown`; `source` says how
 * that is known.
 */
export const OfferSchema = z.object({
  mayConsent: z.enum(['granted', 'yes', 'no', 'unknown']),
  source: z.enum(['policy', 'refusal', 'said', 'likely', 'grant', 'permission']).nullable(),
  checkedAt: z.string().nullable(),
});
export type Offer = z.infer<typeof OfferSchema>;

export const SyncSchema = z.object({
  mode: z.enum(MODES),
  /** Keyed by the categories that this installation offers. */
  decisions: z.partialRecord(CategorySchema, DecisionSchema),
  preference: SelectionSchema,
  connection: z.enum(['connected', 'lost', 'none']),
  offers: z.partialRecord(CategorySchema, z.object({ limited: OfferSchema, full: OfferSchema })),
  /** Whether the person is to be asked to turn something on. */
  prompt: z.boolean(),
  /** What Microsoft has granted for this member, as the newest token shows. */
  granted: z.array(z.string()),
  streams: z.array(ProgressSchema),
  /** Shared mailboxes, where a category includes what is shared. */
  mailboxes: z.array(SharedMailboxSchema),
  receipts: z.array(ReceiptSchema).optional(),
});
export type Sync = z.infer<typeof SyncSchema>;

export const PromptAnswerSchema = z.strictObject({ answer: z.enum(['later', 'never']) });

export const DisconnectSchema = z.strictObject({ data: z.enum(['keep', 'erase']) });

export const DisconnectedSchema = z.object({
  receipts: z.array(ReceiptSchema),
  /** Permissions that Microsoft keeps on record, by name. */
  left: z.array(z.string()),
});

export type Disconnected = z.infer<typeof DisconnectedSchema>;

/** A pause is changed apart from a selection, which may have to wait for Microsoft's consent. */
export const SyncChangeSchema = z
  .strictObject({
    selection: SelectionChangeSchema.default({}),
    data: DataChoiceSchema.optional(),
    pause: z.partialRecord(CategorySchema, PauseSchema.nullable()).optional(),
  })
  .refine(({ selection, pause }) => pause === undefined || Object.keys(selection).length === 0, {
    path: ['pause'],
    message: 'must be changed apart from a selection',
  });
export type SyncChangeDocument = z.input<typeof SyncChangeSchema>;
