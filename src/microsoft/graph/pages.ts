/**
 * Pages of changes: the envelope that every delta and every list of Graph has in common.
 *
 * A link that leads to another host or another mailbox spoils its page: were it kept as a cursor, the stream would
 * never get past it. One that was kept before, by other settings, is as good as lost.
 *
 * One item that does not parse does not spoil its page: it becomes `unreadable`, with the reason. An entry of a delta
 * is `partial` until it has everything that was asked for: Graph may tell of a change with the id and what has changed
 * alone, and what is left out there says nothing.
 *
 * Source  "Use delta query to track changes"; microsoft-graph-docs issue 7776, docs-contrib issue 5544 (partial
 *         entries); the service's own refusal of `$select` with change tracking over contacts.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Change, GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import { withAddress, withoutAddress } from './links.ts';
import type { GraphTransport } from './transport.ts';

const Page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

/** PostgreSQL keeps no NUL, and nothing this long in an index; Graph's own ids have neither. */
const MAX_ID_LENGTH = 1_024;
export const Id = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .regex(/^[^\0]*$/);

const Identified = z.object({ id: Id });
/** Outlook and To Do say `@removed`, OneDrive has a facet. */
const Removed = z.union([
  Identified.extend({ '@removed': z.object({ reason: z.string().nullish() }) }),
  Identified.extend({ deleted: z.looseObject({}) }),
]);

/** How one kind of resource is read. */
export interface Resource<Raw extends { readonly id: string }, Item> {
  readonly schema: z.ZodType<Raw>;
  /** `null` for what is no item, as the root of a drive. */
  readonly present: (raw: Raw) => Item | null;
  /** What an entry of a delta has that is whole; one of a list always is. */
  readonly whole: readonly string[] | ((raw: unknown) => readonly string[]);
  /** Where an entry says which version of the item it is. */
  readonly changeKey: string;
}

export interface PageRequest<Raw extends { readonly id: string }, Item> {
  readonly access: GraphAccess;
  /** A cursor, or where reading begins. */
  readonly url: string | FirstUrl;
  readonly resource: Resource<Raw, Item>;
  /** How many items are asked for at once. */
  readonly pageSize: number;
  /** Lists have no delta link; a delta without any link is broken off. */
  readonly isDelta: boolean;
  /** Whether every entry only names an item that is to be read by itself. */
  readonly isLight?: boolean;
}

/** Graph has refused options at some resources, in some places and at some times: then it is asked without them. */
export interface FirstUrl {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  /** The resource for which a refusal is remembered, while the process lives. */
  readonly name: string;
}

export async function fetchPage<Raw extends { readonly id: string }, Item>(
  transport: GraphTransport,
  request: PageRequest<Raw, Item>,
): Promise<GraphAnswer<GraphPage<Item>>> {
  const { access, url: asked } = request;
  const url = typeof asked === 'string' ? withAddress(access, asked) : firstUrl(transport, asked);
  if (!transport.staysWith(access, url)) {
    return { kind: 'cursorLost' };
  }
  const answer = await transport.getPage(access.accessToken, url, Page, request.pageSize);
  if (answer.kind === 'badRequest' && typeof asked !== 'string' && transport.refuseOptions(asked.name)) {
    return fetchPage(transport, request);
  }
  if (answer.kind !== 'ok') {
    return answer;
  }
  const { body, bytes } = answer.value;
  const next = body['@odata.nextLink'] ?? null;
  const delta = body['@odata.deltaLink'] ?? null;
  if (request.isDelta && next === null && delta === null) {
    return { kind: 'failed', code: 'unexpectedAnswer' };
  }
  if ([next, delta].some((link) => link !== null && !transport.staysWith(access, link))) {
    return { kind: 'failed', code: 'foreignLink' };
  }
  const changes = body.value.flatMap((raw) => changeOf(raw, request));
  const kept = (link: string | null) => (link === null ? null : withoutAddress(access, link));
  return {
    kind: 'ok',
    value: { link: withoutAddress(access, url), changes, next: kept(next), delta: kept(delta), bytes },
  };
}

function firstUrl(transport: GraphTransport, { path, query = {}, options, name }: FirstUrl): string {
  return transport.url(path, transport.refusesOptions(name) ? query : { ...query, ...options });
}

function changeOf<Raw extends { readonly id: string }, Item>(
  raw: unknown,
  { resource, isDelta, isLight = false }: PageRequest<Raw, Item>,
): readonly Change<Item>[] {
  const removed = Removed.safeParse(raw);
  if (removed.success) {
    return [{ kind: 'removed', id: removed.data.id }];
  }
  const { data: identified } = Identified.safeParse(raw);
  if (identified !== undefined && (isLight || (isDelta && !isWhole(raw, resource)))) {
    const changeKey: unknown = Reflect.get(Object(raw), resource.changeKey);
    return [{ kind: 'partial', id: identified.id, changeKey: typeof changeKey === 'string' ? changeKey : null, raw }];
  }
  return itemOf(raw, resource);
}

/** One resource by itself, which is whole. */
export async function fetchOne<Raw extends { readonly id: string }, Item>(
  transport: GraphTransport,
  { accessToken }: GraphAccess,
  url: string,
  { schema, present }: Pick<Resource<Raw, Item>, 'schema' | 'present'>,
): Promise<GraphAnswer<Item>> {
  const answer = await transport.get(accessToken, url, schema);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const item = present(answer.value);
  return item === null ? { kind: 'notFound' } : { kind: 'ok', value: item };
}

/** One item that is whole. */
export function itemOf<Raw extends { readonly id: string }, Item>(
  raw: unknown,
  { schema, present }: Pick<Resource<Raw, Item>, 'schema' | 'present'>,
): readonly Change<Item>[] {
  const parsed = schema.safeParse(raw);
  if (parsed.success) {
    const item = present(parsed.data);
    return item === null ? [] : [{ kind: 'upsert', id: parsed.data.id, item }];
  }
  const { data } = Identified.safeParse(raw);
  const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ');
  return [{ kind: 'unreadable', id: data?.id ?? placeholderOf(raw), reason, raw }];
}

function isWhole(raw: unknown, { whole }: Pick<Resource<never, unknown>, 'whole'>): boolean {
  const names = typeof whole === 'function' ? whole(raw) : whole;
  return names.every((name) => Object.hasOwn(Object(raw), name));
}

/** A name for what has no usable id, the same whenever it comes. */
function placeholderOf(raw: unknown): string {
  return `unnamed ${createHash('sha256').update(JSON.stringify(raw)).digest('base64url').slice(0, 22)}`;
}
