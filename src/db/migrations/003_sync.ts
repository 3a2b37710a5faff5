/**
 * What the complete sync engine needs: containers of every category, an item's place in more than one of them,
 * how far each stream has caught up, and when it is due.
 *
 * An item that was marked as gone by the former version is marked so by round 0, which every later round is after.
 */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table folders rename to containers`,
  `alter table containers rename column folder_id to container_id`,
  `alter table containers
    add column category text not null default 'mail',
    add column is_shared boolean not null default false`,
  `alter table containers alter column category drop default`,
  `alter table containers drop constraint folders_pkey`,
  `alter table containers add primary key (tenant_id, mailbox_id, category, container_id)`,
  `alter table items
    add column modified_at timestamptz,
    add column elsewhere jsonb not null default '{}',
    add column gone_round bigint,
    add column key_id uuid`,
  `update items set gone_round = 0 where gone`,
  `drop index items_gone`,
  `alter table items drop column gone`,
  `create index items_gone on items (tenant_id, member_id, category) where gone_round is not null`,
  `create index items_elsewhere on items (tenant_id, member_id, category) where elsewhere <> '{}'`,
  `alter table streams
    add column begun_round bigint,
    add column caught_up_round bigint not null default 0`,
  `alter table mailboxes add column is_first boolean not null default true`,
  `update mailboxes set is_first = exists (select 1 from streams
    where streams.tenant_id = mailboxes.tenant_id and streams.mailbox_id = mailboxes.mailbox_id
      and succeeded_at is null)`,
  `drop index mailboxes_due`,
  `create index mailboxes_due on mailboxes (tenant_id, due_at)`,
  `alter table mailboxes add column round_at timestamptz`,
  `create table subscriptions (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    category text not null,
    resource text not null,
    subscription_id text,
    client_state_hash bytea not null,
    expires_at timestamptz,
    act_at timestamptz not null,
    failures integer not null default 0,
    error text,
    primary key (tenant_id, mailbox_id, resource)
  )`,
  `create unique index subscriptions_by_id on subscriptions (subscription_id)`,
  `create table notifications (
    notification_id bigint generated always as identity primary key,
    tenant_id uuid not null,
    mailbox_id uuid not null,
    category text not null,
    subscription_id text not null,
    kind text not null check (kind in ('changed', 'missed', 'removed', 'reauthorizationRequired')),
    received_at timestamptz not null
  )`,
  `alter table organizations add column weight integer not null default 1 check (weight > 0)`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
