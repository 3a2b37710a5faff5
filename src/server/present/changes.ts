/** The feed, as the operator's API shows it. */
import type { ChangesDocument } from '../../contract/operator/changes.ts';
import type { ChangesPage } from '../../delivery/readChanges.ts';
import type { Change } from '../../delivery/ports.ts';

export function presentChanges({ changes, from, next, isMore }: ChangesPage): ChangesDocument {
  return { changes: changes.map(presentChange), from, next, more: isMore };
}

function presentChange({ category, itemId, upTo, at, ...change }: Change): ChangesDocument['changes'][number] {
  return {
    ...change,
    at: at.toISOString(),
    ...(category === null ? {} : { category }),
    ...(itemId === null ? {} : { itemId }),
    ...(upTo === null ? {} : { upTo }),
  };
}
