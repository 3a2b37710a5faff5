/** Selections on the wire. */
import { z } from 'zod';
import { ACT_LEVELS, SYNC_LEVELS } from '../../domain/levels.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';

/** A name that the database can hold: without NUL, and whole as Unicode. */
export const NameSchema = z
  .string()
  .max(256)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be plain text' });

export const LevelSchema = z.strictObject({
  sync: z.enum(SYNC_LEVELS),
  act: z.enum(ACT_LEVELS),
  shared: z.boolean(),
});

export const CategorySchema = z.enum(CATEGORIES);

/** Until when nothing is read; `null`: until someone continues. */
export const PauseSchema = z.strictObject({ until: z.iso.datetime({ offset: true }).max(40).nullable() });

/** Every category. */
export const SelectionSchema = z.record(CategorySchema, LevelSchema);

/** The categories that a change names; the others stay as they are. */
export const SelectionChangeSchema = z.partialRecord(CategorySchema, LevelSchema);

export const DataChoiceSchema = z.partialRecord(CategorySchema, z.enum(['keep', 'erase']));
