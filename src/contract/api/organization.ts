/** `/api/organization`: settings, grants and their proof, who can act, who is affected. */
import { z } from 'zod';
import { MODES } from '../../domain/mode.ts';
import { PRODUCT_ROLES } from '../../domain/roles.ts';
import { AudienceSchema, ShownAudienceSchema } from './audience.ts';
import { RelevanceSchema, ReviewSchema } from './relevance.ts';
import { CategorySchema, PauseSchema, SelectionSchema } from './selection.ts';
import { RightsSchema } from './session.ts';
import { FAILING_REASONS } from '../../domain/reasons.ts';
import { SYNC_ERROR_CODES } from '../../domain/syncErrors.ts';
import { CHECK_NAMES } from '../../domain/checks.ts';

export const GrantSchema = z.object({
  state: z.enum(['unproven', 'verified']),
  scopes: z.array(z.string()),
  grantedBy: z.string().nullable(),
  grantedAt: z.string(),
  provenAt: z.string().nullable(),
  checkedAt: z.string().nullable(),
  /** Drift: what a newer token did not carry any more. */
  missing: z.array(z.string()),
  missingSince: z.string().nullable(),
  /** What is granted beyond what the selection uses. */
  unused: z.array(z.string()),
});

export const ServiceSchema = z.object({
  state: z.enum(['settling', 'verified', 'unproven', 'failed']),
  grantedBy: z.string().nullable(),
  grantedAt: z.string(),
  checkedAt: z.string().nullable(),
  reached: z.array(CategorySchema),
  canary: z.enum(['refused', 'reached', 'notNamed', 'unknown']),
});

export const OrganizationSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  version: z.int(),
  enabled: z.boolean(),
  mode: z.enum(MODES),
  selection: SelectionSchema,
  relevance: RelevanceSchema,
  /** Looking through what is stored after the newest change of the rules; `null` where there was none. */
  review: ReviewSchema.nullable(),
  /** `null` where nothing is paused, or not any more. */
  pause: PauseSchema.nullable(),
  access: ShownAudienceSchema,
  grant: GrantSchema.nullable(),
  service: ServiceSchema.nullable(),
  /** Whether this installation has the second registration, which service mode needs. */
  offersService: z.boolean(),
  /** A grant that Microsoft says was given and that is not proven yet. */
  pending: z.object({ since: z.string(), mode: z.enum(MODES) }).nullable(),
  people: z.array(z.object({ name: z.string().nullable(), role: z.enum(PRODUCT_ROLES) })),
  members: z.object({ opened: z.int(), connected: z.int(), covered: z.int(), signIn: z.int() }),
  rights: RightsSchema,
  /** Where an admin finds the application in the Entra admin center. */
  portalUrl: z.string(),
});
export type OrganizationDocument = z.infer<typeof OrganizationSchema>;

export const OrganizationChangeSchema = z.strictObject({
  mode: z.literal('individual').optional(),
  enabled: z.boolean().optional(),
  relevance: RelevanceSchema.optional(),
  pause: PauseSchema.nullable().optional(),
  access: AudienceSchema.optional(),
  selection: SelectionSchema.optional(),
});
export type OrganizationChangeDocument = z.input<typeof OrganizationChangeSchema>;

export const PreviewRequestSchema = z.strictObject({ mode: z.enum(MODES), selection: SelectionSchema });
export type PreviewRequest = z.infer<typeof PreviewRequestSchema>;

const Person = z.object({ id: z.string(), name: z.string().nullable() });

export const PreviewSchema = z.object({
  people: z.int(),
  starts: z.array(Person),
  stops: z.array(Person),
  /** By opening Assent once, without a question of Microsoft's. */
  signInSilently: z.array(Person),
  /** Who Microsoft asks again. */
  signInAsked: z.array(Person),
});
export type Preview = z.infer<typeof PreviewSchema>;

export const RelevancePreviewSchema = z.object({ looked: z.int(), excluded: z.int(), isComplete: z.boolean() });
export type RelevancePreview = z.infer<typeof RelevancePreviewSchema>;

/** How the organization's mailboxes are doing, counted. */
export const FleetSchema = z.object({
  healthy: z.int(),
  /** Something in them was never read to its end yet. */
  catchingUp: z.int(),
  paused: z.int(),
  /** An error of sync, or the reason why the mailbox waits. */
  failing: z.array(
    z.object({
      cause: z.enum([...SYNC_ERROR_CODES, ...FAILING_REASONS]),
      mailboxes: z.int(),
      nextAttemptAt: z.string().nullable(),
    }),
  ),
});
export type Fleet = z.infer<typeof FleetSchema>;

export const ReadinessSchema = z.object({
  checks: z.array(
    z.object({
      check: z.enum(CHECK_NAMES),
      result: z.enum(['good', 'attention', 'blocked', 'unknown']),
      /** Which finding it is; the client has a sentence and a remedy for each. */
      finding: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
      checkedAt: z.string().nullable(),
    }),
  ),
});
export type Readiness = z.infer<typeof ReadinessSchema>;
