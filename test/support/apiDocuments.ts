/** What the API answers a member of Harbor Reed Partners, where nothing was decided yet; `more` says what was. */
import type { OrganizationDocument } from '../../src/contract/api/organization.ts';
import type { Exclusions, RelevanceDocument } from '../../src/contract/api/relevance.ts';
import type { Progress, ReceiptDocument, Sync } from '../../src/contract/api/sync.ts';
import { NO_SETTINGS } from '../../src/domain/ruleSettings.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';

export const NO_RULES: RelevanceDocument = {
  ignoredDomains: [],
  excludedDomains: [],
  excludedAddresses: [],
  excludedFolders: [],
  ...NO_SETTINGS,
};

export function aSync(more: Partial<Sync> = {}): Sync {
  return {
    mode: 'individual',
    decisions: {},
    preference: EMPTY_SELECTION,
    connection: 'none',
    offers: {},
    prompt: false,
    granted: [],
    streams: [],
    mailboxes: [],
    ...more,
  };
}

/** Mail that is up to date. */
export function aProgress(more: Partial<Progress> = {}): Progress {
  return {
    category: 'mail',
    stage: 'current',
    items: 3,
    expected: null,
    rate: null,
    secondsLeft: null,
    lastSuccessAt: null,
    nextAttemptAt: null,
    error: null,
    failing: 0,
    setAside: 0,
    parts: [],
    partCount: 1,
    ...more,
  };
}

export function aReceipt(more: Partial<ReceiptDocument> = {}): ReceiptDocument {
  return {
    id: '0198c7f2-receipt',
    state: 'erased',
    startedAt: '2026-11-20T10:00:00.000Z',
    endedAt: '2026-11-20T10:01:00.000Z',
    items: { mail: 3 },
    ...more,
  };
}

export function someExclusions(more: Partial<Exclusions> = {}): Exclusions {
  return {
    organization: NO_RULES,
    own: { addresses: [], domains: [], folders: [], conversations: [], ...NO_SETTINGS },
    folders: [],
    review: null,
    ...more,
  };
}

export const GRANT: NonNullable<OrganizationDocument['grant']> = {
  state: 'verified',
  scopes: ['Mail.Read'],
  grantedBy: 'Owen Park',
  grantedAt: '2026-11-20T10:00:00.000Z',
  provenAt: '2026-11-20T11:00:00.000Z',
  checkedAt: null,
  missing: [],
  missingSince: null,
  unused: [],
};

export const SERVICE: NonNullable<OrganizationDocument['service']> = {
  state: 'verified',
  grantedBy: 'Owen Park',
  grantedAt: '2026-11-20T10:00:00.000Z',
  checkedAt: null,
  reached: ['mail', 'calendar'],
  canary: 'refused',
};

/** As its owner sees it. */
export function anOrganization(more: Partial<OrganizationDocument> = {}): OrganizationDocument {
  return {
    id: 'harbor-reed',
    name: 'Harbor Reed Partners',
    version: 7,
    enabled: true,
    mode: 'individual',
    selection: EMPTY_SELECTION,
    relevance: NO_RULES,
    review: null,
    pause: null,
    access: { kind: 'everyone' },
    grant: null,
    service: null,
    offersService: false,
    pending: null,
    people: [],
    members: { opened: 3, connected: 2, covered: 0, signIn: 0 },
    rights: { canClaim: false, canChange: true, canGrant: true, canGrantService: true, canAssignRoles: true },
    portalUrl: 'https://entra.example/app',
    ...more,
  };
}
