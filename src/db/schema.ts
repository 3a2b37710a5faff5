/**
 * The tables as Kysely sees them. `tenant_id` leads every key of tenant data.
 *
 * Shapes  Instants are `timestamptz`, read as `Date` on both engines; counters are `bigint`, read as numbers.
 *         `sealed` columns hold AES-GCM envelopes (see sealing.ts); everything else is ids, codes and counts.
 */
import type {
  AuditHeadsTable,
  AuditTable,
  MemberGroupsTable,
  MembersTable,
  OrganizationsTable,
} from './organization/organizationTables.ts';
import type { ConnectionsTable, ConsentLinksTable, ConsentsTable } from './consent/consentTables.ts';
import type {
  ContainersTable,
  MailboxesTable,
  NotificationsTable,
  QuarantineTable,
  ReviewsTable,
  StreamsTable,
  SubscriptionsTable,
} from './sync/syncTables.ts';
import type { ErasuresTable, ItemsTable, ReplayedErasuresTable } from './content/contentTables.ts';
import type {
  ApiKeysTable,
  FeedHeadTable,
  FeedNewsTable,
  FeedRunsTable,
  HeadsTable,
  IdempotentRequestsTable,
  OutboxTable,
} from './delivery/deliveryTables.ts';

import type { WebhookDeliveriesTable, WebhookEndpointsTable, WebhookLanesTable } from './delivery/webhookTables.ts';

export interface Schema {
  organizations: OrganizationsTable;
  members: MembersTable;
  connections: ConnectionsTable;
  consents: ConsentsTable;
  consent_links: ConsentLinksTable;
  member_groups: MemberGroupsTable;
  mailboxes: MailboxesTable;
  streams: StreamsTable;
  subscriptions: SubscriptionsTable;
  notifications: NotificationsTable;
  containers: ContainersTable;
  items: ItemsTable;
  quarantine: QuarantineTable;
  outbox: OutboxTable;
  outbox_heads: HeadsTable;
  feed_news: FeedNewsTable;
  feed_runs: FeedRunsTable;
  feed_head: FeedHeadTable;
  outbox_floors: HeadsTable;
  api_keys: ApiKeysTable;
  idempotent_requests: IdempotentRequestsTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_lanes: WebhookLanesTable;
  webhook_deliveries: WebhookDeliveriesTable;
  audit: AuditTable;
  audit_heads: AuditHeadsTable;
  erasures: ErasuresTable;
  reviews: ReviewsTable;
  followed_deletions: ReplayedErasuresTable;
}
