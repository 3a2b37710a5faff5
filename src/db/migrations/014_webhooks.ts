/**
 * Webhooks: endpoints, how far each has come in each organization (a lane), and what was sent or waits to be sent again.
 */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table webhook_endpoints (
    endpoint_id text primary key,
    url text not null,
    events text[],
    organization_ids uuid[],
    payload text not null,
    linger_milliseconds integer not null,
    max_in_flight integer not null,
    sealed text not null,
    state text not null,
    disabled_reason text,
    failures integer not null default 0,
    failing_since timestamptz,
    tries integer not null default 0,
    next_try_at timestamptz,
    is_busy boolean not null default false,
    succeeded_at timestamptz,
    is_catching_up boolean not null default false,
    claimed_at timestamptz,
    created_at timestamptz not null
  )`,
  `create table webhook_lanes (
    endpoint_id text not null references webhook_endpoints on delete cascade,
    tenant_id uuid not null,
    delivered bigint not null,
    published bigint not null,
    pending_to bigint,
    replay_until bigint,
    resume_from bigint,
    due_at timestamptz,
    tries integer not null default 0,
    first_at timestamptz,
    lease_owner uuid,
    lease_until timestamptz,
    primary key (endpoint_id, tenant_id)
  )`,
  `create index webhook_lanes_due on webhook_lanes (endpoint_id, due_at) where due_at is not null`,
  `create index webhook_lanes_leased on webhook_lanes (endpoint_id) where lease_owner is not null`,
  `create table webhook_deliveries (
    delivery_id text primary key,
    endpoint_id text not null references webhook_endpoints on delete cascade,
    tenant_id uuid,
    event text not null,
    first bigint,
    last bigint,
    detail jsonb,
    state text not null,
    tries integer not null default 0,
    attempts jsonb not null default '[]',
    first_at timestamptz not null,
    last_at timestamptz not null,
    due_at timestamptz,
    lease_owner uuid,
    lease_until timestamptz
  )`,
  `create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint_id, last_at, delivery_id)`,
  `create index webhook_deliveries_of_lane on webhook_deliveries (endpoint_id, tenant_id, first)`,
  `create index webhook_deliveries_due on webhook_deliveries (endpoint_id, due_at) where due_at is not null`,
  // Versions before this one publish without telling the lanes.
  `update schema_floor set oldest_version = '014_webhooks'`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) {
    await sql.raw(statement).execute(db);
  }
}
