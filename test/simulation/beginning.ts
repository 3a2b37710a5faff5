/** How a simulation begins: an empty database, and what the person has chosen. */
import { sql } from 'kysely';
import type { Principal } from '../../src/consent/ports.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { type Category, OFF, type Selection, type SyncLevel } from '../../src/domain/selection.ts';

export const MARA = {
  tenantId: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001',
  memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001',
  upn: 'mara.ellis@harborreed.example',
};
export const PRINCIPAL: Principal = {
  ...MARA,
  name: 'Mara Ellis',
  loginHint: null,
  directoryRoles: [],
  isGuest: false,
};
export const SCOPES = ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Tasks.Read', 'Files.Read'];

export function selectionOf(level: (category: Category) => SyncLevel): Selection {
  const of = (category: Category) => ({ ...OFF, sync: level(category) });
  return {
    mail: of('mail'),
    calendar: of('calendar'),
    contacts: of('contacts'),
    tasks: of('tasks'),
    files: of('files'),
  };
}

export async function empty({ kysely }: Database): Promise<void> {
  await sql`
    truncate reviews, subscriptions, notifications, organizations, members, connections, consents, consent_links, member_groups, mailboxes, streams, containers,
      items, quarantine, outbox, outbox_heads, audit, audit_heads, erasures
  `.execute(kysely);
}
