/** What routes get to work with; made by the composition root. */
import type { AccessTokens } from '../consent/accessTokens.ts';
import type { ConsentPorts, Principal } from '../consent/ports.ts';
import type { Items, Explanation } from '../contract/api/items.ts';
import type { Category } from '../domain/selection.ts';
import type { Authenticate } from './authenticate.ts';
import type { Changes } from './changes.ts';
import type { Pages } from './pages.ts';
import type { OrganizationSources } from './present/organization.ts';
import type { SyncSources } from './present/sync.ts';

export interface Services {
  readonly publicUrl: string;
  readonly authenticate: Authenticate;
  readonly consent: ConsentPorts;
  readonly tokens: AccessTokens;
  readonly changes: Changes;
  readonly syncSources: SyncSources;
  readonly organizationSources: OrganizationSources;
  readonly pages: Pages;
  readonly admission: Admission;
  items(principal: Principal, category: Category, cursor: string | undefined): Promise<Items | null>;
  explain(principal: Principal, internetMessageId: string): Promise<Explanation>;
  readonly health: Health;
}

/** Admitting the app before anybody of a tenant can sign in. */
export interface Admission {
  /** Microsoft's page for one of the two steps. */
  url(step: AdmissionStep, state: string): string;
}

export type AdmissionStep = 'graph' | 'api';

export interface Health {
  /** The parts that are not ready, by name; empty when all are. */
  unready(): Promise<readonly string[]>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}
