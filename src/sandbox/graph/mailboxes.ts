/**
 * The mailboxes: messages and events of every person, with a log of changes from which deltas are answered.
 *
 * A mailbox has a generated part, computed from seed and index and never held in memory, and what was
 * delivered, changed or deleted since, kept in a journal of one JSON line a change.
 *
 * Shapes  Every change has a number; a delta token is a number, and what changed after it is the delta.
 */
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  generatedCount,
  generatedFolder,
  generatedId,
  generatedIndex,
  generateEvents,
  generateMessage,
} from '../seed/generate.ts';
import type { World } from '../world/world.ts';
import { type StoredEvent, StoredChange, type StoredMessage } from './stored.ts';

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
  readonly #generated: number;
  readonly #messages = new Map<string, StoredMessage | null>();
  readonly #events = new Map<string, StoredEvent>();
  readonly #messageLog: MessageChange[] = [];
  readonly #eventLog: { readonly sequence: number; readonly id: string }[] = [];
  readonly #removedEvents = new Map<string, StoredEvent>();
  readonly #keys = new Map<string, string>();
  readonly #folderCounts = new Map<string, number>();
  #sequence = 0;

  constructor(upn: string, file: string | null, seed: string, sizes: { messages: number; events: number }) {
    this.upn = upn;
    this.#file = file;
    this.#seed = seed;
    this.#generated = sizes.messages;
    for (const event of generateEvents(seed, upn, sizes.events)) {
      this.#events.set(event.id, event);
    }
    this.#replay();
  }

  get sequence(): number {
    return this.#sequence;
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
    most: number,
    upTo: number,
  ): { readonly messages: readonly StoredMessage[]; readonly next: number | null } {
    const delivered = this.#delivered(upTo);
    const messages: StoredMessage[] = [];
    const end = delivered.length + this.#generated;
    let at = position;
    for (; at < end && messages.length < most; at += 1) {
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

  eventChanges(after: number): readonly string[] {
    return [...new Set(this.#eventLog.filter(({ sequence }) => sequence > after).map(({ id }) => id))];
  }

  /** Adds a message unless one with the same key is there; answers the one that is. */
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
    this.#take(change);
  }

  #take(change: StoredChange): void {
    this.#sequence += 1;
    if (change.kind === 'message') {
      this.#takeMessage(change.message.id, change.message);
    } else if (change.kind === 'event') {
      this.#events.set(change.event.id, change.event);
      this.#eventLog.push({ sequence: this.#sequence, id: change.event.id });
    } else {
      this.#takeRemoval(change.id);
    }
    if (change.kind !== 'removed' && change.key !== null) {
      this.#keys.set(change.key, change.kind === 'message' ? change.message.id : change.event.id);
    }
  }

  #takeMessage(id: string, message: StoredMessage | null): void {
    const from = this.message(id)?.folder ?? null;
    this.#messages.set(id, message);
    this.#messageLog.push({ sequence: this.#sequence, id, from, to: message?.folder ?? null });
  }

  #takeRemoval(id: string): void {
    const event = this.#events.get(id);
    if (event === undefined) {
      this.#takeMessage(id, null);
      return;
    }
    this.#events.delete(id);
    this.#removedEvents.set(id, event);
    this.#eventLog.push({ sequence: this.#sequence, id });
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
    const received = (id: string) => this.message(id)?.receivedAt ?? '';
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

function readLines(file: string): readonly string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    // The last line is empty, or was cut off by a crash before it counted.
    return lines.slice(0, -1);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

/** Whether the file system has no such file. */
function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/** All mailboxes, opened when they are first used. */
export class Mailboxes {
  readonly #folder: string | null;
  readonly #world: World;
  readonly #open = new Map<string, Mailbox>();

  constructor(folder: string | null, world: World) {
    this.#folder = folder === null ? null : join(folder, 'mailboxes');
    this.#world = world;
    if (this.#folder !== null) {
      mkdirSync(this.#folder, { recursive: true });
    }
  }

  of(upn: string): Mailbox {
    const name = upn.toLowerCase();
    const existing = this.#open.get(name);
    if (existing !== undefined) {
      return existing;
    }
    const file = this.#folder === null ? null : join(this.#folder, `${name.replace(/[^a-z0-9.@_-]/g, '_')}.jsonl`);
    const mailbox = new Mailbox(name, file, this.#world.seed, this.#world.sizes);
    this.#open.set(name, mailbox);
    return mailbox;
  }

  /** Every mailbox as the world's seed and sizes make it. */
  reset(): void {
    this.#open.clear();
    if (this.#folder !== null) {
      rmSync(this.#folder, { recursive: true, force: true });
      mkdirSync(this.#folder, { recursive: true });
    }
  }

  /** The mailbox that holds an item, of those that are in use. */
  holding(itemId: string): Mailbox | undefined {
    return [...this.#open.values()].find(
      (mailbox) => mailbox.message(itemId) !== null || mailbox.event(itemId) !== null,
    );
  }
}
