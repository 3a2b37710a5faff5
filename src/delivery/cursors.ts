/**
 * Cursors: where a reader of a feed has come to, as text that only this installation makes.
 *
 * Shapes  `c1.` and base64url of a JSON list (generation, scope, filter, position, sequence) with 8 bytes of an
 *         HMAC-SHA256 behind it. A cursor belongs to its scope and its filter, not to an API key.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { CursorSecret, FeedFilter, FeedPlace, FeedScope } from './ports.ts';

const PREFIX = 'c1.';
const MAC_BYTES = 8;

const Parts = z.tuple([z.string(), z.string(), z.string(), z.int().nonnegative(), z.int().nonnegative()]);

export function cursorOf(secret: CursorSecret, scope: FeedScope, filter: FeedFilter, place: FeedPlace): string {
  const parts: z.infer<typeof Parts> = [
    secret.generation,
    scopeName(scope),
    filterHash(filter),
    place.position,
    place.sequence,
  ];
  const text = Buffer.from(JSON.stringify(parts));
  return `${PREFIX}${Buffer.concat([text, macOf(secret, text)]).toString('base64url')}`;
}

export type ParsedCursor =
  | { readonly kind: 'place'; readonly place: FeedPlace }
  /** Damaged, or not of this installation. */
  | { readonly kind: 'invalid' }
  /** Of another scope, or another filter. */
  | { readonly kind: 'notForThis' }
  /** Of a database that was replaced by an older one. */
  | { readonly kind: 'tooOld' };

export function parseCursor(secret: CursorSecret, scope: FeedScope, filter: FeedFilter, cursor: string): ParsedCursor {
  const bytes = Buffer.from(cursor.slice(PREFIX.length), 'base64url');
  const text = bytes.subarray(0, -MAC_BYTES);
  const mac = bytes.subarray(-MAC_BYTES);
  const isWhole =
    cursor === `${PREFIX}${bytes.toString('base64url')}` &&
    mac.length === MAC_BYTES &&
    timingSafeEqual(mac, macOf(secret, text));
  if (!isWhole) {
    return { kind: 'invalid' };
  }
  const [generation, scopeOf, filterOf, position, sequence] = Parts.parse(JSON.parse(text.toString('utf8')));
  if (scopeOf !== scopeName(scope) || filterOf !== filterHash(filter)) {
    return { kind: 'notForThis' };
  }
  return generation === secret.generation ? { kind: 'place', place: { position, sequence } } : { kind: 'tooOld' };
}

function macOf({ secret }: CursorSecret, text: Uint8Array): Buffer {
  return createHmac('sha256', secret).update('feed cursor').update(text).digest().subarray(0, MAC_BYTES);
}

function scopeName(scope: FeedScope): string {
  return scope.kind === 'all' ? 'all' : scope.tenantId;
}

function filterHash({ types, category, memberId }: FeedFilter): string {
  const canonical = JSON.stringify([types?.toSorted() ?? null, category, memberId]);
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 11);
}
