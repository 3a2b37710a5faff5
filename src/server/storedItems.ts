/** What is stored of a member, page by page, and why one message is or is not. */
import type { AccessTokens } from '../consent/accessTokens.ts';
import type { ConsentReader, Principal } from '../consent/ports.ts';
import type { Explanation, Item, Items } from '../contract/api/items.ts';
import { readContainerNames } from '../db/containers.ts';
import { findByMessageId, type ItemPlace, readItems, type StoredItem } from '../db/items.ts';
import type { Keyring } from '../db/keys/keyring.ts';
import type { Database } from '../db/openDatabase.ts';
import { decide } from '../domain/decision.ts';
import { judge } from '../domain/relevance.ts';
import type { Category } from '../domain/selection.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { findParticipants } from '../microsoft/graph/findMessage.ts';
import type { GraphTransport } from '../microsoft/graph/transport.ts';

const PAGE = 25;

export interface StoredItemsSources {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly consents: ConsentReader;
  readonly tokens: AccessTokens;
  readonly transport: GraphTransport;
}

/** One page; `null` for a cursor that this never gave out. */
export async function listItems(
  { database, keyring }: StoredItemsSources,
  { tenantId, memberId }: Principal,
  category: Category,
  cursor: string | undefined,
): Promise<Items | null> {
  const from = cursor === undefined ? null : parseCursor(cursor);
  if (from === undefined) {
    return null;
  }
  const key = await keyring.forReading({ tenantId, memberId, purpose: category });
  if (key === null) {
    return { items: [], next: null };
  }
  const names = await readContainerNames(database.kysely, { tenantId, mailboxId: memberId }, category, key);
  const page = await readItems(database.kysely, { tenantId, memberId, category }, key, from, PAGE);
  return {
    items: page.items.map((item) => present(item, names.get(item.folderId))),
    next: page.next === null ? null : cursorOf(page.next),
  };
}

function present({ itemId, category, at, level, content }: StoredItem, folder: string | undefined): Item {
  const { subject, people, internetMessageId } = content;
  return {
    id: itemId,
    category,
    subject,
    at: at.toISOString(),
    people: people.map(({ name, address, role }) => ({ address, role, ...(name === undefined ? {} : { name }) })),
    level,
    ...(internetMessageId === undefined ? {} : { internetMessageId }),
    ...(folder === undefined ? {} : { folder }),
  };
}

function cursorOf({ at, itemId }: ItemPlace): string {
  return Buffer.from(`${at.toISOString()} ${itemId}`).toString('base64url');
}

function parseCursor(text: string): ItemPlace | undefined {
  const match = /^(\S+Z) (\S+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  const at = new Date(match?.[1] ?? '');
  return match?.[2] === undefined || Number.isNaN(at.getTime()) ? undefined : { at, itemId: match[2] };
}

/** Looks into what is stored, then asks Graph under the current grant; stores nothing. */
export async function explainMessage(
  sources: StoredItemsSources,
  { tenantId, memberId }: Principal,
  internetMessageId: string,
): Promise<Explanation> {
  const { database, keyring, consents } = sources;
  const key = await keyring.forReading({ tenantId, memberId, purpose: 'mail' });
  const stored =
    key === null ? null : await findByMessageId(database.kysely, { tenantId, memberId }, key, internetMessageId);
  if (stored !== null) {
    return { verdict: 'synced', level: stored.level, storedAt: stored.storedAt.toISOString() };
  }
  const facts = await consents.decisionFacts(tenantId, memberId);
  const level = facts === null ? 'off' : decide('mail', facts).effective.sync;
  return level === 'off' ? { verdict: 'mailOff' } : askGraph(sources, tenantId, memberId, level, internetMessageId);
}

async function askGraph(
  { consents, tokens, transport }: StoredItemsSources,
  tenantId: string,
  memberId: string,
  level: 'limited' | 'full',
  internetMessageId: string,
): Promise<Explanation> {
  const needed = scopesForLevel('mail', { sync: level, act: 'none', shared: false });
  const token = await tokens.get(tenantId, memberId, needed);
  if (token.kind !== 'token') {
    return { verdict: 'notKnown' };
  }
  const answer = await findParticipants(transport, token.accessToken, internetMessageId);
  if (answer.kind !== 'ok') {
    return { verdict: 'notKnown' };
  }
  if (answer.value === null) {
    return { verdict: 'notInMailbox' };
  }
  const organization = await consents.organization(tenantId);
  const relevance = judge(organization?.relevance ?? { ignoredDomains: [] }, answer.value);
  return { verdict: relevance.relevant ? 'notYet' : relevance.rule };
}
