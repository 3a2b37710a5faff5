/**
 * Rules beyond the ignored domains: a member's own, sealed; reviews of what is stored after a change; where folders
 * are; and when streams are to be reread because someone became known.
 *
 * Lists of folders are read from the beginning once, so that every folder gets its place.
 */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table members add column rules bytea, add column retention_days integer`,
  `alter table containers add column parent_id text`,
  `update streams set cursor = null, stage = 'baseline', generation = generation + 1
    where category in ('mail', 'contacts') and container = ''`,
  `alter table streams add column rejudge_at timestamptz`,
  `create index items_contacts on items using gin (participant_hashes) where category = 'contacts'`,
  `create table reviews (
    tenant_id uuid not null,
    review_id uuid not null,
    scope_id uuid,
    member_id uuid not null,
    category text not null,
    after_item text collate "C",
    looked bigint not null default 0,
    removed bigint not null default 0,
    started_at timestamptz not null,
    ended_at timestamptz,
    retry_at timestamptz,
    primary key (tenant_id, review_id, member_id, category)
  )`,
  `create index reviews_of on reviews (tenant_id, scope_id)`,
  `create index reviews_open on reviews (started_at) where ended_at is null`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
