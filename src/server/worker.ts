/**
 * The worker: runs rounds over due mailboxes, proves consents, and finishes erasures.
 *
 * Woken by notices, and by itself every few seconds where one was lost. Stops when what is under way is done.
 */
import { randomUUID } from 'node:crypto';
import type { AccessTokens } from '../consent/accessTokens.ts';
import { proveConsents } from '../consent/proveConsents.ts';
import type { ConsentPorts } from '../consent/ports.ts';
import type { Database } from '../db/openDatabase.ts';
import { WAKE_CHANNEL } from '../db/transact.ts';
import { eraseAll, type ErasePorts } from '../sync/erase.ts';
import type { Lease, SyncPorts } from '../sync/ports.ts';
import { runRound } from '../sync/runRound.ts';
import type { Log } from './log.ts';

const MOST_ROUNDS = 8;
const POLL_MILLISECONDS = 1_000;

export interface WorkerParts {
  readonly database: Database;
  readonly sync: SyncPorts;
  readonly consent: ConsentPorts;
  readonly tokens: AccessTokens;
  readonly erase: ErasePorts;
  readonly log: Log;
  /** Tells the metrics that a round ended, and how. */
  onRound(outcome: 'done' | 'failed'): void;
}

export class Worker {
  readonly #parts: WorkerParts;
  readonly #owner = randomUUID();
  readonly #rounds = new Set<Promise<void>>();
  #chores: Promise<void> = Promise.resolve();
  #choresPending = 0;
  #timer: NodeJS.Timeout | undefined;
  #claiming: Promise<void> | undefined;
  #stopListening: (() => Promise<void>) | undefined;
  #isStopped = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#stopListening = await this.#parts.database.listen(WAKE_CHANNEL, () => {
      this.wake();
    });
    this.#timer = setInterval(() => {
      this.wake();
    }, POLL_MILLISECONDS);
    this.wake();
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
    if (this.#choresPending < 2) {
      this.#choresPending += 1;
      this.#chores = this.#chores.then(() => this.#doChores());
    }
  }

  /** Takes nothing new and answers when what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#stopListening?.();
    await this.#claiming;
    await Promise.all([...this.#rounds, this.#chores]);
  }

  async #claim(): Promise<void> {
    const { sync } = this.#parts;
    const room = MOST_ROUNDS - this.#rounds.size;
    const leases = room > 0 ? await sync.store.claimDue(this.#owner, sync.now(), room) : [];
    for (const lease of leases) {
      const round = this.#round(lease).finally(() => this.#rounds.delete(round));
      this.#rounds.add(round);
    }
  }

  async #round(lease: Lease): Promise<void> {
    const { sync, log, onRound } = this.#parts;
    try {
      await runRound(sync, lease);
      onRound('done');
    } catch (error) {
      // The lease runs out by itself, and the mailbox is then due for whoever claims it.
      log.error({ err: error }, 'a round failed');
      onRound('failed');
    }
  }

  async #doChores(): Promise<void> {
    const { consent, tokens, erase, log } = this.#parts;
    try {
      await eraseAll(erase);
      await proveConsents(consent, tokens);
    } catch (error) {
      log.error({ err: error }, 'a chore failed');
    } finally {
      this.#choresPending -= 1;
    }
  }
}
