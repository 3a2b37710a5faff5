/** One message of a member's by its internet message id: stored, or asked of Graph under the current grant. */
import type { ConsentReader, Principal } from '../consent/ports.ts';
import { findByMessageId } from '../db/items.ts';
import type { Keyring } from '../db/keys/keyring.ts';
import { readMemberRulesOrNone } from '../db/memberRules.ts';
import type { Database } from '../db/openDatabase.ts';
import { decide } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import type { Evaluated } from '../domain/relevance.ts';
import { formatContainer } from '../domain/sharedMailboxes.ts';
import { findMessage } from '../microsoft/graph/findMessage.ts';
import { isClosed } from '../microsoft/graph/sharedMailbox.ts';
import type { GraphTransport } from '../microsoft/graph/transport.ts';
import { accessToShared } from '../sync/graphAccessFor.ts';
import type { TokenPort } from '../sync/ports.ts';

export interface StoredItemsSources {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly consents: ConsentReader;
  readonly tokens: TokenPort;
  readonly transport: GraphTransport;
  readonly now: () => Date;
}

export interface FoundMessage extends Evaluated {
  readonly kind: 'found';
  readonly itemId: string;
  readonly folderId: string;
  readonly subject: string;
  readonly sender: string | null;
  /** `null` where it is not stored. */
  readonly stored: { readonly level: 'limited' | 'full'; readonly storedAt: Date } | null;
}

/** `mailOff` and `mailPaused`: it is not stored, and nobody may ask Microsoft right now. */
export type OwnMessage =
  | FoundMessage
  | { readonly kind: 'mailOff' }
  | { readonly kind: 'mailPaused' }
  | { readonly kind: 'notInMailbox' }
  | { readonly kind: 'notKnown' };

/** Nothing about a message that is not stored is stored by asking. */
export async function findMemberMessage(
  sources: StoredItemsSources,
  { tenantId, memberId }: Pick<Principal, 'tenantId' | 'memberId'>,
  internetMessageId: string,
): Promise<OwnMessage> {
  const { database, keyring, consents, tokens, transport } = sources;
  const key = await keyring.forReading({ tenantId, memberId, purpose: 'mail' });
  const stored =
    key === null ? null : await findByMessageId(database.kysely, { tenantId, memberId }, key, internetMessageId);
  if (stored !== null) {
    return { kind: 'found', ...stored };
  }
  const facts = await consents.decisionFacts(tenantId, memberId);
  const decision = facts === null ? null : decide('mail', facts);
  if (facts === null || decision === null || decision.effective.sync === 'off') {
    return { kind: decision?.until === undefined ? 'mailOff' : 'mailPaused' };
  }
  const { sync, shared } = decision.effective;
  const needed = scopesForLevel('mail', { sync, act: 'none', shared });
  const token = await tokens.get({ tenantId, memberId, mode: facts.organization.mode }, needed);
  if (token.kind !== 'token') {
    return { kind: 'notKnown' };
  }
  const { mailboxes } = await readMemberRulesOrNone(database.kysely, keyring, tenantId, memberId);
  for (const other of [null, ...(shared ? mailboxes : [])]) {
    const access = other === null ? token.access : accessToShared(token.access, other.address);
    const answer = await findMessage(transport, access, internetMessageId);
    // A mailbox of others that is closed has nothing to say of a message.
    if (answer.kind !== 'ok' && (other === null || !isClosed(answer))) {
      return { kind: 'notKnown' };
    }
    if (answer.kind === 'ok' && answer.value !== null) {
      const folderId = formatContainer(other?.id ?? null, answer.value.folderId);
      return { kind: 'found', ...answer.value, isPrivate: false, isBusyTime: false, folderId, stored: null };
    }
  }
  return { kind: 'notInMailbox' };
}
