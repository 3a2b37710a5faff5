/**
 * Pages of changes: the envelope that every delta and every list of Graph has in common.
 *
 * One item that does not parse does not spoil its page: it becomes `unreadable`, with the reason.
 */
import { z } from 'zod';
import type { Change, GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

const Page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

const Identified = z.object({ id: z.string().min(1) });
const Removed = Identified.extend({ '@removed': z.object({ reason: z.string() }) });

export interface PageRequest<Raw, Item> {
  readonly access: GraphAccess;
  readonly url: string;
  readonly schema: z.ZodType<Raw>;
  readonly present: (raw: Raw) => Item;
  /** Lists have no delta link; a delta without any link is broken off. */
  readonly isDelta: boolean;
}

export async function readPage<Raw, Item>(
  transport: GraphTransport,
  request: PageRequest<Raw, Item>,
): Promise<GraphAnswer<GraphPage<Item>>> {
  const answer = await transport.get(request.access.accessToken, request.url, Page);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const next = answer.value['@odata.nextLink'] ?? null;
  const delta = answer.value['@odata.deltaLink'] ?? null;
  if (request.isDelta && next === null && delta === null) {
    return { kind: 'failed', code: 'unexpectedAnswer' };
  }
  const changes = answer.value.value.flatMap((raw) => changeOf(raw, request));
  return { kind: 'ok', value: { changes, next, delta } };
}

function changeOf<Raw, Item>(raw: unknown, { schema, present }: PageRequest<Raw, Item>): readonly Change<Item>[] {
  const removed = Removed.safeParse(raw);
  if (removed.success) {
    return [{ kind: 'removed', id: removed.data.id }];
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) {
    return [{ kind: 'upsert', item: present(parsed.data) }];
  }
  const { data } = Identified.safeParse(raw);
  const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ');
  return data === undefined ? [] : [{ kind: 'unreadable', id: data.id, reason, raw }];
}
