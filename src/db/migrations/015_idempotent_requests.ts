/** Requests of the operator's product that are to have one effect; from where its keys may be used, and who made them. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table idempotent_requests (
    scope text primary key,
    fingerprint text not null,
    sealed_seed text not null,
    lease_until timestamptz,
    status integer,
    sealed_answer text,
    created_at timestamptz not null
  )`,
  `create index idempotent_requests_by_age on idempotent_requests (created_at)`,
  `alter table api_keys add column allowed_addresses text[], add column made_by text`,
  // A version that doesn't know the column would let keys in from everywhere.
  `update schema_floor set oldest_version = '015_idempotent_requests'`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
