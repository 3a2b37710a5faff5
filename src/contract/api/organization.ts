/** `/api/organization`: settings, the grant and its proof, and who can act. */
import { z } from 'zod';
import { MODES } from '../../domain/mode.ts';
import { PRODUCT_ROLES } from '../../domain/roles.ts';
import { RelevanceSchema } from './consents.ts';
import { SelectionSchema } from './selection.ts';
import { RightsSchema } from './session.ts';

export const OrganizationSchema = z.object({
  name: z.string().nullable(),
  version: z.int(),
  enabled: z.boolean(),
  mode: z.enum(MODES),
  selection: SelectionSchema,
  relevance: RelevanceSchema,
  grant: z
    .object({
      state: z.enum(['unproven', 'verified']),
      scopes: z.array(z.string()),
      grantedBy: z.string().nullable(),
      grantedAt: z.string(),
      provenAt: z.string().nullable(),
    })
    .nullable(),
  /** A grant that Microsoft says was given and that no token shows yet. */
  pending: z.object({ since: z.string() }).nullable(),
  people: z.array(z.object({ name: z.string().nullable(), role: z.enum(PRODUCT_ROLES) })),
  members: z.object({ opened: z.int(), connected: z.int() }),
  rights: RightsSchema,
});
export type OrganizationDocument = z.infer<typeof OrganizationSchema>;

export const OrganizationChangeSchema = z.strictObject({
  mode: z.literal('individual').optional(),
  enabled: z.boolean().optional(),
  relevance: RelevanceSchema.optional(),
});
export type OrganizationChangeDocument = z.infer<typeof OrganizationChangeSchema>;
