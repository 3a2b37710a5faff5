/** The notification for a change, computed before it's applied; `null` if Graph sends none. */
import type { StoredChange } from './stored.ts';
import type { MailboxChange } from './subscriptions.ts';

/** What is in a mailbox before the change, as far as a notification depends on it. */
interface ContentBefore {
  message(id: string): { readonly folder: string } | null;
  event(id: string): { readonly calendar: string } | null;
  holderOf(id: string): string | null;
  readonly contacts: Collection;
  readonly tasks: Collection;
  readonly driveItems: Collection;
}

interface Collection {
  get(id: string): { readonly container: string } | null;
}

export function notificationFor(mailbox: ContentBefore, change: StoredChange): MailboxChange | null {
  switch (change.kind) {
    case 'message': {
      const { id, folder: container } = change.message;
      return { kind: 'messages', container, id, changeType: typeOf(mailbox.message(id)) };
    }
    case 'event': {
      const { id, calendar: container } = change.event;
      return { kind: 'events', container, id, changeType: typeOf(mailbox.event(id)) };
    }
    case 'contacts':
    case 'tasks':
    case 'driveItems': {
      const { id, container } = change.item;
      return { kind: change.kind, container, id, changeType: typeOf(mailbox[change.kind].get(id)) };
    }
    case 'removed':
      return removalOf(mailbox, change.id);
    case 'mailFolders':
    case 'calendars':
    case 'contactFolders':
    case 'taskLists':
      return null;
  }
}

function typeOf(before: object | null): 'created' | 'updated' {
  return before === null ? 'created' : 'updated';
}

function removalOf(mailbox: ContentBefore, id: string): MailboxChange | null {
  const deleted = { id, changeType: 'deleted' as const };
  const holder = mailbox.holderOf(id);
  if (holder === 'contacts' || holder === 'tasks' || holder === 'driveItems') {
    return { ...deleted, kind: holder, container: mailbox[holder].get(id)?.container ?? '' };
  }
  const message = mailbox.message(id);
  if (message !== null) {
    return { ...deleted, kind: 'messages', container: message.folder };
  }
  const event = mailbox.event(id);
  return event === null ? null : { ...deleted, kind: 'events', container: event.calendar };
}
