/**
 * The feed over all organizations: what an organization's outbox has that the feed doesn't have yet, and the runs that it
 * is made of. What was told before is one run an organization. Beside it the keys of those who read it.
 */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table outbox drop constraint outbox_kind_check,
    add constraint outbox_kind_check check (kind in ('upserted', 'removed', 'erased', 'disconnected', 'void'))`,
  `create table feed_news (
    tenant_id uuid not null,
    first bigint not null,
    last bigint not null check (last >= first),
    primary key (tenant_id, first)
  )`,
  `create table feed_runs (
    position bigint primary key,
    tenant_id uuid not null,
    first bigint not null,
    last bigint not null check (last >= first)
  )`,
  `create unique index feed_runs_of_organization on feed_runs (tenant_id, first)`,
  `create table feed_head (
    id boolean primary key default true check (id),
    position bigint not null,
    floor_position bigint not null default 0,
    floor_sequence bigint not null default 0
  )`,
  `insert into feed_runs (position, tenant_id, first, last)
    select row_number() over (order by tenant_id), tenant_id, 1, sequence from outbox_heads where sequence > 0`,
  `insert into feed_head (position) select count(*) from feed_runs`,
  `create table outbox_floors (tenant_id uuid primary key, sequence bigint not null)`,
  `create table api_keys (
    key_id text primary key,
    name text not null,
    hash text not null,
    scopes text[] not null,
    organization_ids uuid[],
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
  )`,
  // Versions before this one tell the outbox without telling the feed.
  `update schema_floor set oldest_version = '012_feed'`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
