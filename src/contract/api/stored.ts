/** What is kept of a member's without being read any more, receipts of what was erased, and what could not be read. */
import { z } from 'zod';
import { CategorySchema } from './selection.ts';
import { ReceiptSchema } from './sync.ts';

export const StoredSchema = z.object({
  /** Categories that are off and of which something is stored. */
  kept: z.array(z.object({ category: CategorySchema, items: z.int() })),
  /** Newest first. */
  receipts: z.array(ReceiptSchema),
});
export type Stored = z.infer<typeof StoredSchema>;

export const EraseSchema = z.strictObject({ categories: z.array(CategorySchema).min(1).max(5) });

/** `null` where nothing was stored. */
export const ErasingSchema = z.object({ receipt: ReceiptSchema.nullable() });
export type Erasing = z.infer<typeof ErasingSchema>;

/** `tooHeavy`: larger than Microsoft hands over; `refused`: Microsoft refuses it; `unreadable`: it has no form known. */
export const SET_ASIDE_REASONS = ['tooHeavy', 'refused', 'unreadable'] as const;

export const SetAsideSchema = z.object({
  items: z.array(
    z.object({
      category: CategorySchema,
      /** What it is called; `null` where that is not known, or must not be kept. */
      name: z.string().nullable(),
      at: z.string().nullable(),
      reason: z.enum(SET_ASIDE_REASONS),
    }),
  ),
});
export type SetAside = z.infer<typeof SetAsideSchema>;
