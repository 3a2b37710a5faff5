/**
 * Everything that authorization needs beyond the first version: who may connect, coverage, service mode, links,
 * drift, and what was learned of a tenant's policies.
 *
 * A former "users may not consent" did not say to what; it becomes a refusal of nothing in particular, which
 * speaks about every request until someone is granted something.
 */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table organizations
    add column user_consent jsonb not null default '{"policy":null,"refused":[],"granted":[]}',
    add column access jsonb not null default '{"kind":"everyone"}',
    add column coverage jsonb not null default '{"kind":"people","memberIds":[]}',
    add column canary_id uuid,
    add column cloud text not null default 'unknown' check (cloud in ('unknown', 'supported', 'unsupported')),
    add column cloud_checked_at timestamptz,
    add column grant_missing text[] not null default '{}',
    add column grant_missing_since timestamptz,
    add column grant_checked_at timestamptz,
    add column service jsonb,
    add column directory_check jsonb`,
  `update organizations set user_consent = jsonb_build_object('policy', null, 'granted', jsonb_build_array(),
    'refused', jsonb_build_array(jsonb_build_object('scopes', jsonb_build_array(), 'source', 'refusal',
      'at', to_char(users_may_consent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
    where users_may_consent = 'no' and users_may_consent_at is not null`,
  `alter table organizations drop column users_may_consent, drop column users_may_consent_at`,
  `update organizations set grant_checked_at = grant_proven_at`,
  `alter table members
    add column opened_at timestamptz,
    add column prompt text not null default 'ask' check (prompt in ('ask', 'later', 'never')),
    add column prompt_after timestamptz`,
  `update members set opened_at = created_at`,
  `create table member_groups (
    tenant_id uuid not null,
    group_id uuid not null,
    member_id uuid not null,
    checked_at timestamptz not null,
    primary key (tenant_id, group_id, member_id)
  )`,
  `create index member_groups_of_member on member_groups (tenant_id, member_id)`,
  `alter table connections
    add column revoked_scopes text[] not null default '{}',
    add column renew_at timestamptz,
    add column has_left boolean not null default false,
    drop constraint connections_status_check,
    add constraint connections_status_check check (status in ('live', 'lost', 'removed'))`,
  `update connections set renew_at = scopes_checked_at + interval '50 minutes'`,
  `alter table connections alter column renew_at set not null`,
  `create index connections_to_renew on connections (renew_at) where status = 'live'`,
  `alter table consents
    add column purpose text not null default 'consent'
      check (purpose in ('consent', 'checkDirectory', 'narrowGrant', 'removeGrant')),
    add column grant_for text not null default 'self' check (grant_for in ('self', 'everyone')),
    add column link_hash text,
    add column is_qualified boolean not null default true,
    drop constraint consents_mode_check,
    add constraint consents_mode_check check (mode in ('individual', 'organization', 'service'))`,
  `update consents set grant_for = 'everyone' where mode = 'organization'`,
  `create table consent_links (
    tenant_id uuid not null,
    link_hash text not null,
    consent_hash text not null,
    member_id uuid not null,
    purpose text not null,
    mode text not null check (mode in ('individual', 'organization', 'service')),
    grant_for text not null,
    selection jsonb not null,
    relevance jsonb not null,
    erase jsonb not null,
    epoch bigint not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (tenant_id, link_hash),
    foreign key (tenant_id, member_id) references members
  )`,
  `create index consent_links_of_consent on consent_links (tenant_id, consent_hash)`,
  `alter table outbox drop constraint outbox_kind_check,
    add constraint outbox_kind_check check (kind in ('upserted', 'removed', 'erased', 'disconnected'))`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
