/** `/api/organization/members`, `/coverage`, `/people` and `/groups`: the roster, and whose mailboxes are covered. */
import { z } from 'zod';
import { REASON_WORDS } from '../../domain/reasons.ts';
import { PRODUCT_ROLES } from '../../domain/roles.ts';
import { AudienceSchema, ShownAudienceSchema } from './audience.ts';
import { CategorySchema, LevelSchema, NameSchema } from './selection.ts';

export const RosterEntrySchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  productRole: z.enum(PRODUCT_ROLES).nullable(),
  /** `null` for someone known only from the directory. */
  openedAt: z.string().nullable(),
  /** `signIn`: has to open Assent again before sync can go on. */
  state: z.enum(['connected', 'signIn', 'notConnected', 'notOpened']),
  mailbox: z.enum(['unknown', 'cloud', 'onPremises', 'none', 'unlicensed']),
  isGuest: z.boolean(),
  isAllowed: z.boolean(),
  isCovered: z.boolean(),
  categories: z.partialRecord(CategorySchema, z.object({ effective: LevelSchema, reason: z.enum(REASON_WORDS) })),
});
export type RosterEntry = z.infer<typeof RosterEntrySchema>;

export const RosterSchema = z.object({
  members: z.array(RosterEntrySchema),
  /** Whether people who have never opened Assent are in the list, which needs `User.Read.All`. */
  includesEverybody: z.boolean(),
});
export type Roster = z.infer<typeof RosterSchema>;

export const AppointmentSchema = z.strictObject({ productRole: z.enum(PRODUCT_ROLES).nullable() });

const Person = z.object({ id: z.string(), name: z.string().nullable() });

export const CoverageSchema = z.object({
  coverage: ShownAudienceSchema,
  people: z.array(Person),
  canary: Person.nullable(),
});
export type Coverage = z.infer<typeof CoverageSchema>;

const ChosenPerson = z.strictObject({
  id: z.uuid().transform((id) => id.toLowerCase()),
  name: NameSchema.nullable(),
});

export const CoverageChangeSchema = z.strictObject({
  coverage: AudienceSchema,
  canary: ChosenPerson.nullable(),
  /** Chosen people who have never opened Assent, with their names from the directory. */
  people: z.array(ChosenPerson).max(5_000).default([]),
});
export type CoverageChangeDocument = z.input<typeof CoverageChangeSchema>;

/** What a search finds; `fromDirectory` is false where only people who have opened Assent can be found. */
export const FoundPeopleSchema = z.object({ people: z.array(Person), fromDirectory: z.boolean() });
export type FoundPeople = z.infer<typeof FoundPeopleSchema>;

export const FoundGroupsSchema = z.object({
  groups: z.array(z.object({ id: z.string(), name: z.string() })),
  fromDirectory: z.boolean(),
});
export type FoundGroups = z.infer<typeof FoundGroupsSchema>;
