/**
 * Page sizes, links and the tokens in them.
 *
 * A token names the resource it belongs to and the generation of the mailbox; after a reset the generation
 * differs and Graph answers 410.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';

const DEFAULT_PAGE = 10;
const MAX_PAGE_SIZE = 1_000;

const Cursor = z.object({
  /** What the token belongs to: a folder, the folder list, a window. */
  of: z.string(),
  generation: z.string(),
  select: z.string(),
  expand: z.string().optional(),
  /** Where the page begins, while the first reading continues. */
  position: z.number().optional(),
  /** The last change that the reading knows of. */
  after: z.number(),
});
export type Cursor = z.infer<typeof Cursor>;

const Query = z.object({
  $skiptoken: z.string().optional(),
  $deltatoken: z.string().optional(),
  $select: z.string().optional(),
  $expand: z.string().optional(),
  $top: z.coerce.number().int().positive().optional(),
});

export interface PageRequest {
  readonly cursor: Cursor | null;
  readonly select: string;
  readonly expand: string;
  readonly limit: number;
}

/** What the request asks for; options belong into the first call only and are then carried by the token. */
export function pageRequest(request: FastifyRequest, of: string, generation: string): PageRequest {
  const query = Query.parse(request.query);
  const text = query.$skiptoken ?? query.$deltatoken;
  const cursor = text === undefined ? null : readCursor(text);
  if (cursor !== null && (cursor.of !== of || cursor.generation !== generation)) {
    throw new GraphError(GRAPH_REFUSALS.syncStateNotFound);
  }
  const preferred = /odata\.maxpagesize=(\d+)/.exec(String(request.headers['prefer'] ?? ''))?.[1];
  const limit = Math.min(Number(preferred ?? query.$top ?? DEFAULT_PAGE), MAX_PAGE_SIZE);
  const select = cursor?.select ?? query.$select ?? '';
  return { cursor, select, expand: cursor?.expand ?? query.$expand ?? '', limit };
}

export function link(origin: string, path: string, name: '$skiptoken' | '$deltatoken', cursor: Cursor): string {
  return `${origin}${path}?${name}=${Buffer.from(JSON.stringify(cursor)).toString('base64url')}`;
}

function readCursor(text: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    // Whatever Graph did not issue is to it a state that it no longer has.
    throw new GraphError(GRAPH_REFUSALS.syncStateNotFound);
  }
}

const ListQuery = z.object({
  $top: z.coerce.number().int().positive().max(MAX_PAGE_SIZE).optional(),
  $skip: z.coerce.number().int().min(0).default(0),
});

/** A page of a plain list, by `$top` and `$skip`; without `$top` of `unasked`. */
export function listPage<T>(
  request: FastifyRequest,
  items: readonly T[],
  { origin, unasked = DEFAULT_PAGE, endsUnasked = false }: ListPaging,
): { readonly value: readonly T[]; readonly '@odata.nextLink'?: string } {
  const { $top, $skip } = ListQuery.parse(request.query);
  const next = $skip + ($top ?? unasked);
  const value = items.slice($skip, next);
  if (next >= items.length || (endsUnasked && $top === undefined)) {
    return { value };
  }
  const url = new URL(request.url, origin);
  url.searchParams.set('$skip', String(next));
  return { value, '@odata.nextLink': url.href };
}

interface ListPaging {
  readonly origin: string;
  /** The page size when the request has no `$top`. */
  readonly unasked?: number;
  /** Whether the list then ends there, without a link to the rest. */
  readonly endsUnasked?: boolean;
}

/** Keeps the selected properties; `id` and annotations always stay. */
export function selected(entity: Readonly<Record<string, unknown>>, select: string): Record<string, unknown> {
  const names = select.split(',').filter((name) => name !== '');
  const keeps = (name: string) => names.length === 0 || names.includes(name) || name === 'id' || name.startsWith('@');
  return Object.fromEntries(Object.entries(entity).filter(([name]) => keeps(name)));
}
