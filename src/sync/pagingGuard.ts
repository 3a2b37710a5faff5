/**
 * Notices paging that does not end: a link that leads back, pages that repeat, or nothing but empty pages.
 *
 * Graph can return many empty pages with a next link, and can repeat a page. A sequence that keeps doing so
 * is broken, as calendar deltas have been. A round is over before such a sequence is, so the count continues in the next.
 *
 * Source  "Use delta query to track changes"; microsoftgraph/msgraph-sdk-dotnet issue 3082.
 */
import { createHash } from 'node:crypto';
import type { GraphPage } from './ports.ts';

const MAX_REPEATED_PAGES = 3;
/** Two rounds at Graph's pace come to twice as many. */
const MAX_EMPTY_PAGES = 240;
/** How many pages back a repetition is noticed. */
const TRACKED_PAGES = 2_000;

export class PagingGuard {
  readonly #links = new Set<string>();
  readonly #pages = new Set<string>();
  #repeated = 0;
  #empty: number;

  /** `emptyBefore`: pages without anything that earlier rounds have met at the end of what they read. */
  constructor(emptyBefore = 0) {
    this.#empty = emptyBefore;
  }

  /** Pages without anything since the last one that had something. */
  get empty(): number {
    return this.#empty;
  }

  /** Whether a page shows that the sequence does not end. */
  isEndless(page: GraphPage<unknown>): boolean {
    if (page.next === null) {
      return false;
    }
    track(this.#links, page.link);
    return this.#links.has(page.next) || this.#isRepeating(page) || this.#empty > MAX_EMPTY_PAGES;
  }

  #isRepeating({ changes }: GraphPage<unknown>): boolean {
    if (changes.length === 0) {
      this.#empty += 1;
      return false;
    }
    this.#empty = 0;
    const page = createHash('sha256')
      .update(changes.map(({ kind, id }) => `${kind} ${id}`).join('\n'))
      .digest('base64');
    this.#repeated = this.#pages.has(page) ? this.#repeated + 1 : 0;
    track(this.#pages, page);
    return this.#repeated >= MAX_REPEATED_PAGES;
  }
}

function track(set: Set<string>, value: string): void {
  set.add(value);
  if (set.size > TRACKED_PAGES) {
    const [oldest] = set;
    set.delete(oldest ?? '');
  }
}
