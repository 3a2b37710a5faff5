/** Tables of organizations, their members and groups, and the audit log. */
import type { ColumnType, Generated } from 'kysely';
import type { AuditDetail } from '../../domain/audit.ts';
import type { Audience } from '../../domain/audience.ts';
import type { Mode } from '../../domain/mode.ts';
import type { Pause, Pauses } from '../../domain/pause.ts';
import type { CloudKind, DirectoryCheck, Prompt, ServiceGrant } from '../../domain/records.ts';
import type { ProductRole } from '../../domain/roles.ts';
import type { RelevancePolicy } from '../../domain/relevance.ts';
import type { Selection } from '../../domain/selection.ts';
import type { UserConsentKnowledge } from '../../domain/userConsent.ts';
import type { DefaultedJson, Json } from '../columns.ts';

export interface OrganizationsTable {
  tenant_id: string;
  name: string | null;
  enabled: Generated<boolean>;
  mode: Generated<Mode>;
  selection: Json<Selection>;
  /** What an earlier version wrote has some of it only. */
  relevance: Json<Partial<RelevancePolicy>>;
  pause: Json<Pause | null> | null;
  epoch: Generated<number>;
  version: Generated<number>;
  user_consent: DefaultedJson<UserConsentKnowledge>;
  access: DefaultedJson<Audience>;
  coverage: DefaultedJson<Audience>;
  canary_id: string | null;
  cloud: Generated<CloudKind>;
  cloud_checked_at: Date | null;
  grant_state: Generated<'none' | 'unproven' | 'verified'>;
  grant_scopes: ColumnType<string[], string[] | undefined, string[]>;
  granted_by: string | null;
  granted_at: Date | null;
  grant_proven_at: Date | null;
  grant_missing: ColumnType<string[], string[] | undefined, string[]>;
  grant_missing_since: Date | null;
  grant_checked_at: Date | null;
  service: Json<ServiceGrant | null> | null;
  directory_check: Json<DirectoryCheck | null> | null;
  suspended_at: Date | null;
  caps: Json<Partial<Selection> | null> | null;
  /** Its share of the workers beside other organizations. */
  weight: Generated<number>;
  created_at: Date;
}

export interface MembersTable {
  tenant_id: string;
  member_id: string;
  name: string | null;
  account: string | null;
  login_hint: string | null;
  product_role: ProductRole | null;
  is_guest: Generated<boolean>;
  is_disabled: Generated<boolean>;
  preference: Json<Selection>;
  pauses: DefaultedJson<Pauses>;
  /** The member's own rules, sealed. */
  rules: Uint8Array | null;
  /** What they say of how long things are kept, in clear. */
  retention_days: number | null;
  mailbox_kind: Generated<'unknown' | 'cloud' | 'onPremises' | 'none' | 'unlicensed'>;
  mailbox_checked_at: Date | null;
  created_at: Date;
  seen_at: Date;
  opened_at: Date | null;
  prompt: Generated<Prompt['state']>;
  prompt_after: Date | null;
}

/** Who was found in the groups that an organization's choices of people name. */
export interface MemberGroupsTable {
  tenant_id: string;
  group_id: string;
  member_id: string;
  checked_at: Date;
}

export interface AuditHeadsTable {
  tenant_id: string;
  sequence: number;
  hash: string;
}

export interface AuditTable {
  tenant_id: string;
  sequence: number;
  at: Date;
  actor_id: string | null;
  action: string;
  target: string | null;
  detail: Json<Readonly<Record<string, AuditDetail>>>;
  previous_hash: string;
  hash: string;
}
