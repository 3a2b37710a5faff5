/** What must hold at every moment, looked at beside the engine: who writes, and who asks Microsoft. */
import { deepStrictEqual, ok } from 'node:assert/strict';
import { readDecisionFacts } from '../../src/db/consent/decisionFacts.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import { readMemberRules } from '../../src/db/organization/memberRulesStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { decide } from '../../src/domain/decision.ts';
import type { RoundState, Stream } from '../../src/sync/ports.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories/categories.ts';
import type { Life } from './scheduler.ts';
import type { Laws } from './wrappedPorts.ts';

const WHEN_PAUSES_ARE_OVER = new Date('2100-01-01T00:00:00Z');

export class EngineLaws implements Laws {
  readonly #database: Database;
  readonly #keyring: Keyring;
  /** What a process believes the time to be. */
  readonly #now: () => Date;
  readonly #trueNow: () => Date;
  #quietUntil = new Date(0);
  #trulyQuietUntil = new Date(0);
  /** How often each category was told of, now and when a process last read a stream. */
  readonly #told = new Map<Category, number>();
  readonly #toldAtReading = new Map<string, number>();
  /** The latest time that a clock showed when a category was told of or read. */
  #latest = new Date(0);

  constructor(database: Database, keyring: Keyring, now: () => Date, trueNow: () => Date) {
    this.#database = database;
    this.#keyring = keyring;
    this.#now = now;
    this.#trueNow = trueNow;
  }

  async mayWrite({ lease }: RoundState, stream: Stream): Promise<void> {
    const { kysely } = this.#database;
    const held = await kysely
      .selectFrom('mailboxes')
      .select(['fence', 'lease_owner'])
      .where('mailbox_id', '=', lease.mailboxId)
      .executeTakeFirst();
    // A clock that was put back makes a pause hold again that had ended by itself when the round began.
    const levels = await Promise.all(
      [this.#now(), WHEN_PAUSES_ARE_OVER].map(async (at) => {
        const facts = await readDecisionFacts(kysely, lease.tenantId, lease.mailboxId, at);
        return facts === null ? 'off' : decide(stream.category, facts).effective.sync;
      }),
    );
    const level = levels.find((each) => each === stream.level) ?? levels[0];
    deepStrictEqual(
      { fence: lease.fence, owner: lease.owner, level: stream.level },
      { fence: held?.fence, owner: held?.lease_owner, level },
      `${stream.key} was written by whoever must not`,
    );
    await this.#mayBeIn(lease.tenantId, lease.mailboxId, stream);
  }

  /** A shared mailbox only while it is named. */
  async #mayBeIn(tenantId: string, memberId: string, { sharedMailbox }: Stream): Promise<void> {
    if (sharedMailbox !== null) {
      const { mailboxes } = await readMemberRules(this.#database.kysely, this.#keyring, tenantId, memberId);
      ok(
        mailboxes.some(({ id }) => id === sharedMailbox),
        'a mailbox was read that is not named any more',
      );
    }
  }

  /** A clock that has jumped meanwhile excuses: who believes that the time is over cannot know better. */
  mayAsk(): void {
    const isOver = this.#trulyQuietUntil <= this.#trueNow() || this.#quietUntil <= this.#now();
    ok(isOver, 'Microsoft was asked while it wanted silence');
  }

  quiet(until: Date): void {
    const ahead = this.#now().getTime() - this.#trueNow().getTime();
    this.#quietUntil = new Date(Math.max(until.getTime(), this.#quietUntil.getTime()));
    this.#trulyQuietUntil = new Date(Math.max(until.getTime() - ahead, this.#trulyQuietUntil.getTime()));
  }

  /** Notifications have made every stream of a category due. */
  told(category: Category): void {
    this.#seeTime();
    this.#told.set(category, (this.#told.get(category) ?? 0) + 1);
  }

  reads({ name }: Life, { key }: Pick<Stream, 'key'>): void {
    this.#seeTime();
    this.#toldAtReading.set(`${name} ${key}`, this.#told.get(categoryOf(key)) ?? 0);
  }

  async hasCaughtUp({ name }: Life, { lease }: RoundState, { key, sharedMailbox, category }: Stream): Promise<void> {
    const isTold = this.#toldAtReading.get(`${name} ${key}`) !== (this.#told.get(category) ?? 0);
    // No one tells of what is in shared mailboxes.
    if (!isTold || sharedMailbox !== null) {
      return;
    }
    const row = await this.#database.kysely
      .selectFrom('streams')
      .select('due_at')
      .where('mailbox_id', '=', lease.mailboxId)
      .where('stream_key', '=', key)
      .executeTakeFirst();
    this.#seeTime();
    // A clock that is put back puts off what was due at once, until the look for what a wrong clock put off.
    ok(row === undefined || row.due_at <= this.#latest, `${key} was told of while it was read, and is not read again`);
  }

  #seeTime(): void {
    this.#latest = new Date(Math.max(this.#latest.getTime(), this.#now().getTime()));
  }

  /** When clocks are put right, what they said before means nothing. */
  forgetSilence(): void {
    this.#latest = new Date(0);
    this.#quietUntil = new Date(0);
    this.#trulyQuietUntil = new Date(0);
  }
}

function categoryOf(key: string): Category {
  return CATEGORIES.find((category) => key.startsWith(`${category}:`)) ?? 'mail';
}
