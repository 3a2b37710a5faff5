/** Consent transactions: start and follow. */
import { z } from 'zod';
import { MODES } from '../../domain/mode.ts';
import { CONSENT_STATES } from '../../domain/records.ts';
import { REFUSAL_WORDS } from '../../domain/refusals.ts';
import { RelevanceSchema } from './relevance.ts';
import { SelectionSchema, DataChoiceSchema } from './selection.ts';

export const IndividualConsentSchema = z.strictObject({
  selection: SelectionSchema,
  data: DataChoiceSchema.optional(),
});

export const OrganizationConsentSchema = z.strictObject({
  mode: z.enum(MODES),
  selection: SelectionSchema,
  relevance: RelevanceSchema.optional(),
  confirmAdministrator: z.boolean(),
});
export type OrganizationConsentRequest = z.input<typeof OrganizationConsentSchema>;

/** What a person says who met Microsoft's page that asks for an admin. */
export const ReportedRefusalSchema = z.strictObject({ selection: SelectionSchema });

/** A hand-off: the address for an admin. */
export const LinkSchema = z.object({ url: z.string(), expiresAt: z.string() });

export type LinkDocument = z.infer<typeof LinkSchema>;

export const StartedConsentSchema = z.object({ id: z.string(), startUrl: z.string(), expiresAt: z.string() });
export type StartedConsent = z.infer<typeof StartedConsentSchema>;

export const ConsentSchema = z.object({
  id: z.string(),
  state: z.enum(CONSENT_STATES),
  reason: z.enum(REFUSAL_WORDS).optional(),
});
export type ConsentDocument = z.infer<typeof ConsentSchema>;
