/**
 * Cursors: where a reader of a feed, or of items, has come to, as text that only this installation makes.
 *
 * Shapes  `c1.` and the generation, scope, filter, position and sequence of a feed; `i1.` and the member, filter, category
 *         and id of items. A cursor belongs to its scope and its filter, not to an API key.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CATEGORIES } from '../domain/categories/categories.ts';
import type { MemberName } from '../domain/records.ts';
import type { CursorSecret, FeedFilter, FeedPlace, FeedScope, ItemFilter, ItemsPlace } from './ports.ts';
import { openText, type Purpose, signText } from './signedText.ts';

const FEED: Purpose = { prefix: 'c1.', name: 'feed cursor' };
const ITEMS: Purpose = { prefix: 'i1.', name: 'items cursor' };

const FeedParts = z.tuple([z.string(), z.string(), z.string(), z.int().nonnegative(), z.int().nonnegative()]);
const ItemsParts = z.tuple([z.string(), z.string(), z.enum(CATEGORIES), z.string()]);

/** Damaged, or not of this installation. */
const INVALID = { kind: 'invalid' } as const;
/** Of another scope, or another filter. */
const NOT_FOR_THIS = { kind: 'notForThis' } as const;

export function cursorOf(secret: CursorSecret, scope: FeedScope, filter: FeedFilter, place: FeedPlace): string {
  const parts: z.infer<typeof FeedParts> = [
    secret.generation,
    scopeName(scope),
    filterHash(filter),
    place.position,
    place.sequence,
  ];
  return signText(secret, FEED, parts);
}

export type ParsedCursor =
  | { readonly kind: 'place'; readonly place: FeedPlace }
  | typeof INVALID
  | typeof NOT_FOR_THIS
  /** Of a database that was replaced by an older one. */
  | { readonly kind: 'tooOld' };

export function parseCursor(secret: CursorSecret, scope: FeedScope, filter: FeedFilter, cursor: string): ParsedCursor {
  const opened = openText(secret, FEED, cursor);
  if (opened === undefined) {
    return INVALID;
  }
  const [generation, scopeOf, filterOf, position, sequence] = FeedParts.parse(opened);
  if (scopeOf !== scopeName(scope) || filterOf !== filterHash(filter)) {
    return NOT_FOR_THIS;
  }
  return generation === secret.generation ? { kind: 'place', place: { position, sequence } } : { kind: 'tooOld' };
}

export function itemsCursorOf(
  secret: CursorSecret,
  member: MemberName,
  filter: ItemFilter,
  { category, itemId }: ItemsPlace,
): string {
  const parts: z.infer<typeof ItemsParts> = [memberHash(member), itemFilterHash(filter), category, itemId];
  return signText(secret, ITEMS, parts);
}

export type ParsedItemsCursor =
  { readonly kind: 'place'; readonly place: ItemsPlace } | typeof INVALID | typeof NOT_FOR_THIS;

export function parseItemsCursor(
  secret: CursorSecret,
  member: MemberName,
  filter: ItemFilter,
  cursor: string,
): ParsedItemsCursor {
  const opened = openText(secret, ITEMS, cursor);
  if (opened === undefined) {
    return INVALID;
  }
  const [memberOf, filterOf, category, itemId] = ItemsParts.parse(opened);
  const isForThis = memberOf === memberHash(member) && filterOf === itemFilterHash(filter);
  return isForThis ? { kind: 'place', place: { category, itemId } } : NOT_FOR_THIS;
}

function scopeName(scope: FeedScope): string {
  return scope.kind === 'all' ? 'all' : scope.tenantId;
}

function filterHash({ types, category, memberId }: FeedFilter): string {
  return hashOf([types?.toSorted() ?? null, category, memberId]);
}

function memberHash({ tenantId, memberId }: MemberName): string {
  return hashOf([tenantId, memberId]);
}

/** A hash, since a filter names addresses. */
function itemFilterHash({ category, folderId, participant, conversationId, modifiedSince }: ItemFilter): string {
  return hashOf([category, folderId, participant, conversationId, modifiedSince?.toISOString() ?? null]);
}

function hashOf(canonical: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(canonical)).digest('base64url').slice(0, 11);
}
