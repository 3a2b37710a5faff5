/** Records of people and places as they are stored, for what is decided from them. */
import type { Connection, Member, Organization } from '../../src/domain/records.ts';
import { AT_FIRST } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { UNKNOWN_CONSENT_POLICY } from '../../src/domain/userConsent.ts';

export const AT = new Date('2026-11-29T09:00:00.000Z');
/** When the mailbox and the token were looked at last. */
export const CHECKED = new Date('2026-11-29T08:59:00.000Z');
export const READ = { sync: 'full', act: 'none', shared: false } as const;

export const HARBOR_REED: Organization = {
  tenantId: 'tenant',
  name: 'Harbor Reed Partners',
  enabled: true,
  mode: 'individual',
  selection: EMPTY_SELECTION,
  relevance: AT_FIRST,
  pause: null,
  epoch: 1,
  version: 1,
  userConsent: UNKNOWN_CONSENT_POLICY,
  access: { kind: 'everyone' },
  coverage: { kind: 'everyone' },
  canaryId: null,
  cloud: { value: 'supported', checkedAt: null },
  grant: null,
  service: null,
  directory: null,
  suspendedAt: null,
  caps: null,
};

export const MARA: Member = {
  tenantId: 'tenant',
  memberId: 'mara',
  name: 'Mara Ellis',
  account: 'mara.ellis@harborreed.example',
  loginHint: null,
  productRole: null,
  isGuest: false,
  isDisabled: false,
  preference: { ...EMPTY_SELECTION, mail: READ },
  pauses: {},
  mailbox: { value: 'cloud', checkedAt: CHECKED.toISOString() },
  openedAt: AT,
  seenAt: AT,
  prompt: { state: 'ask', after: null },
};

export const CONNECTED: Connection = {
  tenantId: 'tenant',
  memberId: 'mara',
  connectionId: 'connection',
  status: 'live',
  lostReason: null,
  epoch: 1,
  scopes: ['User.Read', 'Mail.Read'],
  scopesCheckedAt: CHECKED,
  personalScopes: ['Mail.Read'],
  revokedScopes: [],
  hasCredential: true,
  createdAt: AT,
};
