/** The history of an organization, on the wire of the operator's product: ids and codes, no names. */
import { z } from 'zod';

const MAX_ACTS = 1_000;

export const ActsQuerySchema = z.strictObject({
  before: z.coerce.number().int().positive().optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MAX_ACTS).default(200),
});

export const ActSchema = z
  .object({
    sequence: z.int(),
    at: z.iso.datetime(),
    actorId: z.string().nullable().meta({ description: 'The member who acted; null: nobody of the organization.' }),
    action: z.string(),
    target: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string().meta({ description: 'Over the act and the hash before it.' }),
    previousHash: z.string(),
  })
  .meta({ id: 'Act' });

export const ActsSchema = z.object({ acts: z.array(ActSchema), next: z.int().nullable() });
