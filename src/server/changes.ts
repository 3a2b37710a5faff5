/**
 * Tells listeners in this process that something changed for a member or for a whole organization, whichever
 * process changed it.
 */
import { CHANGES_CHANNEL } from '../db/transact.ts';
import type { Database } from '../db/openDatabase.ts';

export interface Changes {
  /** Calls back after every change that concerns the member; answers how to stop. */
  subscribe(tenantId: string, memberId: string, onChange: () => void): () => void;
}

export async function openChanges(database: Database): Promise<Changes> {
  const listeners = new Map<string, Set<(memberId: string) => void>>();
  await database.listen(CHANGES_CHANNEL, (payload) => {
    const [tenantId = '', memberId = ''] = payload.split('/');
    listeners.get(tenantId)?.forEach((listener) => {
      listener(memberId);
    });
  });
  return {
    subscribe: (tenantId, memberId, onChange) => {
      const ofTenant = listeners.get(tenantId) ?? new Set();
      const listener = (changed: string) => {
        if (changed === '' || changed === memberId) {
          onChange();
        }
      };
      listeners.set(tenantId, ofTenant.add(listener));
      return () => {
        ofTenant.delete(listener);
        if (ofTenant.size === 0) {
          listeners.delete(tenantId);
        }
      };
    },
  };
}
