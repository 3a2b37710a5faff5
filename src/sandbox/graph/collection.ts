/**
 * Things of one kind in a mailbox, each in one container, with a log of changes from which deltas are answered.
 *
 * Shapes  Changes have the mailbox's own numbers; what changed in a container after one of them is its delta.
 */
export interface Contained {
  readonly id: string;
  /** The folder, list or drive that holds it; of a container, whatever holds that. */
  readonly container: string;
}

interface Change {
  readonly sequence: number;
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
}

export class Collection<T extends Contained> {
  readonly #items = new Map<string, T>();
  readonly #log: Change[] = [];
  /** Every id that was ever added, so that a page begins where the former one ended whatever was removed since. */
  readonly #order: string[];

  constructor(initial: readonly T[] = []) {
    initial.forEach((item) => this.#items.set(item.id, item));
    this.#order = initial.map(({ id }) => id);
  }

  get(id: string): T | null {
    return this.#items.get(id) ?? null;
  }

  all(): readonly T[] {
    return [...this.#items.values()];
  }

  in(container: string): readonly T[] {
    return this.all().filter((item) => item.container === container);
  }

  /** A page of a container (`null`: of all) from `position` on; `next` is where the following one begins. */
  page(
    container: string | null,
    position: number,
    limit: number,
  ): { readonly items: readonly T[]; readonly next: number | null } {
    const items: T[] = [];
    let at = position;
    for (; at < this.#order.length && items.length < limit; at += 1) {
      const item = this.get(this.#order[at] ?? '');
      if (item !== null && (container === null || item.container === container)) {
        items.push(item);
      }
    }
    return { items, next: at < this.#order.length ? at : null };
  }

  /** What entered, left or changed in a container (`null`: in any) after `sequence`, each once; without `item`: gone. */
  changes(
    container: string | null,
    after: number,
  ): readonly { readonly sequence: number; readonly id: string; readonly item: T | null }[] {
    const last = new Map<string, Change>();
    for (const change of this.#log) {
      if (change.sequence > after && (container === null || change.from === container || change.to === container)) {
        last.delete(change.id);
        last.set(change.id, change);
      }
    }
    return [...last.values()].map(({ sequence, id }) => {
      const item = this.get(id);
      return { sequence, id, item: container === null || item?.container === container ? item : null };
    });
  }

  put(item: T, sequence: number): void {
    const before = this.get(item.id);
    const from = before?.container ?? null;
    if (before === null) {
      this.#order.push(item.id);
    }
    this.#items.set(item.id, item);
    this.#log.push({ sequence, id: item.id, from, to: item.container });
  }

  remove(id: string, sequence: number): void {
    const from = this.get(id)?.container ?? null;
    if (this.#items.delete(id)) {
      this.#log.push({ sequence, id, from, to: null });
    }
  }
}
