/** `GET /api/session`: who this is and what they may do. The only call that onboards an organization. */
import { z } from 'zod';
import { MODES } from '../../domain/mode.ts';
import { REFUSAL_WORDS } from '../../domain/refusals.ts';
import { PRODUCT_ROLES } from '../../domain/roles.ts';

export const RightsSchema = z.object({
  canClaim: z.boolean(),
  canChange: z.boolean(),
  canGrant: z.boolean(),
  canGrantService: z.boolean(),
  canAssignRoles: z.boolean(),
});

export const SessionSchema = z.object({
  member: z.object({
    id: z.string(),
    name: z.string().nullable(),
    /** The name that they sign in with; in many organizations not the address of their mailbox. */
    account: z.string().nullable(),
    productRole: z.enum(PRODUCT_ROLES).nullable(),
    isGuest: z.boolean(),
  }),
  organization: z.object({ id: z.string(), name: z.string().nullable(), mode: z.enum(MODES) }),
  rights: RightsSchema,
  /** Whether Microsoft let Assent act for this person just now. */
  connection: z.discriminatedUnion('state', [
    z.object({ state: z.literal('connected') }),
    z.object({ state: z.literal('refused'), reason: z.enum(REFUSAL_WORDS) }),
    z.object({ state: z.literal('unavailable') }),
    /** Disconnected by the person, or not among those who may connect: nothing is asked of Microsoft. */
    z.object({ state: z.literal('notConnected') }),
  ]),
});
export type Session = z.infer<typeof SessionSchema>;
