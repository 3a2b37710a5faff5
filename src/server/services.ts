/** What routes get to work with; made by the composition root. */
import type { AccessTokenProvider } from '../consent/accessTokens.ts';
import type { ConsentPorts, Principal } from '../consent/ports.ts';
import type { Audit } from '../contract/api/audit.ts';
import type { Fleet, Preview, PreviewRequest, Readiness, RelevancePreview } from '../contract/api/organization.ts';
import type { Coverage, FoundGroups, FoundPeople, Roster } from '../contract/api/people.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { NotificationInbox } from '../sync/receiveNotifications.ts';
import type { Authenticate } from './authenticate.ts';
import type { Changes } from './changes.ts';
import type { Pages } from './pages/pages.ts';
import type { OrganizationSources } from './present/organization.ts';
import type { SyncSources } from './present/sync.ts';
import { type ContentPorts } from '../content/ports.ts';

export interface Services extends Administration {
  readonly publicUrl: string;
  /** Microsoft's address for sign-ins, as claims challenges name it. */
  readonly authority: string;
  readonly authenticate: Authenticate;
  readonly consent: ConsentPorts;
  readonly content: ContentPorts;
  readonly tokens: AccessTokenProvider;
  readonly changes: Changes;
  readonly syncSources: SyncSources;
  readonly organizationSources: OrganizationSources;
  readonly pages: Pages;
  readonly admission: AppApproval;
  /** What is to be done at Graph when the person's connection has ended; asked for before. */
  prepareUnsubscribe(principal: Principal): Promise<() => Promise<void>>;
  /** Compares what Microsoft grants a person with what is stored, after the answer was given. */
  recheckGrant(principal: Principal): void;
  readonly audit: AuditLog;
  readonly notifications: NotificationInbox;
  readonly health: Health;
}

/** What owners and managers look at. */
export interface Administration {
  roster(tenantId: string): Promise<Roster>;
  coverage(tenantId: string): Promise<Coverage>;
  findPeople(tenantId: string, search: string): Promise<FoundPeople>;
  findGroups(tenantId: string, search: string): Promise<FoundGroups>;
  preview(tenantId: string, request: PreviewRequest): Promise<Preview>;
  previewRelevance(tenantId: string, policy: RelevancePolicy): Promise<RelevancePreview>;
  readiness(tenantId: string): Promise<Readiness>;
  fleet(tenantId: string): Promise<Fleet>;
}

export interface AuditLog {
  page(tenantId: string, before: number | null): Promise<Audit>;
  /** The whole log, newest first, as lines of a file. */
  lines(tenantId: string, format: 'csv' | 'json'): AsyncIterable<string>;
}

/** Admitting the app before anybody of a tenant can sign in. */
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
