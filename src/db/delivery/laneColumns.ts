/** What is set in a lane that has come further, in one that a process takes, and in one that none holds any more. */
import { sql } from 'kysely';

/** Where it has come to; `ended.last` is the number that it has passed. A replay that is over goes on where it began. */
const REACHED = sql`case when ended.last >= replay_until then resume_from else ended.last end`;

/** `ended` is joined. */
export const ADVANCED = (now: Date) => sql`
  delivered = ${REACHED},
  due_at = case when ${REACHED} < published then ${now}::timestamptz end,
  replay_until = case when ended.last >= replay_until then null else replay_until end,
  resume_from = case when ended.last >= replay_until then null else resume_from end,
  pending_to = null, tries = 0, first_at = null`;

/** Longer than a request can take. */
export const LEASE = sql`now() + interval '60 seconds'`;

export const RELEASED = sql`lease_owner = null, lease_until = null`;
