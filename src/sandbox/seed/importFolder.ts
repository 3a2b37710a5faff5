/**
 * Imports a folder of real files into one person's mailbox: `.eml`, `.mbox` and `.ics`.
 *
 * The same file again adds nothing. A file that cannot be read is named, skipped and counted.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Mailbox } from '../graph/mailboxes.ts';
import { readCalendar } from './readCalendar.ts';
import { readMessage, splitMbox, UnreadableFileError } from './readMail.ts';

export interface ImportReport {
  readonly messages: number;
  readonly events: number;
  /** Items that were there before. */
  readonly known: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

const EXTENSIONS = ['.eml', '.mbox', '.ics'];

export async function importFolder(mailbox: Mailbox, folder: string): Promise<ImportReport> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => EXTENSIONS.includes(extname(name).toLowerCase())).sort();
  let messages = 0;
  let events = 0;
  let known = 0;
  const skipped: { file: string; reason: string }[] = [];
  for (const file of files) {
    try {
      const before = mailbox.sequence;
      const count = await importFile(mailbox, join(folder, file));
      const added = mailbox.sequence - before;
      known += count - added;
      if (extname(file).toLowerCase() === '.ics') {
        events += added;
      } else {
        messages += added;
      }
    } catch (error) {
      skipped.push({ file, reason: reasonOf(error) });
    }
  }
  return { messages, events, known, skipped };
}

/** Answers how many items the file holds. */
async function importFile(mailbox: Mailbox, file: string): Promise<number> {
  const raw = await readFile(file);
  switch (extname(file).toLowerCase()) {
    case '.ics':
      return deliverCalendar(mailbox, raw.toString('utf8'));
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

function reasonOf(error: unknown): string {
  if (error instanceof UnreadableFileError) {
    return error.message;
  }
  return typeof error === 'object' && error !== null && 'code' in error
    ? `cannot be read (${String(error.code)})`
    : 'cannot be read';
}
