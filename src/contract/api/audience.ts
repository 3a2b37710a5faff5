/** A choice of people on the wire. */
import { z } from 'zod';
import { NameSchema } from './selection.ts';

const MemberId = z.uuid().transform((id) => id.toLowerCase());

export const AudienceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everyone') }),
  z.strictObject({ kind: z.literal('people'), memberIds: z.array(MemberId).max(5_000) }),
  z.strictObject({ kind: z.literal('group'), groupId: MemberId, name: NameSchema }),
]);
export type AudienceDocument = z.input<typeof AudienceSchema>;

/** The same as the API answers it. */
export const ShownAudienceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('everyone') }),
  z.object({ kind: z.literal('people'), memberIds: z.array(z.string()) }),
  z.object({ kind: z.literal('group'), groupId: z.string(), name: z.string() }),
]);
