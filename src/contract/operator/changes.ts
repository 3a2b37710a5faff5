/** `/v1/changes`: the feed, on the wire of the operator's product. */
import { z } from 'zod';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { CHANGE_TYPES } from '../../domain/feed.ts';
import { DeliveredItemSchema, MAX_LINES } from './items.ts';

export const MAX_CHANGES = 1_000;
const MAX_WAIT_SECONDS = 30;

/** A list in one parameter, its words separated by commas. */
const types = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(CHANGE_TYPES)));

export const ChangesQuerySchema = z.strictObject({
  cursor: z.string().max(1_000).optional().meta({
    description: 'Where to go on; without one from the oldest change that is kept; `latest`: only the cursor of now.',
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LINES)
    .optional()
    .meta({
      description: `1 to ${MAX_CHANGES}, 200 where nothing is said; as lines to ${MAX_LINES}.`,
    }),
  types: types.optional().meta({ description: `Of ${CHANGE_TYPES.join(', ')}, separated by commas.` }),
  category: z.enum(CATEGORIES).optional(),
  memberId: z.uuid().toLowerCase().optional(),
  include: z.enum(['item']).optional().meta({ description: 'Items as they are now, beside their ids.' }),
  wait: z.coerce.number().int().min(0).max(MAX_WAIT_SECONDS).default(0).meta({
    description: 'Seconds to wait for a change where there is none.',
  }),
});
export type ChangesQuery = z.infer<typeof ChangesQuerySchema>;

export const ChangeSchema = z.object({
  organizationId: z.string(),
  sequence: z.int(),
  type: z.enum(CHANGE_TYPES),
  at: z.string(),
  memberId: z.string().optional().meta({ description: 'Not for what happens to an organization.' }),
  connectionId: z.string().optional(),
  category: z.enum(CATEGORIES).optional(),
  itemId: z.string().optional(),
  item: DeliveredItemSchema.nullable().optional().meta({
    description: 'With include=item, as it is now; null when it has gone since: then its removal follows.',
  }),
  upTo: z.int().optional().meta({
    description: 'With category.erased: everything with a number up to this one has to go.',
  }),
  detail: z.record(z.string(), z.unknown()).optional().meta({
    description: 'Codes that say more of what happened to a connection or an organization.',
  }),
});

export const ChangesSchema = z.object({
  changes: z.array(ChangeSchema),
  /** What the page covers, also what a filter left out: the next page's `from` is this one's `next`. */
  from: z.string(),
  next: z.string(),
  more: z.boolean(),
});
export type ChangesDocument = z.infer<typeof ChangesSchema>;
