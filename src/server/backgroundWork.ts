/** Work that continues after the response was sent. No request waits for it; stopping the process does. */
import type { Log } from './log.ts';

export class BackgroundWork {
  readonly #log: Log;
  readonly #running = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Starts it; its failure is the log's alone. `name` completes the sentence "… failed". */
  start(name: string, work: () => Promise<unknown>): void {
    const running = this.#run(name, work).finally(() => {
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  /** Resolves when everything that was started has ended, whatever else was started meanwhile. */
  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.all(this.#running);
    }
  }

  async #run(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.warn({ err: error }, `${name} failed`);
    }
  }
}
