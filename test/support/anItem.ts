/** An item as the operator's side reads it. */
import type { DeliveredItem, ItemName } from '../../src/delivery/ports.ts';

export function anItem(name: ItemName): DeliveredItem {
  return {
    ...name,
    connectionId: '7c2a9e10-0001-4c3d-8e5f-100000000002',
    folderId: 'inbox',
    sharedMailboxId: null,
    level: 'limited',
    at: new Date('2026-11-30T12:00:00Z'),
    modifiedAt: new Date('2026-11-30T12:00:00Z'),
    version: 'v1',
    content: { subject: `Item ${name.itemId}`, people: [] },
  };
}
