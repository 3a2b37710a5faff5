/** What a test began and did not wait for, as where fast-check interrupts at its time limit: it ends before the test does. */
export class UnderWay {
  #last: Promise<unknown> = Promise.resolve();

  following<T>(work: (input: T) => Promise<void>): (input: T) => Promise<void> {
    return (input) => {
      const begun = work(input);
      this.#last = begun.catch(() => undefined);
      return begun;
    };
  }

  async ended(): Promise<void> {
    await this.#last;
  }
}
