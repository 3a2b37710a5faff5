/**
 * A member ends the connection: the refresh token goes at once, sync stops, and what was stored is kept or erased.
 *
 * Doing it again changes nothing, but erases what was kept at first where that is asked for now. What Microsoft has
 * granted stays there; the answer names it.
 */
import { type Refused, refuse } from '../domain/problems.ts';
import { EMPTY_SELECTION } from '../domain/selection.ts';
import { CATEGORIES } from '../domain/categories/categories.ts';
import { applySelection } from './changeSync.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import { SUPERSEDED } from './transaction.ts';

export type DisconnectResult =
  | {
      readonly kind: 'disconnected';
      readonly receiptIds: readonly string[];
      /** Permissions that Microsoft still has on record for this person. */
      readonly left: readonly string[];
    }
  | Refused;

export async function disconnectMember(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'rules' | 'chance' | 'now'>,
  { tenantId, memberId }: Principal,
  data: 'keep' | 'erase',
): Promise<DisconnectResult> {
  const result = await ports.store.transact(async (writer): Promise<DisconnectResult> => {
    const organization = await writer.lockOrganization(tenantId);
    const connection = await writer.lockConnection(tenantId, memberId);
    if (organization === null) {
      return refuse('tenant_not_onboarded');
    }
    if (organization.mode !== 'individual') {
      return refuse('controlled_by_administrator');
    }
    await writer.supersedeConsents(tenantId, memberId, SUPERSEDED);
    if (data === 'erase') {
      // Who a member excluded is their data too.
      await writer.setRules(tenantId, memberId, null, null);
      // Under the lock, so that no one seals anything more with it.
      await ports.rules.destroy(tenantId, memberId);
    }
    const erase = data === 'erase' ? CATEGORIES : [];
    const change = { selection: EMPTY_SELECTION, erase };
    const receiptIds = await applySelection(ports, writer, { tenantId, memberId }, change);
    if (connection === null || connection.status === 'removed') {
      return { kind: 'disconnected', receiptIds, left: [] };
    }
    const at = ports.now();
    await writer.removeConnection(connection, at);
    await writer.record({
      tenantId,
      at,
      acts: [{ actorId: memberId, action: 'connection.removed', target: memberId, detail: { data } }],
      tell: [memberId],
    });
    return { kind: 'disconnected', receiptIds, left: connection.scopes };
  });
  if (result.kind === 'disconnected') {
    await ports.vault.destroy(tenantId, memberId);
  }
  return result;
}
