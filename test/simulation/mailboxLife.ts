/** What a person and their correspondents do to a mailbox, chosen by chance. */
import type { Category } from '../../src/domain/categories/categories.ts';
import { deleteItem, patchItem } from '../../src/sandbox/control/itemChanges.ts';
import { newFolderId } from '../../src/sandbox/graph/folders.ts';
import type { Mailbox } from '../../src/sandbox/graph/mailbox.ts';
import { USUAL } from '../../src/sandbox/graph/stored.ts';
import { DEFAULT_CONTACT_FOLDER, DEFAULT_TASK_LIST, DRIVE } from '../../src/sandbox/seed/generateOtherContent.ts';
import type { Chance } from './random.ts';

export const INSIDE = 'tom.whitaker@harborreed.example';
export const OUTSIDE = 'nora.whitfield@quillworks.example';
const DAY = 86_400_000;

/** One change; answers what it was. */
export function changeMailbox(mailbox: Mailbox, chance: Chance, now: Date, focus: readonly Category[]): string {
  const changes: readonly (readonly [number, Category, string, () => void])[] = [
    [5, 'mail', 'a message arrives', () => deliver(mailbox, chance, now)],
    [5, 'mail', 'a message moves', () => moveMessage(mailbox, chance, now)],
    [3, 'mail', 'a message changes', () => patchAny(mailbox, chance, now, messagesOf(mailbox))],
    [3, 'mail', 'a message is deleted', () => deleteAny(mailbox, chance, now, messagesOf(mailbox))],
    [2, 'mail', 'a folder is made', () => addContainer(mailbox, 'mailFolders', now)],
    [1, 'mail', 'a folder is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.mailFolders.all()))],
    [2, 'calendar', 'an event is added', () => addEvent(mailbox, chance, now)],
    [2, 'calendar', 'an event moves', () => moveEvent(mailbox, chance, now)],
    [2, 'calendar', 'an event is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.events()))],
    [3, 'calendar', 'an occurrence changes', () => changeOccurrence(mailbox, chance, now)],
    [1, 'calendar', 'a calendar is made', () => addContainer(mailbox, 'calendars', now)],
    [1, 'calendar', 'a calendar is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.calendars.all()))],
    [2, 'contacts', 'a contact is added', () => addContact(mailbox, chance, now)],
    [2, 'contacts', 'a contact changes', () => patchContact(mailbox, chance, now)],
    [2, 'contacts', 'a contact is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.contacts.all()))],
    [1, 'contacts', 'a contact folder is made', () => addContainer(mailbox, 'contactFolders', now)],
    [
      1,
      'contacts',
      'a contact folder is deleted',
      () => deleteAny(mailbox, chance, now, idsOf(mailbox.contactFolders.all())),
    ],
    [2, 'tasks', 'a task is added', () => addTask(mailbox, chance, now)],
    [1, 'tasks', 'a task is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.tasks.all()))],
    [1, 'tasks', 'a task list is made', () => addContainer(mailbox, 'taskLists', now)],
    [1, 'tasks', 'a task list is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.taskLists.all()))],
    [2, 'files', 'a file is added', () => addFile(mailbox, chance, now)],
    [1, 'files', 'a file changes', () => patchAny(mailbox, chance, now, idsOf(mailbox.driveItems.all()))],
    [1, 'files', 'a file is deleted', () => deleteAny(mailbox, chance, now, idsOf(mailbox.driveItems.all()))],
  ];
  const inFocus = changes.filter(([, category]) => focus.includes(category));
  const [name, change] = chance.weighted(inFocus.map(([weight, , each, run]) => [weight, [each, run] as const]));
  change();
  return name;
}

/** Never used before, in this mailbox or in another one. */
function newId(mailbox: Mailbox, kind: string): string {
  return `AAkALgAAs${mailbox.upn.slice(0, 1)}${mailbox.sequence}${kind}`;
}

function idsOf(items: readonly { readonly id: string }[]): readonly string[] {
  return items.map(({ id }) => id);
}

function messagesOf(mailbox: Mailbox): readonly string[] {
  return idsOf([...mailbox.allMessages()]);
}

function deliver(mailbox: Mailbox, chance: Chance, now: Date): void {
  const id = newId(mailbox, 'm');
  const sender = chance.pick([INSIDE, OUTSIDE]);
  const at = now.toISOString();
  mailbox.deliver(
    {
      id,
      changeKey: `change${mailbox.sequence + 1}`,
      folder: chance.pick(mailbox.folders()).name,
      subject: `Message ${mailbox.sequence}`,
      from: { name: sender, address: sender },
      to: [{ name: mailbox.upn, address: mailbox.upn }],
      cc: [],
      bcc: [],
      receivedAt: at,
      sentAt: at,
      internetMessageId: `<${id}@simulated.example>`,
      conversationId: `c${chance.below(5)}`,
      bodyType: 'text',
      body: 'A text',
      hasAttachments: false,
      isRead: false,
      isDraft: false,
      modifiedAt: at,
      attachments: [],
      replyTo: [],
      importance: 'normal',
      categories: [],
    },
    id,
  );
}

/** Whether a move changes the time of the last modification is nowhere written, so it does and does not. */
function moveMessage(mailbox: Mailbox, chance: Chance, now: Date): void {
  const messages = [...mailbox.allMessages()];
  if (messages.length > 0) {
    const { id, modifiedAt, receivedAt } = chance.pick(messages);
    const at = chance.below(2) === 0 ? now : new Date(modifiedAt ?? receivedAt);
    patchItem(mailbox, id, { folder: chance.pick(mailbox.folders()).name }, at);
  }
}

function patchAny(mailbox: Mailbox, chance: Chance, now: Date, ids: readonly string[]): void {
  if (ids.length > 0) {
    patchItem(mailbox, chance.pick(ids), { subject: `Changed ${mailbox.sequence}` }, now);
  }
}

function deleteAny(mailbox: Mailbox, chance: Chance, now: Date, ids: readonly string[]): void {
  if (ids.length > 0) {
    deleteItem(mailbox, chance.pick(ids), now);
  }
}

function addContainer(
  mailbox: Mailbox,
  kind: 'mailFolders' | 'calendars' | 'contactFolders' | 'taskLists',
  now: Date,
): void {
  const id = kind === 'mailFolders' ? newFolderId(`${mailbox.sequence}`) : `AAMkAD${kind}${mailbox.sequence}`;
  const item = { id, container: '', changeKey: 'made', modifiedAt: now.toISOString(), name: kind, isShared: false };
  mailbox.put({ kind, item });
}

function addEvent(mailbox: Mailbox, chance: Chance, now: Date): void {
  const start = new Date(now.getTime() + (chance.below(800) - 400) * DAY);
  const isSeries = chance.below(2) === 0;
  mailbox.deliverEvent(
    {
      id: newId(mailbox, 'e'),
      changeKey: `change${mailbox.sequence + 1}`,
      uid: `uid${mailbox.sequence}`,
      subject: `Event ${mailbox.sequence}`,
      body: '',
      location: '',
      organizer: { name: OUTSIDE, address: chance.pick([INSIDE, OUTSIDE]) },
      attendees: [],
      start: `${start.toISOString().slice(0, 16)}:00.000Z`,
      end: `${new Date(start.getTime() + 3_600_000).toISOString().slice(0, 16)}:00.000Z`,
      isAllDay: false,
      rule: isSeries ? chance.pick(['FREQ=WEEKLY;COUNT=5', 'FREQ=DAILY;COUNT=4']) : null,
      ...USUAL,
      excluded: [],
      exceptions: {},
      added: [],
      calendar: chance.pick(['AAMkADcalendarAAA', ...idsOf(mailbox.calendars.all())]),
      modifiedAt: now.toISOString(),
    },
    `event ${mailbox.sequence}`,
  );
}

function moveEvent(mailbox: Mailbox, chance: Chance, now: Date): void {
  const single = mailbox.events().filter(({ rule }) => rule === null);
  if (single.length > 0) {
    const start = new Date(now.getTime() + (chance.below(900) - 450) * DAY);
    const end = new Date(start.getTime() + 3_600_000);
    patchItem(mailbox, chance.pick(single).id, { start: start.toISOString(), end: end.toISOString() }, now);
  }
}

function changeOccurrence(mailbox: Mailbox, chance: Chance, now: Date): void {
  const series = mailbox.events().filter(({ rule }) => rule !== null);
  if (series.length > 0) {
    const { id, start } = chance.pick(series);
    const step = chance.below(4) * (chance.below(2) === 0 ? 7 : 1);
    const original = new Date(Date.parse(start) + step * DAY).toISOString().replaceAll(/[^0-9]/g, '');
    const occurrence = `${id}.${original.slice(0, 12)}`;
    if (chance.below(2) === 0) {
      deleteItem(mailbox, occurrence, now);
    } else {
      patchItem(mailbox, occurrence, { subject: `Exception ${mailbox.sequence}` }, now);
    }
  }
}

function addContact(mailbox: Mailbox, chance: Chance, now: Date): void {
  const id = newId(mailbox, 'c');
  const container = chance.pick([DEFAULT_CONTACT_FOLDER, ...idsOf(mailbox.contactFolders.all())]);
  mailbox.put({
    kind: 'contacts',
    item: {
      id,
      container,
      changeKey: `change${mailbox.sequence + 1}`,
      modifiedAt: now.toISOString(),
      displayName: `Contact ${mailbox.sequence}`,
      givenName: 'A',
      surname: 'B',
      companyName: '',
      jobTitle: '',
      emailAddresses: [{ name: 'A B', address: INSIDE }],
      businessPhones: [],
    },
  });
}

function patchContact(mailbox: Mailbox, chance: Chance, now: Date): void {
  const ids = idsOf(mailbox.contacts.all());
  if (ids.length > 0) {
    const folder = chance.pick([DEFAULT_CONTACT_FOLDER, ...idsOf(mailbox.contactFolders.all())]);
    patchItem(mailbox, chance.pick(ids), { subject: `Contact ${mailbox.sequence}`, folder }, now);
  }
}

function addTask(mailbox: Mailbox, chance: Chance, now: Date): void {
  const container = chance.pick([DEFAULT_TASK_LIST, ...idsOf(mailbox.taskLists.all())]);
  mailbox.put({
    kind: 'tasks',
    item: {
      id: newId(mailbox, 't'),
      container,
      changeKey: `change${mailbox.sequence + 1}`,
      modifiedAt: now.toISOString(),
      title: `Task ${mailbox.sequence}`,
      body: '',
      status: 'notStarted',
      dueOn: null,
    },
  });
}

function addFile(mailbox: Mailbox, chance: Chance, now: Date): void {
  const folders = mailbox.driveItems.all().filter(({ mimeType }) => mimeType === null);
  const isFolder = chance.below(4) === 0;
  mailbox.put({
    kind: 'driveItems',
    item: {
      id: `01FILE${mailbox.sequence}`,
      container: DRIVE,
      changeKey: `change${mailbox.sequence + 1}`,
      modifiedAt: now.toISOString(),
      parentId: folders.length === 0 ? null : chance.pick([null, ...idsOf(folders)]),
      name: `File ${mailbox.sequence}`,
      size: 10,
      mimeType: isFolder ? null : 'text/plain',
    },
  });
}
