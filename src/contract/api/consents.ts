/** Consent transactions: start and follow. */
import { z } from 'zod';
import { CONSENT_STATES } from '../../domain/records.ts';
import { REFUSALS } from '../../domain/refusals.ts';
import { SelectionSchema, DataChoiceSchema } from './selection.ts';

export const IndividualConsentSchema = z.strictObject({
  selection: SelectionSchema,
  data: DataChoiceSchema.optional(),
});

export const RelevanceSchema = z.strictObject({
  ignoredDomains: z.array(z.string().max(253)).max(100),
});

export const OrganizationConsentSchema = z.strictObject({
  mode: z.literal('organization'),
  selection: SelectionSchema,
  relevance: RelevanceSchema.optional(),
  confirmAdministrator: z.boolean(),
});
export type OrganizationConsentRequest = z.infer<typeof OrganizationConsentSchema>;

export const StartedConsentSchema = z.object({ id: z.string(), startUrl: z.string(), expiresAt: z.string() });
export type StartedConsent = z.infer<typeof StartedConsentSchema>;

export const ConsentSchema = z.object({
  id: z.string(),
  state: z.enum(CONSENT_STATES),
  reason: z.enum(REFUSALS).optional(),
});
export type ConsentDocument = z.infer<typeof ConsentSchema>;
