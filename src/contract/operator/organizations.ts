/** Organizations and their members, on the wire of the operator's product: who there is, and what holds for each. */
import { z } from 'zod';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import { ACT_LEVELS, SYNC_LEVELS } from '../../domain/levels.ts';
import { MODES } from '../../domain/mode.ts';
import { REASON_WORDS } from '../../domain/reasons.ts';

const MAX_LISTED = 1_000;

/** A page of what is listed by its id, which is where the next one begins. */
export const ListQuerySchema = z.strictObject({
  after: z.uuid().toLowerCase().optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(200),
});

const next = z.string().nullable().meta({ description: 'null at the end.' });

export const OrganizationSchema = z
  .object({
    id: z.string().meta({ description: 'The tenant’s id in Entra.' }),
    name: z.string().nullable(),
    isEnabled: z.boolean(),
    mode: z.enum(MODES),
    grant: z
      .enum(['none', 'unproven', 'verified'])
      .meta({ description: 'A tenant-wide grant, as far as it is proven.' }),
    admittedAt: z.iso.datetime(),
    suspendedAt: z.iso.datetime().nullable(),
    members: z.int().meta({ description: 'People who are known.' }),
    connected: z.int().meta({ description: 'Those of them whose mailbox is connected.' }),
  })
  .meta({ id: 'Organization' });

export const SuspensionSchema = z.object({
  id: z.string(),
  suspendedAt: z.iso.datetime().nullable(),
});

const Cap = z.strictObject({
  sync: z.enum(SYNC_LEVELS),
  act: z.enum(ACT_LEVELS).default('none'),
  shared: z.boolean().default(false),
});

export const CapsSchema = z.strictObject({
  mail: Cap,
  calendar: Cap,
  contacts: Cap,
  tasks: Cap,
  files: Cap,
});

export const OrganizationsSchema = z.object({ organizations: z.array(OrganizationSchema), next });
export type OrganizationsDocument = z.infer<typeof OrganizationsSchema>;

const Decision = z.object({
  effective: z.object({ sync: z.enum(SYNC_LEVELS), act: z.enum(ACT_LEVELS), shared: z.boolean() }),
  control: z.enum(['member', 'administrator', 'operator', 'microsoft']),
  reason: z.enum(REASON_WORDS),
});

export const MemberSchema = z
  .object({
    id: z.string().meta({ description: 'The person’s object id in Entra.' }),
    name: z.string().nullable(),
    account: z.string().nullable().meta({ description: 'The name that they sign in with.' }),
    isGuest: z.boolean(),
    openedAt: z.iso.datetime().nullable().meta({ description: 'null: known only from the directory.' }),
    connection: z
      .object({ id: z.string(), state: z.enum(['live', 'lost']) })
      .nullable()
      .meta({ description: 'lost: nothing more comes until they sign in again.' }),
    categories: z.record(z.enum(CATEGORIES), Decision),
  })
  .meta({ id: 'Member' });

export const MembersSchema = z.object({ members: z.array(MemberSchema), next });
export type MembersDocument = z.infer<typeof MembersSchema>;
