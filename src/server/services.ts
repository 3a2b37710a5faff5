/** What routes get to work with; made by the composition root. */
import type { OpenedFile } from './readFileContent.ts';
import type { Refused } from '../domain/problems.ts';
import type { AccessTokenProvider } from '../consent/accessTokens.ts';
import type { RulesResult } from '../consent/changeRules.ts';
import type { ConsentPorts, Principal } from '../consent/ports.ts';
import type { Audit } from '../contract/api/audit.ts';
import type { Items, Explanation } from '../contract/api/items.ts';
import type { Fleet, Preview, PreviewRequest, Readiness, RelevancePreview } from '../contract/api/organization.ts';
import type { RuleSettingsDocument, ExclusionDocument, Exclusions } from '../contract/api/relevance.ts';
import type { SetAside, Stored } from '../contract/api/stored.ts';
import type { Coverage, FoundGroups, FoundPeople, Roster } from '../contract/api/people.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { NotificationInbox } from '../sync/receiveNotifications.ts';
import type { Authenticate } from './authenticate.ts';
import type { Changes } from './changes.ts';
import type { Pages } from './pages/pages.ts';
import type { OrganizationSources } from './present/organization.ts';
import type { SyncSources } from './present/sync.ts';

export interface Services extends Administration, OwnContent {
  readonly publicUrl: string;
  /** Microsoft's address for sign-ins, as claims challenges name it. */
  readonly authority: string;
  readonly authenticate: Authenticate;
  readonly consent: ConsentPorts;
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

/** What members see and change of what is stored of them. */
export interface OwnContent {
  items(principal: Principal, category: Category, cursor: string | undefined): Promise<Items | null>;
  explain(principal: Principal, internetMessageId: string): Promise<Explanation>;
  openFile(principal: Principal, itemId: string): Promise<OpenedFile | Refused>;
  readonly stored: StoredServices;
  readonly exclusions: ExclusionServices;
  readonly mailboxes: MailboxServices;
}

/** What is kept, was erased, or could not be read. */
export interface StoredServices {
  list(principal: Principal): Promise<Stored | null>;
  setAside(principal: Principal): Promise<SetAside>;
}

/** What a member leaves out. */
export interface ExclusionServices {
  list(principal: Principal): Promise<Exclusions>;
  exclude(principal: Principal, exclusion: ExclusionDocument): Promise<RulesResult>;
  include(principal: Principal, exclusion: ExclusionDocument): Promise<RulesResult>;
  changeRuleSettings(principal: Principal, settings: RuleSettingsDocument): Promise<RulesResult>;
}

/** Mailboxes of others that a member has read. */
export interface MailboxServices {
  add(principal: Principal, address: string): Promise<RulesResult>;
  remove(principal: Principal, mailboxId: string): Promise<RulesResult>;
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
