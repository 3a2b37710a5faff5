/**
 * Imports a folder of real files into one person's mailbox: `.eml`, `.mbox`, `.ics` and `.vcf`.
 *
 * The same file again adds nothing. A file that cannot be read is named, skipped and counted.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Mailbox } from '../graph/mailbox.ts';
import { readCalendar } from './readCalendar.ts';
import { readContacts } from './readContacts.ts';
import { readMessage, splitMbox, UnreadableFileError } from './readMail.ts';

export interface ImportReport {
  readonly messages: number;
  readonly events: number;
  readonly contacts: number;
  /** Items that were there before. */
  readonly known: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

const KINDS: Readonly<Record<string, 'messages' | 'events' | 'contacts'>> = {
  '.eml': 'messages',
  '.mbox': 'messages',
  '.ics': 'events',
  '.vcf': 'contacts',
};

export async function importFolder(mailbox: Mailbox, folder: string, at: Date): Promise<ImportReport> {
  const names = await readdir(folder, { recursive: true });
  const added = { messages: 0, events: 0, contacts: 0 };
  let known = 0;
  const skipped: { file: string; reason: string }[] = [];
  for (const file of names.toSorted()) {
    const kind = KINDS[extname(file).toLowerCase()];
    if (kind === undefined) {
      continue;
    }
    try {
      const before = mailbox.sequence;
      const count = await importFile(mailbox, join(folder, file), at);
      added[kind] += mailbox.sequence - before;
      known += count - (mailbox.sequence - before);
    } catch (error) {
      skipped.push({ file, reason: reasonOf(error) });
    }
  }
  return { ...added, known, skipped };
}

/** Answers how many items the file holds. */
async function importFile(mailbox: Mailbox, file: string, at: Date): Promise<number> {
  const raw = await readFile(file);
  switch (extname(file).toLowerCase()) {
    case '.ics':
      return deliverCalendar(mailbox, raw.toString('utf8'));
    case '.vcf':
      return deliverContacts(mailbox, raw.toString('utf8'), at);
    case '.mbox':
      return deliverAll(mailbox, splitMbox(raw));
    default:
      return deliverAll(mailbox, [raw]);
  }
}

async function deliverAll(mailbox: Mailbox, raws: readonly Buffer[]): Promise<number> {
  for (const raw of raws) {
    const { message, key } = await readMessage(raw, 'inbox');
    mailbox.deliver(message, key);
  }
  return raws.length;
}

function deliverCalendar(mailbox: Mailbox, text: string): number {
  const events = readCalendar(text);
  events.forEach((event) => mailbox.deliverEvent(event, `event ${event.uid}`));
  return events.length;
}

function deliverContacts(mailbox: Mailbox, text: string, at: Date): number {
  const contacts = readContacts(text, at);
  contacts.forEach((contact) => mailbox.deliverContact(contact));
  return contacts.length;
}

function reasonOf(error: unknown): string {
  if (error instanceof UnreadableFileError) {
    return error.message;
  }
  return typeof error === 'object' && error !== null && 'code' in error
    ? `cannot be read (${String(error.code)})`
    : 'cannot be read';
}
