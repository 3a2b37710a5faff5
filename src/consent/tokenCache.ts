/**
 * Access tokens by their holder, until shortly before they expire.
 *
 * Units   A token is used until two minutes before it expires. Those whose time is over are dropped, oldest first, whenever
 *         another is kept, so that the cache holds about as many as are in use.
 */
const EXPIRY_MARGIN_MILLISECONDS = 120_000;

export class TokenCache<Entry extends { readonly expiresAt: Date }> {
  readonly #now: () => Date;
  readonly #entries = new Map<string, Entry>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** How many are held. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#isUsable(entry) ? entry : null;
  }

  set(key: string, entry: Entry): void {
    // Deleted first: a map keeps the order of first insertion, and the oldest has to stay in front.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest, held] of this.#entries) {
      if (this.#isUsable(held)) {
        return;
      }
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #isUsable({ expiresAt }: Entry): boolean {
    return expiresAt.getTime() - this.#now().getTime() > EXPIRY_MARGIN_MILLISECONDS;
  }
}
