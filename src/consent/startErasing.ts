/** Begins to erase what is stored of a member, inside the caller's transaction; the worker continues and finishes. */
import type { Category } from '../domain/categories/categories.ts';
import type { ConsentPorts, ConsentWriter } from './ports.ts';

/** Answers the receipt that the erasure will have. */
export async function startErasing(
  ports: ConsentPorts,
  writer: ConsentWriter,
  of: { readonly tenantId: string; readonly memberId: string; readonly connectionId: string },
  categories: readonly Category[],
  at: Date,
): Promise<string> {
  const receiptId = ports.chance.uuid();
  for (const category of categories) {
    await writer.startErasure({ ...of, category, receiptId, at });
  }
  await writer.audit(
    {
      tenantId: of.tenantId,
      actorId: of.memberId,
      action: 'data.eraseStarted',
      target: receiptId,
      detail: { categories },
    },
    at,
  );
  return receiptId;
}
