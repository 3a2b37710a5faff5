/** Problem documents (RFC 9457): a stable code, a sentence, and what to do next. */
import { z } from 'zod';

export const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  action: z.string(),
  requestId: z.string(),
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  consent: z.object({ id: z.string(), startUrl: z.string(), expiresAt: z.string() }).optional(),
});
export type ProblemDocument = z.infer<typeof ProblemSchema>;
