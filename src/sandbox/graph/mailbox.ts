/**
 * One mailbox: messages, events and everything else of a person, with a log of changes from which deltas are answered.
 *
 * A mailbox has a generated part, computed from seed and index and never held in memory, and what was
 * delivered, changed or deleted since, kept in a journal of one JSON line a change.
 *
 * Shapes  Every change has a number; a delta token is a number, and what changed after it is the delta.
 */
import { appendFileSync } from 'node:fs';
import {
  generatedCount,
  generatedFolder,
  generatedId,
  generatedIndex,
  generateEvents,
  generateMessage,
} from '../seed/generateMailAndEvents.ts';
import { generateContacts, generateDriveItems, generateTasks } from '../seed/generateOtherContent.ts';
import type { Sizes } from '../world/state.ts';
import { Collection } from './collection.ts';
import { readLines } from './journal.ts';
import { notificationFor } from './notificationFor.ts';
import type { MailboxChange } from './subscriptions.ts';
import { type Folder, FOLDERS } from './folders.ts';
import {
  COLLECTIONS,
  type CollectionName,
  type StoredContact,
  type StoredContainer,
  StoredChange,
  type StoredDriveItem,
  type StoredEvent,
  type StoredMessage,
  type StoredTask,
} from './stored.ts';

export interface MessageChange {
  readonly sequence: number;
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
}

export class Mailbox {
  readonly upn: string;
  readonly #file: string | null;
  readonly #seed: string;
  readonly #onChange: (change: MailboxChange) => void;
  readonly #generated: number;
  readonly #messages = new Map<string, StoredMessage | null>();
  readonly #events = new Map<string, StoredEvent>();
  readonly #messageLog: MessageChange[] = [];
  readonly #eventLog: { readonly sequence: number; readonly id: string; readonly calendars: readonly string[] }[] = [];
  readonly #removedEvents = new Map<string, StoredEvent>();
  readonly #keys = new Map<string, string>();
  readonly #received = new Map<string, string>();
  readonly #folderCounts = new Map<string, number>();
  readonly mailFolders = new Collection<StoredContainer>();
  readonly calendars = new Collection<StoredContainer>();
  readonly contactFolders = new Collection<StoredContainer>();
  readonly taskLists = new Collection<StoredContainer>();
  readonly contacts: Collection<StoredContact>;
  readonly tasks: Collection<StoredTask>;
  readonly driveItems: Collection<StoredDriveItem>;
  #sequence = 0;

  constructor(
    upn: string,
    file: string | null,
    seed: string,
    sizes: Sizes,
    onChange: (change: MailboxChange) => void = () => undefined,
  ) {
    this.#onChange = onChange;
    this.upn = upn;
    this.#file = file;
    this.#seed = seed;
    this.#generated = sizes.messages;
    for (const event of generateEvents(seed, upn, sizes.events)) {
      this.#events.set(event.id, event);
    }
    this.contacts = new Collection(generateContacts(seed, upn, sizes.contacts));
    this.tasks = new Collection(generateTasks(seed, upn, sizes.contacts));
    this.driveItems = new Collection(generateDriveItems(seed, upn, sizes.contacts));
    this.#replay();
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** The folders that everyone has, and those that were made here. */
  folders(): readonly Folder[] {
    const made = this.mailFolders.all().map(({ id, name, container, wellKnownName = null }) => ({
      name: id,
      displayName: name,
      wellKnownName,
      parent: container,
    }));
    return [...FOLDERS, ...made];
  }

  /** How many messages are in a folder now. */
  count(folder: string): number {
    const generated = this.#folderCounts.get(folder) ?? generatedCount(this.#seed, this.upn, this.#generated, folder);
    this.#folderCounts.set(folder, generated);
    let count = generated;
    for (const [id, message] of this.#messages) {
      const before = this.#generatedById(id);
      count += Number(message?.folder === folder) - Number(before?.folder === folder);
    }
    return count;
  }

  message(id: string): StoredMessage | null {
    const changed = this.#messages.get(id);
    return changed === undefined ? this.#generatedById(id) : changed;
  }

  /** A page of a folder from `position` on, newest first: what was delivered, then the generated part. */
  messagesFrom(
    folder: string,
    position: number,
    limit: number,
    upTo: number,
  ): { readonly messages: readonly StoredMessage[]; readonly next: number | null } {
    const delivered = this.#delivered(upTo);
    const messages: StoredMessage[] = [];
    const end = delivered.length + this.#generated;
    let at = position;
    for (; at < end && messages.length < limit; at += 1) {
      const id = at < delivered.length ? delivered[at] : this.#generatedAt(folder, at - delivered.length);
      const message = id === undefined ? null : this.message(id);
      if (message?.folder === folder) {
        messages.push(message);
      }
    }
    return { messages, next: at < end ? at : null };
  }

  /** Every message, for the truth and for searches. */
  *allMessages(): Generator<StoredMessage> {
    for (const id of this.#messages.keys()) {
      const message = this.#messages.get(id);
      if (message !== null && message !== undefined) {
        yield message;
      }
    }
    for (let index = 0; index < this.#generated; index += 1) {
      const message = generateMessage(this.#seed, this.upn, index);
      if (!this.#messages.has(message.id)) {
        yield message;
      }
    }
  }

  findByInternetMessageId(internetMessageId: string): readonly StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.allMessages()) {
      if (message.internetMessageId === internetMessageId) {
        found.push(message);
      }
    }
    return found;
  }

  /** What entered or left a folder after `sequence`, each message once, as it stands now. */
  messageChanges(folder: string, after: number): readonly MessageChange[] {
    const last = new Map<string, MessageChange>();
    for (const change of this.#messageLog) {
      if (change.sequence > after && (change.from === folder || change.to === folder)) {
        last.set(change.id, change);
      }
    }
    return [...last.values()];
  }

  events(): readonly StoredEvent[] {
    return [...this.#events.values()];
  }

  event(id: string): StoredEvent | null {
    return this.#events.get(id) ?? null;
  }

  /** An event that was deleted, so that the delta can name what is gone. */
  removedEvent(id: string): StoredEvent | null {
    return this.#removedEvents.get(id) ?? null;
  }

  /** What entered, left or changed in a calendar after `sequence`. */
  eventChanges(after: number, calendar: string): readonly string[] {
    const since = this.#eventLog.filter(({ sequence, calendars }) => sequence > after && calendars.includes(calendar));
    return [...new Set(since.map(({ id }) => id))];
  }

  /** Adds a message unless one with the same key is there; answers the one that is. */
  /** Whether a message came under this key, and is still there. */
  isDelivered(key: string): boolean {
    const known = this.#keys.get(key);
    return known !== undefined && this.message(known) !== null;
  }

  deliver(message: StoredMessage, key: string): StoredMessage {
    const known = this.#keys.get(key);
    const existing = known === undefined ? null : this.message(known);
    if (existing !== null) {
      return existing;
    }
    this.#apply({ kind: 'message', message, key });
    return message;
  }

  deliverEvent(event: StoredEvent, key: string): StoredEvent {
    const existing = this.#events.get(this.#keys.get(key) ?? '');
    if (existing !== undefined) {
      return existing;
    }
    this.#apply({ kind: 'event', event, key });
    return event;
  }

  /** Adds a contact unless it is there, for its id is made of what identifies it; answers the one that is. */
  deliverContact(contact: StoredContact): StoredContact {
    const existing = this.contacts.get(contact.id);
    if (existing !== null) {
      return existing;
    }
    this.#apply({ kind: 'contacts', item: contact });
    return contact;
  }

  /** Adds or replaces something of a collection. */
  put(change: Extract<StoredChange, { item: unknown }>): void {
    this.#apply(change);
  }

  /** The collection that holds an id, if any does. */
  holderOf(id: string): CollectionName | null {
    return COLLECTIONS.find((name) => this[name].get(id) !== null) ?? null;
  }

  changeMessage(message: StoredMessage): void {
    this.#apply({ kind: 'message', message, key: null });
  }

  changeEvent(event: StoredEvent): void {
    this.#apply({ kind: 'event', event, key: null });
  }

  remove(id: string): void {
    this.#apply({ kind: 'removed', id });
  }

  isGenerated(id: string): boolean {
    return this.#generatedById(id) !== null;
  }

  #apply(change: StoredChange): void {
    if (this.#file !== null) {
      appendFileSync(this.#file, `${JSON.stringify(change)}\n`);
    }
    const told = notificationFor(this, change);
    this.#take(change);
    if (told !== null) {
      this.#onChange(told);
    }
  }

  #take(change: StoredChange): void {
    this.#sequence += 1;
    if (change.kind === 'message') {
      this.#takeMessage(change.message.id, change.message);
      this.#name(change.key, change.message.id);
    } else if (change.kind === 'event') {
      this.#takeEvent(change.event);
      this.#name(change.key, change.event.id);
    } else if (change.kind === 'removed') {
      this.#takeRemoval(change.id);
    } else {
      this.#takeContained(change);
    }
  }

  #name(key: string | null, id: string): void {
    if (key !== null) {
      this.#keys.set(key, id);
    }
  }

  #takeEvent(event: StoredEvent): void {
    const before = this.#events.get(event.id)?.calendar ?? event.calendar;
    this.#events.set(event.id, event);
    this.#eventLog.push({ sequence: this.#sequence, id: event.id, calendars: [before, event.calendar] });
  }

  #takeContained(change: Extract<StoredChange, { item: unknown }>): void {
    switch (change.kind) {
      case 'contacts':
        return this.contacts.put(change.item, this.#sequence);
      case 'tasks':
        return this.tasks.put(change.item, this.#sequence);
      case 'driveItems':
        return this.driveItems.put(change.item, this.#sequence);
      case 'mailFolders':
      case 'calendars':
      case 'contactFolders':
      case 'taskLists':
        return this[change.kind].put(change.item, this.#sequence);
    }
  }

  #takeMessage(id: string, message: StoredMessage | null): void {
    const from = this.message(id)?.folder ?? null;
    // When it came first: a message that was deleted keeps its place among the pages that are being read.
    this.#received.set(id, this.#received.get(id) ?? message?.receivedAt ?? '');
    this.#messages.set(id, message);
    this.#messageLog.push({ sequence: this.#sequence, id, from, to: message?.folder ?? null });
  }

  #takeRemoval(id: string): void {
    const holder = this.holderOf(id);
    if (holder !== null) {
      this[holder].remove(id, this.#sequence);
      return;
    }
    const event = this.#events.get(id);
    if (event === undefined) {
      this.#takeMessage(id, null);
      return;
    }
    this.#events.delete(id);
    this.#removedEvents.set(id, event);
    this.#eventLog.push({ sequence: this.#sequence, id, calendars: [event.calendar] });
  }

  #replay(): void {
    if (this.#file === null) {
      return;
    }
    for (const line of readLines(this.#file)) {
      this.#take(StoredChange.parse(JSON.parse(line)));
    }
  }

  /** Ids that were delivered up to a change, newest message first; a later delivery does not move them. */
  #delivered(upTo: number): readonly string[] {
    const ids = this.#messageLog
      .filter(({ sequence, id }) => sequence <= upTo && !this.isGenerated(id))
      .map(({ id }) => id);
    const received = (id: string) => this.#received.get(id) ?? '';
    return [...new Set(ids)].sort((first, second) => received(second).localeCompare(received(first)));
  }

  /** The id at an index of the generated part, unless it plainly belongs to another folder. */
  #generatedAt(folder: string, index: number): string | undefined {
    const id = generatedId(this.#seed, this.upn, index);
    return this.#messages.has(id) || generatedFolder(this.#seed, this.upn, index) === folder ? id : undefined;
  }

  #generatedById(id: string): StoredMessage | null {
    const index = generatedIndex(id);
    const isOurs = index !== null && index < this.#generated && generatedId(this.#seed, this.upn, index) === id;
    return isOurs ? generateMessage(this.#seed, this.upn, index) : null;
  }
}
