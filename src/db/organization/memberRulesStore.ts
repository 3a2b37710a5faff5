/** Members' own rules, sealed: who a member excludes is no one else's business. */
import { z } from 'zod';
import { type MemberRules, NO_RULES } from '../../domain/memberRules.ts';
import type { RulesVault } from '../../consent/ports.ts';
import { NO_FILTERS, type RelevancePolicy } from '../../domain/relevance.ts';
import { NO_SETTINGS, PRIVATE_EVENTS } from '../../domain/ruleSettings.ts';
import { CATEGORIES } from '../../domain/categories/categories.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { KeyName } from '../keys/keyStore.ts';
import { updateMember } from './members.ts';
import { type DataKey, SealBrokenError } from '../keys/sealing.ts';
import type { Reader, Writer } from '../transact.ts';

const texts = z.array(z.string());
/** What only an organization's policy has is not stored. */
type OwnPolicy = Omit<RelevancePolicy, 'ignoredDomains' | 'excludedFolderNames'>;
const Policy: z.ZodType<OwnPolicy> = z.object({
  excludedAddresses: texts,
  excludedDomains: texts,
  excludedFolderIds: texts,
  excludedConversations: texts,
  knownContactsOnly: z.boolean(),
  lookBackDays: z.number().nullable(),
  retentionDays: z.number().nullable(),
  // Rules that were written before these could be chosen say nothing of them.
  leavesOutDrafts: z.boolean().default(NO_SETTINGS.leavesOutDrafts),
  privateEvents: z.enum(PRIVATE_EVENTS).default(NO_SETTINGS.privateEvents),
});
const Sealed = z.object({
  policy: Policy,
  subjects: z.record(z.string(), z.string()),
  // What was written before mailboxes could be named has none.
  mailboxes: z
    .array(z.object({ id: z.string(), address: z.string(), closed: z.array(z.enum(CATEGORIES)) }))
    .default([]),
});

export async function readSealedRules(db: Reader, tenantId: string, memberId: string): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom('members')
    .select('rules')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .executeTakeFirst();
  return row?.rules ?? null;
}

/** How long things are kept stands in clear beside the rest, for the job that removes what is older. */
export function setSealedRules(
  tx: Writer,
  tenantId: string,
  memberId: string,
  sealed: Uint8Array | null,
  retentionDays: number | null,
): Promise<void> {
  return updateMember(tx, tenantId, memberId, { rules: sealed, retention_days: retentionDays });
}

export function rulesKeyName(tenantId: string, memberId: string): KeyName {
  return { tenantId, memberId, purpose: 'rules' };
}

/** Someone's rules are there and cannot be read: nothing of theirs may be stored until they can, or are recreated. */
export class RulesUnreadableError extends Error {
  override readonly name = 'RulesUnreadableError';
  readonly code = 'rules_unreadable';
}

/** Throws `RulesUnreadableError` for what does not open. */
export function openRules(key: DataKey | null, name: KeyName, sealed: Uint8Array | null): MemberRules {
  if (sealed === null) {
    return NO_RULES;
  }
  try {
    if (key === null) {
      throw new SealBrokenError('There is no key for it');
    }
    const { policy, ...rest } = Sealed.parse(key.open(placeOf(name), sealed));
    return { policy: { ...NO_FILTERS, ...policy }, ...rest };
  } catch (cause) {
    if (cause instanceof SealBrokenError) {
      throw new RulesUnreadableError("A member's rules do not open", { cause });
    }
    throw cause;
  }
}

/** `null` for what does not open. */
function openRulesOrNull(key: DataKey | null, name: KeyName, sealed: Uint8Array | null): MemberRules | null {
  try {
    return openRules(key, name, sealed);
  } catch (error) {
    if (error instanceof RulesUnreadableError) {
      return null;
    }
    throw error;
  }
}

/** Whether it can be read, or there is nothing to read. */
export function opensRules(key: DataKey | null, name: KeyName, sealed: Uint8Array | null): boolean {
  return openRulesOrNull(key, name, sealed) !== null;
}

interface StoredRules {
  readonly name: KeyName;
  readonly key: DataKey | null;
  readonly sealed: Uint8Array | null;
}

/** The key is read afresh: another process may have made a new one since this one looked last. */
async function readStored(db: Reader, keyring: Keyring, tenantId: string, memberId: string): Promise<StoredRules> {
  const name = rulesKeyName(tenantId, memberId);
  const sealed = await readSealedRules(db, tenantId, memberId);
  return { name, sealed, key: sealed === null ? null : await keyring.freshForReading(name) };
}

export async function readMemberRules(
  db: Reader,
  keyring: Keyring,
  tenantId: string,
  memberId: string,
): Promise<MemberRules> {
  const { key, name, sealed } = await readStored(db, keyring, tenantId, memberId);
  return openRules(key, name, sealed);
}

/** For showing: what does not open is shown as nothing, so that it can be recreated. */
export async function readMemberRulesOrNone(
  db: Reader,
  keyring: Keyring,
  tenantId: string,
  memberId: string,
): Promise<MemberRules> {
  const { key, name, sealed } = await readStored(db, keyring, tenantId, memberId);
  return openRulesOrNull(key, name, sealed) ?? NO_RULES;
}

export function rulesVault(keyring: Keyring): RulesVault {
  return {
    open: async (tenantId, memberId) => {
      const name = rulesKeyName(tenantId, memberId);
      const key = await keyring.forWriting(name);
      return {
        read: (sealed) => openRulesOrNull(key, name, sealed) ?? NO_RULES,
        opens: (sealed) => opensRules(key, name, sealed),
        seal: (rules) => key.seal(placeOf(name), rules),
        isCurrent: async () => (await keyring.freshForReading(name))?.id === key.id,
      };
    },
    destroy: (tenantId, memberId) => keyring.destroy(rulesKeyName(tenantId, memberId)),
  };
}

function placeOf({ tenantId, memberId }: KeyName): readonly string[] {
  return ['rules', tenantId, memberId];
}
