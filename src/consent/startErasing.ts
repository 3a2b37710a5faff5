/** Begins to erase what is stored of a member, inside the caller's transaction; the worker continues and finishes. */
import type { Category } from '../domain/categories/categories.ts';
import type { ConsentPorts } from './ports.ts';
import type { StoredWriter, ChangeFeed } from './store.ts';

/** Answers the receipt that the erasure will have. */
export async function startErasing(
  ports: Pick<ConsentPorts, 'chance'>,
  writer: StoredWriter & ChangeFeed,
  of: { readonly tenantId: string; readonly memberId: string; readonly connectionId: string },
  categories: readonly Category[],
  at: Date,
): Promise<string> {
  const receiptId = ports.chance.uuid();
  for (const category of categories) {
    await writer.startErasure({ ...of, category, receiptId, at });
  }
  await writer.record({
    tenantId: of.tenantId,
    at,
    acts: [{ actorId: of.memberId, action: 'data.eraseStarted', target: receiptId, detail: { categories } }],
  });
  return receiptId;
}
