/** How a simulation begins: who there is, and what the person has chosen. */
import type { Principal } from '../../src/domain/people.ts';
import { supportsSharedMailboxes } from '../../src/domain/sharedMailboxes.ts';
import { type Selection } from '../../src/domain/selection.ts';
import { type Level, OFF, type SyncLevel } from '../../src/domain/levels.ts';
import type { Category } from '../../src/domain/categories/categories.ts';

export const MARA = {
  tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001',
  memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001',
  upn: 'mara.ellis@harborreed.example',
};
export const PRINCIPAL: Principal = {
  ...MARA,
  name: 'Mara Ellis',
  account: null,
  loginHint: null,
  directoryRoles: [],
  isGuest: false,
};
/** A mailbox that is shared with her. */
export const CAREERS = {
  memberId: '7c2a9e10-0009-4c3d-8e5f-100000000009',
  address: 'careers@harborreed.example',
};
export const SCOPES = [
  'Mail.Read',
  'Mail.Read.Shared',
  'Calendars.Read',
  'Contacts.Read',
  'Contacts.Read.Shared',
  'Tasks.Read',
  'Files.Read',
];

export function selectionOf(level: (category: Category) => SyncLevel): Selection {
  const of = (category: Category) => levelWith(category, level(category), true);
  return {
    mail: of('mail'),
    calendar: of('calendar'),
    contacts: of('contacts'),
    tasks: of('tasks'),
    files: of('files'),
  };
}

/** With what others share, where that is wanted and can be had; of calendars no one shares any here. */
export function levelWith(category: Category, sync: SyncLevel, shared: boolean): Level {
  return { ...OFF, sync, shared: shared && sync !== 'off' && supportsSharedMailboxes(category) };
}
