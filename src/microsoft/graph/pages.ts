/**
 * Pages of changes: the envelope that every delta and every list of Graph has in common.
 *
 * A link that leads to another host or another mailbox spoils its page: were it kept as a cursor, the stream would
 * never get past it. One that was kept before, by other settings, is as good as lost.
 *
 * One item that does not parse does not spoil its page: it becomes `unreadable`, with the reason.
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
const MOST_ID = 1_024;
export const Id = z
  .string()
  .min(1)
  .max(MOST_ID)
  .regex(/^[^\0]*$/);

const Identified = z.object({ id: Id });
/** Outlook and To Do say `@removed`, OneDrive has a facet. */
const Removed = z.union([
  Identified.extend({ '@removed': z.object({ reason: z.string() }) }),
  Identified.extend({ deleted: z.looseObject({}) }),
]);

export interface PageRequest<Raw extends { readonly id: string }, Item> {
  readonly access: GraphAccess;
  readonly url: string;
  readonly schema: z.ZodType<Raw>;
  /** `null` for what is no item, as the root of a drive. */
  readonly present: (raw: Raw) => Item | null;
  /** Lists have no delta link; a delta without any link is broken off. */
  readonly isDelta: boolean;
}

export async function readPage<Raw extends { readonly id: string }, Item>(
  transport: GraphTransport,
  request: PageRequest<Raw, Item>,
): Promise<GraphAnswer<GraphPage<Item>>> {
  const { access } = request;
  const url = withAddress(access, request.url);
  if (!transport.staysWith(access, url)) {
    return { kind: 'cursorLost' };
  }
  const answer = await transport.get(access.accessToken, url, Page);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const next = answer.value['@odata.nextLink'] ?? null;
  const delta = answer.value['@odata.deltaLink'] ?? null;
  if (request.isDelta && next === null && delta === null) {
    return { kind: 'failed', code: 'unexpectedAnswer' };
  }
  if ([next, delta].some((link) => link !== null && !transport.staysWith(access, link))) {
    return { kind: 'failed', code: 'foreignLink' };
  }
  const changes = answer.value.value.flatMap((raw) => changeOf(raw, request));
  const kept = (link: string | null) => (link === null ? null : withoutAddress(access, link));
  return { kind: 'ok', value: { link: withoutAddress(access, url), changes, next: kept(next), delta: kept(delta) } };
}

function changeOf<Raw extends { readonly id: string }, Item>(
  raw: unknown,
  { schema, present }: PageRequest<Raw, Item>,
): readonly Change<Item>[] {
  const removed = Removed.safeParse(raw);
  if (removed.success) {
    return [{ kind: 'removed', id: removed.data.id }];
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) {
    const item = present(parsed.data);
    return item === null ? [] : [{ kind: 'upsert', id: parsed.data.id, item }];
  }
  const { data } = Identified.safeParse(raw);
  const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ');
  return [{ kind: 'unreadable', id: data?.id ?? placeholderOf(raw), reason, raw }];
}

/** A name for what has no usable id, the same whenever it comes. */
function placeholderOf(raw: unknown): string {
  return `unnamed ${createHash('sha256').update(JSON.stringify(raw)).digest('base64url').slice(0, 22)}`;
}
