/** What routes get to work with; made by the composition root. */
import type { AccessTokenProvider } from '../consent/accessTokens.ts';
import type { ConsentPorts } from '../consent/ports.ts';
import type { Principal } from '../domain/people.ts';
import type { NotificationInbox } from '../sync/receiveNotifications.ts';
import type { ApiKeyPorts } from '../delivery/apiKeys.ts';
import type { FeedPorts, OrganizationList, ReadHealth } from '../delivery/ports.ts';
import type { WebhookPorts } from '../delivery/webhookPorts.ts';
import type { Allow } from './authorize.ts';
import type { AllowKey } from './authorizeKey.ts';
import type { Idempotent } from './idempotent.ts';
import type { BackgroundWork } from './backgroundWork.ts';
import type { Changes } from './changes.ts';
import type { Pages } from './pages/pages.ts';
import type { OrganizationSources } from './present/organization.ts';
import type { SyncSources } from './present/sync.ts';
import { type ContentPorts } from '../content/ports.ts';
import { People } from '../administration/people.ts';
import { type AdministrationPorts } from '../administration/ports.ts';

export interface Services {
  readonly publicUrl: string;
  /** Microsoft's address for sign-ins, as claims challenges name it. */
  readonly authority: string;
  /** Who may call a route. */
  readonly allow: Allow;
  /** Which API keys may call a route. */
  readonly allowKey: AllowKey;
  /** Which routes take an `Idempotency-Key`. */
  readonly idempotent: Idempotent;
  readonly apiKeys: ApiKeyPorts;
  readonly feed: FeedPorts & { stop(): void };
  readonly organizations: OrganizationList;
  readonly webhooks: WebhookPorts;
  readonly readHealth: ReadHealth;
  readonly consent: ConsentPorts;
  readonly content: ContentPorts;
  readonly administration: AdministrationPorts;
  readonly people: People;
  readonly tokens: AccessTokenProvider;
  readonly changes: Changes;
  /** A number that rises with every change of what is stored of anyone in an organization. */
  contentVersion(tenantId: string): Promise<number>;
  readonly syncSources: SyncSources;
  readonly organizationSources: OrganizationSources;
  readonly pages: Pages;
  readonly admission: AppApproval;
  /** What is to be done at Graph when the person's connection has ended; asked for before. */
  prepareUnsubscribe(principal: Principal): Promise<() => Promise<void>>;
  /** Compares what Microsoft grants a person with what is stored, after the answer was given. */
  recheckGrant(principal: Principal): void;
  readonly background: BackgroundWork;
  readonly notifications: NotificationInbox;
  readonly health: Health;
}

/** Admitting the app before anyone of a tenant can sign in. */
export interface AppApproval {
  /** Microsoft's page for one of the two steps. */
  url(step: AppApprovalStep, state: string): string;
}

export type AppApprovalStep = 'graph' | 'api';

export interface Health {
  /** The parts that are not ready, by name; empty when all are. */
  unreadyParts(): Promise<readonly string[]>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}
