/** Pauses: of a member's category, and of a whole organization. Streams of what is paused keep their place. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table members add column pauses jsonb not null default '{}'`,
  `alter table organizations add column pause jsonb`,
  `alter table streams add column held_by text`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
