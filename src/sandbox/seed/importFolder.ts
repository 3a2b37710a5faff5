/**
 * Imports a folder of real files into one person's mailbox: `.eml`, `.mbox`, `.ics` and `.vcf`.
 *
 * The same file again adds nothing. What cannot be read, a file or one item of it, is named and counted, and everything
 * else is taken.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Mailbox } from '../graph/mailbox.ts';
import { type LeftOut, readParts, UnreadableFileError } from './leftOut.ts';
import { readCalendar } from './readCalendar.ts';
import { readContacts } from './readContacts.ts';
import { nameOfMessage, readMessage, splitMbox } from './readMail.ts';

export interface ImportReport extends Counts {
  readonly skipped: readonly Skipped[];
}

interface Counts {
  readonly messages: number;
  readonly events: number;
  readonly contacts: number;
  readonly tasks: number;
  /** Items that were there before, or twice in the files. */
  readonly known: number;
}

/** `item` is empty where it is the whole file. */
interface Skipped extends LeftOut {
  readonly file: string;
}

interface Imported {
  readonly counts: Counts;
  readonly leftOut: readonly LeftOut[];
}

const NOTHING: Counts = { messages: 0, events: 0, contacts: 0, tasks: 0, known: 0 };

const IMPORTS: Readonly<Record<string, (mailbox: Mailbox, raw: Buffer, at: Date) => Promise<Imported>>> = {
  '.eml': (mailbox, raw, at) => importMessages(mailbox, [raw], at),
  '.mbox': (mailbox, raw, at) => importMessages(mailbox, splitMbox(raw), at),
  '.ics': importCalendar,
  '.vcf': importContacts,
};

export async function importFolder(mailbox: Mailbox, folder: string, at: Date): Promise<ImportReport> {
  const names = await readdir(folder, { recursive: true });
  let counts = NOTHING;
  const skipped: Skipped[] = [];
  for (const file of names.toSorted()) {
    const read = IMPORTS[extname(file).toLowerCase()];
    if (read === undefined) {
      continue;
    }
    try {
      const imported = await read(mailbox, await readFile(join(folder, file)), at);
      counts = sumOf(counts, imported.counts);
      skipped.push(...imported.leftOut.map((each) => ({ file, ...each })));
    } catch (error) {
      skipped.push({ file, item: '', reason: reasonOf(error) });
    }
  }
  return { ...counts, skipped };
}

async function importMessages(mailbox: Mailbox, raws: readonly Buffer[], at: Date): Promise<Imported> {
  const { items, leftOut } = await readParts(raws, nameOfMessage, (raw) => readMessage(raw, 'inbox', at));
  const counts = items.map(({ message, key, earlierKey }) =>
    countOf(mailbox, 'messages', () => mailbox.isDelivered(earlierKey) || mailbox.deliver(message, key)),
  );
  // A file that is one message is left out as a file.
  return { counts: counts.reduce(sumOf, NOTHING), leftOut: raws.length === 1 ? asFile(leftOut) : leftOut };
}

function asFile(leftOut: readonly LeftOut[]): readonly LeftOut[] {
  return leftOut.map(({ reason }) => ({ item: '', reason }));
}

async function importCalendar(mailbox: Mailbox, raw: Buffer, at: Date): Promise<Imported> {
  const { events, tasks, leftOut } = await readCalendar(raw.toString('utf8'), at);
  const counts = [
    ...events.map((event) => countOf(mailbox, 'events', () => mailbox.deliverEvent(event, `event ${event.uid}`))),
    ...tasks.map((item) =>
      countOf(mailbox, 'tasks', () => mailbox.tasks.get(item.id) ?? mailbox.put({ kind: 'tasks', item })),
    ),
  ];
  return { counts: counts.reduce(sumOf, NOTHING), leftOut };
}

async function importContacts(mailbox: Mailbox, raw: Buffer, at: Date): Promise<Imported> {
  const { contacts, leftOut } = await readContacts(raw.toString('utf8'), at);
  const counts = contacts.map(({ contact, earlierId }) =>
    countOf(mailbox, 'contacts', () =>
      mailbox.contacts.get(earlierId)?.changeKey === contact.changeKey ? null : mailbox.deliverContact(contact),
    ),
  );
  return { counts: counts.reduce(sumOf, NOTHING), leftOut };
}

/** What was there already has not changed the mailbox. */
function countOf(mailbox: Mailbox, kind: Exclude<keyof Counts, 'known'>, deliver: () => unknown): Counts {
  const before = mailbox.sequence;
  deliver();
  return { ...NOTHING, [mailbox.sequence === before ? 'known' : kind]: 1 };
}

function sumOf(first: Counts, second: Counts): Counts {
  return {
    messages: first.messages + second.messages,
    events: first.events + second.events,
    contacts: first.contacts + second.contacts,
    tasks: first.tasks + second.tasks,
    known: first.known + second.known,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof UnreadableFileError) {
    return error.message;
  }
  return typeof error === 'object' && error !== null && 'code' in error
    ? `cannot be read (${String(error.code)})`
    : 'cannot be read';
}
