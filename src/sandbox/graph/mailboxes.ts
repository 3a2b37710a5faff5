/** All mailboxes, opened when they are first used. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world/world.ts';
import { Mailbox } from './mailbox.ts';
import type { MailboxChange } from './subscriptions.ts';

export class Mailboxes {
  readonly #folder: string | null;
  readonly #world: World;
  readonly #onChange: (upn: string, change: MailboxChange) => void;
  readonly #open = new Map<string, Mailbox>();

  constructor(folder: string | null, world: World, onChange: (upn: string, change: MailboxChange) => void) {
    this.#onChange = onChange;
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
    const mailbox = new Mailbox(name, file, this.#world.seed, this.#world.sizes, (change) => {
      this.#onChange(name, change);
    });
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
      (mailbox) =>
        mailbox.message(itemId) !== null || mailbox.event(itemId) !== null || mailbox.holderOf(itemId) !== null,
    );
  }
}
