/**
 * Throttles one mailbox to Graph's limits on concurrency and request rate.
 *
 * Units   3 at once and 8 a second, of the 4 and 10,000 in ten minutes that Graph allows an app and mailbox. A batch
 *         counts as what is in it, and is alone: Graph runs four of it at once by itself. What it takes beyond its second
 *         is owed, and up to one whole batch may be, so that a batch holds up nothing by itself. No one waits longer than
 *         for the others that may run, whatever the clock was put to meanwhile.
 * Source  "Microsoft Graph service-specific throttling limits", Outlook service limits and
 *         "Outlook service batching".
 */
const AT_ONCE = 3;
const SPACING_MILLISECONDS = 1000 / 8;
const MAX_OWED_MILLISECONDS = 20 * SPACING_MILLISECONDS;

interface Waiting {
  readonly places: number;
  readonly enter: () => void;
}

export class MailboxLimiter {
  readonly #now: () => Date;
  readonly #wait: (milliseconds: number) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  /** When the last request began. */
  #lastAt = Number.NEGATIVE_INFINITY;
  /** When everything that began would have, one by one. */
  #paidAt = Number.NEGATIVE_INFINITY;
  #heaviest = 1;

  constructor(now: () => Date, wait: (milliseconds: number) => Promise<void>) {
    this.#now = now;
    this.#wait = wait;
  }

  /** Runs `request` when its turn has come; `weight` is for how many Graph counts it. */
  async run<T>(request: () => Promise<T>, weight = 1): Promise<T> {
    const places = Math.min(weight, AT_ONCE);
    await this.#enter(places);
    try {
      await this.#pace(weight);
      return await request();
    } finally {
      this.#leave(places);
    }
  }

  async #enter(places: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#running + places <= AT_ONCE) {
      this.#running += places;
      return;
    }
    await new Promise<void>((enter) => {
      this.#waiting.push({ places, enter });
    });
  }

  #leave(places: number): void {
    this.#running -= places;
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#running + next.places > AT_ONCE) {
        return;
      }
      this.#waiting.shift();
      this.#running += next.places;
      next.enter();
    }
  }

  async #pace(weight: number): Promise<void> {
    const now = this.#now().getTime();
    this.#heaviest = Math.max(this.#heaviest, weight);
    const earliest = Math.max(now, this.#lastAt + SPACING_MILLISECONDS, this.#paidAt - MAX_OWED_MILLISECONDS);
    const turn = Math.min(earliest, now + AT_ONCE * this.#heaviest * SPACING_MILLISECONDS);
    this.#lastAt = turn;
    this.#paidAt = Math.min(Math.max(this.#paidAt, turn), turn + MAX_OWED_MILLISECONDS) + weight * SPACING_MILLISECONDS;
    if (turn > now) {
      await this.#wait(turn - now);
    }
  }
}
