/** The feed, as the operator's API shows it. */
import type { ChangesDocument } from '../../contract/operator/changes.ts';
import type { ChangesPage, ToldChange } from '../../delivery/readChanges.ts';
import { presentDeliveredItem } from './deliveredItems.ts';

export function presentChanges({ changes, from, next, isMore }: ChangesPage): ChangesDocument {
  return { changes: changes.map(presentChange), from, next, more: isMore };
}

export function presentChange({
  place: _place,
  category,
  itemId,
  item,
  upTo,
  at,
  memberId,
  connectionId,
  detail,
  ...change
}: ToldChange): ChangesDocument['changes'][number] {
  return {
    ...change,
    at: at.toISOString(),
    ...(memberId === null ? {} : { memberId }),
    ...(connectionId === null ? {} : { connectionId }),
    ...(category === null ? {} : { category }),
    ...(itemId === null ? {} : { itemId }),
    ...(item === undefined ? {} : { item: item === null ? null : presentDeliveredItem(item) }),
    ...(upTo === null ? {} : { upTo }),
    ...(detail === null ? {} : { detail }),
  };
}
