/** What the paths of the operator's API name: an organization, one of its members, one of their items. */
import { z } from 'zod';
import { CATEGORIES } from '../../domain/categories/categories.ts';

export const OrganizationPathSchema = z.strictObject({ organizationId: z.uuid().toLowerCase() });

export const MemberPathSchema = OrganizationPathSchema.extend({ memberId: z.uuid().toLowerCase() });

/** As Graph names it; letters are told apart by case. */
export const ItemIdSchema = z.string().min(1).max(1_000);

export const ItemPathSchema = MemberPathSchema.extend({ category: z.enum(CATEGORIES), itemId: ItemIdSchema });
