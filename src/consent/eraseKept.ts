/**
 * A member erases what was kept, at any time: after a category was turned off, by whomever, and after they disconnected.
 * Microsoft is asked for nothing.
 *
 * Doing it again changes nothing. What is read, or continues by itself when a pause or an obstacle ends, is turned off first.
 */
import { decide, isKeptOnly } from '../domain/decision.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import { startErasing } from './startErasing.ts';

/** `receiptId` is `null` where nothing is stored. */
export type EraseKeptResult = { readonly kind: 'erasing'; readonly receiptId: string | null } | Refused;

export function eraseKept(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  { tenantId, memberId }: Principal,
  categories: readonly Category[],
): Promise<EraseKeptResult> {
  return ports.store.transact(async (writer): Promise<EraseKeptResult> => {
    const organization = await writer.lockOrganization(tenantId);
    const connection = await writer.lockConnection(tenantId, memberId);
    const facts = await writer.decisionFacts(tenantId, memberId);
    if (organization === null || facts === null) {
      return refuse('tenant_not_onboarded');
    }
    const isOver = connection === null || connection.status === 'removed';
    const wanted = categories.filter((category) => !facts.erasing.includes(category));
    if (!isOver && wanted.some((category) => !isKeptOnly(decide(category, facts)))) {
      return refuse('still_on');
    }
    const stored = await writer.storedCategories(tenantId, memberId);
    const erase = wanted.filter((category) => stored.includes(category));
    if (connection === null || erase.length === 0) {
      return { kind: 'erasing', receiptId: null };
    }
    const at = ports.now();
    await writer.raiseEpoch(tenantId, memberId);
    const of = { tenantId, memberId, connectionId: connection.connectionId };
    const receiptId = await startErasing(ports, writer, of, erase, at);
    await writer.record({ tenantId, at, tell: [memberId], wake: [memberId] });
    return { kind: 'erasing', receiptId };
  });
}
