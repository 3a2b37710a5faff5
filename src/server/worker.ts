/**
 * The worker: runs rounds over due mailboxes, proves consents, watches grants, and finishes erasures and reviews.
 *
 * Woken by notices, and by itself every few seconds where one was lost. Stops when what is in progress is done.
 */
import { randomUUID } from 'node:crypto';
import type { AccessTokenProvider } from '../consent/accessTokens.ts';
import { verifyConsents } from '../consent/verifyConsents.ts';
import type { ConsentPorts } from '../consent/ports.ts';
import { detectGrantDrift } from '../consent/detectGrantDrift.ts';
import type { Database } from '../db/openDatabase.ts';
import { CHANGES_CHANNEL, FEED_CHANNEL, WAKE_CHANNEL } from '../db/transact.ts';
import { eraseAll, type ErasePorts } from '../sync/erase.ts';
import type { Lease, SyncPorts } from '../sync/ports.ts';
import { expireAll, type ExpirePorts } from '../sync/expire.ts';
import { reviewAll, type ReviewPorts } from '../sync/review.ts';
import { runRound } from '../sync/runRound.ts';
import type { Log } from './log.ts';
import type { WebhookSender } from './webhookSender.ts';

const MAX_CONCURRENT_ROUNDS = 8;
const MAX_CONCURRENT_FIRST_SYNCS = 6;
const POLL_MILLISECONDS = 1_000;
/** Not everything that the feed tells is announced to screens. */
const PUBLISH_MILLISECONDS = 250;
/** Grants are due every few minutes, and things get old: nothing wakes these chores but time. */
const WATCH_MILLISECONDS = 5_000;
/** What is kept is counted in days, and clocks are seldom wrong. */
const SLOW_MILLISECONDS = 5 * 60_000;
/** How much of the feed a restored database may lack without being noticed. */
const MARK_MILLISECONDS = 60_000;

export interface WorkerParts {
  readonly database: Database;
  readonly sync: SyncPorts;
  readonly consent: ConsentPorts;
  readonly tokens: AccessTokenProvider;
  readonly erase: ErasePorts;
  readonly relevance: ReviewPorts & ExpirePorts;
  /** Reschedules mailboxes that were postponed while the clock was ahead. */
  repairClockSkew(): Promise<number>;
  readonly webhooks: WebhookSender;
  /** Gives what was committed a place in the feed. */
  publish(): Promise<void>;
  /** Removes what the feed has told long enough ago. */
  pruneFeed(): Promise<void>;
  /** Removes what the log of webhooks doesn't keep any longer. */
  pruneDeliveries(): Promise<void>;
  /** Writes down how far the feed has come, apart from the database. */
  advanceFeedMark(): Promise<void>;
  /** Takes a batch of received notifications; answers how many there were. */
  takeNotifications(): Promise<number>;
  readonly log: Log;
  /** Tells the metrics that a round ended, and how. */
  onRound(outcome: 'done' | 'failed'): void;
}

export class Worker {
  readonly #parts: WorkerParts;
  readonly #owner = randomUUID();
  readonly #rounds = new Set<Promise<void>>();
  readonly #chores: readonly BackgroundTask[];
  readonly #watch: BackgroundTask;
  readonly #slowChores: readonly BackgroundTask[];
  readonly #publishing: BackgroundTask;
  readonly #marking: BackgroundTask;
  readonly #timers: NodeJS.Timeout[] = [];
  #claiming: Promise<void> | undefined;
  #stopListening: (() => Promise<void>) | undefined;
  #firstRounds = 0;
  #isStopped = false;

  constructor(parts: WorkerParts) {
    const {
      erase,
      relevance,
      consent,
      tokens,
      takeNotifications,
      repairClockSkew,
      publish,
      pruneFeed,
      pruneDeliveries,
      advanceFeedMark,
      log,
    } = parts;
    this.#parts = parts;
    // Apart from each other: an erasure must not wait for Microsoft to answer about a consent.
    this.#chores = [
      new BackgroundTask('an erasure', () => eraseAll(erase), log),
      new BackgroundTask('a review of the rules', () => reviewAll(relevance), log),
      new BackgroundTask('taking notifications', () => drainNotifications(takeNotifications), log),
      new BackgroundTask('a proof', () => verifyConsents(consent, tokens), log),
    ];
    this.#publishing = new BackgroundTask('publishing the feed', publish, log);
    this.#marking = new BackgroundTask('writing down how far the feed has come', advanceFeedMark, log);
    this.#watch = new BackgroundTask('a look at what is granted', () => detectGrantDrift(consent, tokens), log);
    this.#slowChores = [
      new BackgroundTask('removing what is not kept any longer', () => expireAll(relevance), log),
      new BackgroundTask('a look for what a wrong clock put off', repairClockSkew, log),
      new BackgroundTask('removing what the feed has told long ago', pruneFeed, log),
      new BackgroundTask('removing what the log of webhooks has kept long enough', pruneDeliveries, log),
    ];
  }

  async start(): Promise<void> {
    const { database, webhooks } = this.#parts;
    const listening = [
      await database.listen(WAKE_CHANNEL, () => {
        this.wake();
      }),
      await database.listen(CHANGES_CHANNEL, () => {
        this.#publishing.wake();
      }),
      await database.listen(FEED_CHANNEL, () => {
        webhooks.wake();
      }),
    ];
    this.#stopListening = async () => {
      await Promise.all(listening.map((stop) => stop()));
    };
    this.#every(PUBLISH_MILLISECONDS, () => {
      this.#publishing.wake();
    });
    this.#every(POLL_MILLISECONDS, () => {
      this.wake();
    });
    this.#every(WATCH_MILLISECONDS, () => {
      this.#watch.wake();
    });
    this.#every(SLOW_MILLISECONDS, () => {
      wakeAll(this.#slowChores);
    });
    this.#every(MARK_MILLISECONDS, () => {
      this.#marking.wake();
    });
    this.wake();
    this.watch();
    webhooks.start();
  }

  #every(milliseconds: number, work: () => void): void {
    this.#timers.push(setInterval(work, milliseconds));
  }

  /** Looks at once at what only time makes due. */
  watch(): void {
    if (!this.#isStopped) {
      wakeAll([this.#watch, this.#marking, ...this.#slowChores]);
    }
  }

  /** Looks at once whether there is something to do. */
  wake(): void {
    if (this.#isStopped) {
      return;
    }
    this.#claiming ??= this.#claim()
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'mailboxes could not be claimed');
      })
      .finally(() => {
        this.#claiming = undefined;
      });
    wakeAll(this.#chores);
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Takes nothing new and answers when what is in progress has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timers.splice(0).forEach(clearInterval);
    await this.#stopListening?.();
    await this.#parts.webhooks.stop();
    await this.whenIdle();
  }

  /** Resolves when what is in progress now has ended. */
  async whenIdle(): Promise<void> {
    await this.#claiming;
    await Promise.all([
      this.#parts.webhooks.whenIdle(),
      ...this.#rounds,
      ...[...this.#chores, this.#publishing, this.#marking, this.#watch, ...this.#slowChores].map((chore) =>
        chore.whenIdle(),
      ),
    ]);
  }

  async #claim(): Promise<void> {
    const { sync } = this.#parts;
    const all = MAX_CONCURRENT_ROUNDS - this.#rounds.size;
    // First syncs are long: they never take the last places.
    const first = MAX_CONCURRENT_FIRST_SYNCS - this.#firstRounds;
    const leases = all > 0 ? await sync.store.claimDue(this.#owner, sync.now(), { all, first }) : [];
    for (const lease of leases) {
      this.#firstRounds += Number(lease.isFirst);
      const round = this.#round(lease).finally(() => {
        this.#firstRounds -= Number(lease.isFirst);
        this.#rounds.delete(round);
      });
      this.#rounds.add(round);
    }
  }

  async #round(lease: Lease): Promise<void> {
    const { sync, log, onRound } = this.#parts;
    try {
      await runRound(sync, lease);
      onRound('done');
    } catch (error) {
      log.error({ err: error }, 'a round failed');
      onRound('failed');
    }
  }
}

async function drainNotifications(take: () => Promise<number>): Promise<void> {
  while ((await take()) > 0) {
    // Until nothing is left.
  }
}

function wakeAll(chores: readonly BackgroundTask[]): void {
  chores.forEach((chore) => {
    chore.wake();
  });
}

/** A task that runs each time it's woken, one run at a time. */
class BackgroundTask {
  readonly #name: string;
  readonly #work: () => Promise<unknown>;
  readonly #log: Log;
  #running: Promise<void> | undefined;
  #isWanted = false;

  constructor(name: string, work: () => Promise<unknown>, log: Log) {
    this.#name = name;
    this.#work = work;
    this.#log = log;
  }

  wake(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async whenIdle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.#work();
      } catch (error) {
        this.#log.error({ err: error }, `${this.#name} failed`);
      }
    }
  }
}
