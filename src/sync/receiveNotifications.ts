/**
 * Takes Graph's notifications and answers when they are durable: one write is in progress at a time, and whatever arrives
 * meanwhile is the next one. No one waits for a timer, and many notifications cost one transaction.
 *
 * Errors  Whoever brought notifications of a write that failed is told so, and Graph sends them again. Where it failed
 *         because of what it holds, its halves are tried by themselves, so that no one pays for what others brought.
 */
export const NOTIFICATION_KINDS = ['changed', 'missed', 'removed', 'reauthorizationRequired'] as const;

export interface ReceivedNotification {
  readonly subscriptionId: string;
  /** SHA-256 of the `clientState` that it carried. */
  readonly clientStateHash: Uint8Array;
  readonly tenantId: string | null;
  readonly kind: (typeof NOTIFICATION_KINDS)[number];
}

/** Writes what is valid; answers how many were not. */
export type StoreNotifications = (received: readonly ReceivedNotification[]) => Promise<number>;

interface Waiting {
  readonly received: readonly ReceivedNotification[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class NotificationInbox {
  readonly #store: StoreNotifications;
  readonly #onRefused: (count: number) => void;
  readonly #isOfContent: (error: unknown) => boolean;
  #waiting: Waiting[] = [];
  #isWriting = false;

  /** `isOfContent`: whether a write failed because of what it holds, and not because nothing can be written. */
  constructor(store: StoreNotifications, onRefused: (count: number) => void, isOfContent: (error: unknown) => boolean) {
    this.#store = store;
    this.#onRefused = onRefused;
    this.#isOfContent = isOfContent;
  }

  /** How many notifications wait to be written. */
  get depth(): number {
    return this.#waiting.reduce((sum, { received }) => sum + received.length, 0);
  }

  receive(received: readonly ReceivedNotification[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ received, resolve, reject });
      if (!this.#isWriting) {
        void this.#write();
      }
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#writeBatch(batch);
    }
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      this.#onRefused(await this.#store(batch.flatMap(({ received }) => received)));
      batch.forEach(({ resolve }) => {
        resolve();
      });
    } catch (error) {
      if (batch.length > 1 && this.#isOfContent(error)) {
        const middle = Math.ceil(batch.length / 2);
        await this.#writeBatch(batch.slice(0, middle));
        await this.#writeBatch(batch.slice(middle));
        return;
      }
      batch.forEach(({ reject }) => {
        reject(error);
      });
    }
  }
}
