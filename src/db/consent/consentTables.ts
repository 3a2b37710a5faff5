/** Tables of connections, consent transactions and links. */
import type { ColumnType, Generated } from 'kysely';
import type { Mode } from '../../domain/mode.ts';
import type { Purpose } from '../../domain/records.ts';
import type { RelevancePolicy } from '../../domain/relevance.ts';
import type { Selection } from '../../domain/selection.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { Json } from '../columns.ts';

export interface ConnectionsTable {
  tenant_id: string;
  member_id: string;
  connection_id: string;
  status: 'live' | 'lost' | 'removed';
  lost_reason: string | null;
  epoch: Generated<number>;
  /** Every scope that the newest token carried. */
  scopes: string[];
  scopes_checked_at: Date;
  /** Scopes that are known to come from this member's own consent. */
  personal_scopes: string[];
  revoked_scopes: ColumnType<string[], string[] | undefined, string[]>;
  /** When what is granted is looked at again at the latest. */
  renew_at: Date;
  /** The member ended the connection; only the member begins another one of their own. */
  has_left: Generated<boolean>;
  credential: Uint8Array | null;
  created_at: Date;
}

export interface ConsentsTable {
  tenant_id: string;
  consent_hash: string;
  member_id: string;
  purpose: Purpose;
  mode: Mode;
  grant_for: 'self' | 'everyone';
  link_hash: string | null;
  is_qualified: Generated<boolean>;
  selection: Json<Selection>;
  relevance: Json<Partial<RelevancePolicy> | null>;
  erase: Json<readonly Category[]>;
  epoch: number;
  step: 'created' | 'adminConsent' | 'signIn' | 'redeeming' | 'proving' | 'ended';
  state: 'started' | 'propagating' | 'settling' | 'grantedUnproven' | 'verified' | 'refused' | 'expired';
  reason: string | null;
  browser_hash: string | null;
  granted_by: string | null;
  attempts: Generated<number>;
  attempt_at: Date | null;
  created_at: Date;
  expires_at: Date;
}

export interface ConsentLinksTable {
  tenant_id: string;
  link_hash: string;
  consent_hash: string;
  member_id: string;
  purpose: Purpose;
  mode: Mode;
  grant_for: 'self' | 'everyone';
  selection: Json<Selection>;
  relevance: Json<Partial<RelevancePolicy> | null>;
  erase: Json<readonly Category[]>;
  epoch: number;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}
