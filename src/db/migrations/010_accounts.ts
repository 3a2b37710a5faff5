/** The name that a person signs in with, beside the hint for Entra, which is opaque. It is known when they next open Assent. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table members add column account text`.execute(db);
}
