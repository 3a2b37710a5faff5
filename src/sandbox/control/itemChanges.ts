/** What a person does to an item in their own mailbox or drive: changes it, moves it, deletes it. */
import { z } from 'zod';
import { findFolderNamed } from '../graph/folders.ts';
import type { Mailbox } from '../graph/mailbox.ts';
import type { CollectionName } from '../graph/stored.ts';
import { ControlError } from './named.ts';

export const ItemPatch = z.strictObject({
  subject: z.string().optional(),
  /** Whatever holds it: a mail folder, a calendar, a contact folder, a task list, a folder of the drive. */
  folder: z.string().optional(),
  isRead: z.boolean().optional(),
  start: z.iso.datetime().optional(),
  end: z.iso.datetime().optional(),
  excluded: z.array(z.iso.datetime()).optional(),
});
export type ItemPatch = z.infer<typeof ItemPatch>;

export interface OccurrenceName {
  readonly masterId: string;
  /** When the series has it, whatever became of it since. */
  readonly originalStart: string;
}

/** Occurrences have the id of their series and the minute of their original start. */
export function occurrenceIn(id: string): OccurrenceName | null {
  const match = /^(.+)\.(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(id);
  if (match === null) {
    return null;
  }
  const [, masterId = '', year = '', month = '', day = '', hour = '', minute = ''] = match;
  return { masterId, originalStart: `${year}-${month}-${day}T${hour}:${minute}:00.000Z` };
}

export function patchItem(mailbox: Mailbox, id: string, patch: ItemPatch, at: Date): void {
  const change = { changeKey: `change${mailbox.sequence + 1}`, modifiedAt: at.toISOString() };
  const occurrence = occurrenceIn(id);
  const message = mailbox.message(id);
  const event = mailbox.event(id);
  const holder = mailbox.holderOf(id);
  if (occurrence !== null) {
    changeOccurrence(mailbox, occurrence, patch, change);
  } else if (message !== null) {
    mailbox.changeMessage({
      ...message,
      ...change,
      subject: patch.subject ?? message.subject,
      isRead: patch.isRead ?? message.isRead,
      folder: patch.folder === undefined ? message.folder : folderNamed(mailbox, patch.folder),
    });
  } else if (event !== null) {
    mailbox.changeEvent({
      ...event,
      ...change,
      subject: patch.subject ?? event.subject,
      start: patch.start ?? event.start,
      end: patch.end ?? event.end,
      calendar: patch.folder ?? event.calendar,
      excluded: patch.excluded?.map((each) => new Date(each).toISOString()) ?? event.excluded,
    });
  } else if (holder !== null) {
    patchContained(mailbox, holder, id, patch, change);
  }
}

interface Change {
  readonly changeKey: string;
  readonly modifiedAt: string;
}

function patchContained(mailbox: Mailbox, holder: CollectionName, id: string, patch: ItemPatch, change: Change): void {
  const { subject, folder } = patch;
  switch (holder) {
    case 'contacts': {
      const item = mailbox.contacts.get(id);
      return item === null
        ? undefined
        : mailbox.put({
            kind: 'contacts',
            item: { ...item, ...change, displayName: subject ?? item.displayName, container: folder ?? item.container },
          });
    }
    case 'tasks': {
      const item = mailbox.tasks.get(id);
      return item === null
        ? undefined
        : mailbox.put({
            kind: 'tasks',
            item: { ...item, ...change, title: subject ?? item.title, container: folder ?? item.container },
          });
    }
    case 'driveItems': {
      const item = mailbox.driveItems.get(id);
      return item === null
        ? undefined
        : mailbox.put({
            kind: 'driveItems',
            item: { ...item, ...change, name: subject ?? item.name, parentId: folder ?? item.parentId },
          });
    }
    case 'mailFolders':
    case 'calendars':
    case 'contactFolders':
    case 'taskLists': {
      const item = mailbox[holder].get(id);
      return item === null
        ? undefined
        : mailbox.put({
            kind: holder,
            item: { ...item, ...change, name: subject ?? item.name, container: folder ?? item.container },
          });
    }
  }
}

/** Deletes an item, one occurrence of a series, or a container with everything in it. */
export function deleteItem(mailbox: Mailbox, id: string, at: Date): void {
  const occurrence = occurrenceIn(id);
  if (occurrence !== null) {
    const change = { changeKey: `change${mailbox.sequence + 1}`, modifiedAt: at.toISOString() };
    changeOccurrence(mailbox, occurrence, 'deleted', change);
    return;
  }
  contentOf(mailbox, id).forEach((inside) => {
    deleteItem(mailbox, inside, at);
  });
  mailbox.remove(id);
}

function contentOf(mailbox: Mailbox, id: string): readonly string[] {
  const idsOf = (items: readonly { readonly id: string }[]) => items.map((item) => item.id);
  switch (mailbox.holderOf(id)) {
    case 'mailFolders':
      return [
        ...idsOf(mailbox.mailFolders.in(id)),
        ...idsOf([...mailbox.allMessages()].filter(({ folder }) => folder === id)),
      ];
    case 'calendars':
      return idsOf(mailbox.events().filter(({ calendar }) => calendar === id));
    case 'contactFolders':
      return idsOf(mailbox.contacts.in(id));
    case 'taskLists':
      return idsOf(mailbox.tasks.in(id));
    case 'driveItems':
      return idsOf(mailbox.driveItems.all().filter(({ parentId }) => parentId === id));
    case 'contacts':
    case 'tasks':
    case null:
      return [];
  }
}

/** One occurrence of a series is changed or deleted; the others stay. */
function changeOccurrence(
  mailbox: Mailbox,
  { masterId, originalStart }: OccurrenceName,
  patch: ItemPatch | 'deleted',
  change: Change,
): void {
  const master = mailbox.event(masterId);
  if (master === null) {
    throw new ControlError(404, `There is no series ${masterId}`);
  }
  if (patch === 'deleted') {
    mailbox.changeEvent({ ...master, ...change, excluded: [...master.excluded, originalStart] });
    return;
  }
  const length = Date.parse(master.end) - Date.parse(master.start);
  const before = master.exceptions[originalStart];
  const start = patch.start ?? before?.start ?? originalStart;
  const end = patch.end ?? new Date(Date.parse(start) + length).toISOString();
  const exception = { ...before, subject: patch.subject ?? before?.subject ?? master.subject, start, end };
  mailbox.changeEvent({ ...master, ...change, exceptions: { ...master.exceptions, [originalStart]: exception } });
}

export function folderNamed(mailbox: Mailbox, text: string): string {
  const folder = findFolderNamed(mailbox.folders(), text);
  if (folder === undefined) {
    throw new ControlError(400, `There is no folder ${text}`);
  }
  return folder.name;
}
