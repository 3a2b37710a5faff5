/**
 * Sends webhooks: takes batches that are due, sends them side by side, and writes together what became of those that end
 * at the same time.
 *
 * Woken by what is published, and by itself every so often. Stops when what is in progress is done.
 */
import { randomUUID } from 'node:crypto';
import { deliverBatch, type SendPorts } from '../delivery/deliverBatch.ts';
import type { ClaimedBatch, EndedBatch, WebhookQueue } from '../delivery/webhookPorts.ts';
import type { Log } from './log.ts';

const MAX_IN_FLIGHT = 256;
const POLL_MILLISECONDS = 250;

export interface SenderParts extends SendPorts {
  readonly queue: WebhookQueue;
  readonly log: Log;
  onAttempt(outcome: EndedBatch['outcome']['kind']): void;
}

export class WebhookSender {
  readonly #parts: SenderParts;
  readonly #owner = randomUUID();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #ended: EndedBatch[] = [];
  #claiming: Promise<void> | undefined;
  #isWanted = false;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  start(): void {
    this.wake();
  }

  /** Looks at once whether there is something to send. */
  wake(): void {
    if (this.#isStopped) {
      return;
    }
    clearTimeout(this.#timer);
    this.#isWanted = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = undefined;
      // Whoever wanted it while this one ended.
      if (this.#isWanted) {
        this.wake();
      }
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.whenIdle();
    clearTimeout(this.#timer);
  }

  /** Resolves when nothing is being taken, sent or written. */
  async whenIdle(): Promise<void> {
    while (this.#claiming !== undefined || this.#inFlight.size > 0 || this.#writing !== undefined) {
      await Promise.all([this.#claiming, ...this.#inFlight, this.#writing]);
    }
  }

  async #claim(): Promise<void> {
    let nextAt: Date | null = null;
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      const room = MAX_IN_FLIGHT - this.#inFlight.size;
      if (room > 0) {
        nextAt = await this.#take(room);
      }
    }
    this.#sleep(nextAt);
  }

  async #take(room: number): Promise<Date | null> {
    const { queue, now, log } = this.#parts;
    try {
      const { batches, nextAt } = await queue.claim(this.#owner, now(), room);
      for (const batch of batches) {
        const sending = this.#send(batch).finally(() => this.#inFlight.delete(sending));
        this.#inFlight.add(sending);
      }
      return nextAt;
    } catch (error) {
      log.error({ err: error }, 'webhooks could not be taken');
      return null;
    }
  }

  async #send(claimed: ClaimedBatch): Promise<void> {
    const { log, onAttempt } = this.#parts;
    try {
      const ended = await deliverBatch(this.#parts, claimed);
      onAttempt(ended.outcome.kind);
      this.#ended.push(ended);
      this.#writeEnded();
    } catch (error) {
      // Its lease ends, and it is sent again.
      log.error({ err: error, endpoint: claimed.endpoint.id }, 'a webhook could not be sent');
    }
  }

  #writeEnded(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#ended.length > 0) {
        this.#writeEnded();
      }
    });
  }

  async #write(): Promise<void> {
    const { log } = this.#parts;
    while (this.#ended.length > 0) {
      const ended = this.#ended.splice(0);
      try {
        await this.#finish(ended);
      } catch (error) {
        log.error({ err: error }, 'what became of webhooks could not be written');
        // One that can't be written holds up no other.
        await Promise.allSettled(ended.length === 1 ? [] : ended.map((each) => this.#finish([each])));
      }
      // There is room again, whatever has ended meanwhile.
      this.wake();
    }
  }

  async #finish(ended: readonly EndedBatch[]): Promise<void> {
    const { queue, now, log } = this.#parts;
    const disabled = await queue.finish(this.#owner, ended, now());
    disabled.forEach(({ endpointId, reason }) => {
      log.warn({ endpoint: endpointId, reason }, 'a webhook endpoint is disabled');
    });
  }

  /** Until the next batch is due, or something may have been missed. */
  #sleep(nextAt: Date | null): void {
    if (this.#isStopped) {
      return;
    }
    const until = nextAt === null ? 0 : nextAt.getTime() - this.#parts.now().getTime();
    this.#timer = setTimeout(
      () => {
        this.wake();
      },
      // What is due and was not taken waits for something that ends, which wakes.
      until <= 0 ? POLL_MILLISECONDS : Math.min(POLL_MILLISECONDS, until),
    );
  }
}
