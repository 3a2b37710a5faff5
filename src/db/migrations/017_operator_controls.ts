/** What the operator says of an organization: whether it is suspended, and what its plan offers. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table organizations add column suspended_at timestamptz, add column caps jsonb`,
  // A version that doesn't know them would go on with what is suspended.
  `update schema_floor set oldest_version = '017_operator_controls'`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
