/** `/api/organization/audit`: who did what and when, newest first. */
import { z } from 'zod';

export const AuditEventSchema = z.object({
  sequence: z.int(),
  at: z.string(),
  /** `null` where Assent itself acted, or someone who holds a link. */
  actor: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  action: z.string(),
  target: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEventSchema>;

export const AuditSchema = z.object({ events: z.array(AuditEventSchema), next: z.int().nullable() });
export type Audit = z.infer<typeof AuditSchema>;
