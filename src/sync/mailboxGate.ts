/**
 * Keeps one mailbox within Graph's limits: few requests at once, and few a second.
 *
 * Units   3 at once and 8 a second, of the 4 and 10,000 in ten minutes that Graph allows an app and mailbox. Nobody
 *         waits longer than for the others that may run, whatever the clock was put to meanwhile.
 * Source  "Microsoft Graph service-specific throttling limits", Outlook service limits.
 */
const AT_ONCE = 3;
const SPACING_MILLISECONDS = 1000 / 8;

export class MailboxGate {
  readonly #now: () => Date;
  readonly #wait: (milliseconds: number) => Promise<void>;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #nextAt = 0;

  constructor(now: () => Date, wait: (milliseconds: number) => Promise<void>) {
    this.#now = now;
    this.#wait = wait;
  }

  /** Runs `request` when its turn has come. */
  async run<T>(request: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      await this.#pace();
      return await request();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#running -= 1;
    } else {
      next();
    }
  }

  async #pace(): Promise<void> {
    const now = this.#now().getTime();
    const turn = Math.min(Math.max(now, this.#nextAt), now + AT_ONCE * SPACING_MILLISECONDS);
    this.#nextAt = turn + SPACING_MILLISECONDS;
    if (turn > now) {
      await this.#wait(turn - now);
    }
  }
}
