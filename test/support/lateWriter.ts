/** A worker that reads what it may do and writes at any time later: what is then stored shows whether it is fenced. */
import { aStream } from './buildStream.ts';
import { decide } from '../../src/domain/decision.ts';
import { SYNC_LEVELS, type SyncLevel } from '../../src/domain/levels.ts';
import type { Lease, RoundState, SyncStore, WriteAnswer } from '../../src/sync/ports.ts';
import { type Synced, SYNCED } from './buildEvent.ts';

const MAX_MAILBOXES = 10;

interface Round {
  readonly state: RoundState;
  readonly category: Synced;
}

/** What became of one page, and whether it should be in the database. */
interface WrittenPage {
  readonly itemId: string;
  readonly answer: WriteAnswer;
  readonly mayBeStored: boolean;
}

export class LateWriter {
  readonly #store: SyncStore;
  readonly #now: () => Date;
  readonly #rounds: Round[] = [];
  readonly #leases = new Map<string, Lease>();
  #pages = 0;

  constructor(store: SyncStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** One lease a mailbox for the whole run, so that nothing but the epochs stops a late writer. */
  async beginRounds(): Promise<void> {
    for (const lease of await this.#store.claimDue('worker', this.#now(), {
      all: MAX_MAILBOXES,
      first: MAX_MAILBOXES,
    })) {
      this.#leases.set(lease.mailboxId, lease);
    }
    for (const lease of this.#leases.values()) {
      const state = await this.#store.load(lease);
      if (state !== null) {
        const isOn = SYNCED.filter((category) => levelIn(state, category) !== 'off');
        this.#rounds.push(...isOn.map((category) => ({ state, category })));
      }
    }
  }

  /** Writes for every round that was ever begun. */
  async writePages(): Promise<readonly WrittenPage[]> {
    const pages: WrittenPage[] = [];
    for (const round of this.#rounds) {
      pages.push(await this.#writePage(round));
    }
    return pages;
  }

  async #writePage(round: Round): Promise<WrittenPage> {
    const current = await this.#store.load(round.state.lease);
    const itemId = `page ${this.#pages++}`;
    const answer = await this.#commit(round, itemId);
    return { itemId, answer, mayBeStored: current !== null && mayWrite(round, current) };
  }

  #commit({ state, category }: Round, itemId: string): Promise<WriteAnswer> {
    const container = 'a container';
    const at = this.#now();
    return this.#store.commitPage(state, {
      kind: 'pageRead',
      itemCount: 1,
      stream: aStream(category, container, levelIn(state, category) === 'full' ? 'full' : 'limited', at),
      upserts: [{ itemId, changeKey: null, modifiedAt: null, at, content: { subject: 'late', people: [] } }],
      removals: [],
      excluded: [],
      unreadable: [],
      seen: [],
      cursor: null,
      end: 'more',
      proves: null,
      begunRound: state.lease.fence,
      resumesRound: state.lease.fence,
      at,
      nextAt: at,
      pageSize: null,
      emptyPages: 0,
    });
  }
}

/** Nothing was decided since, and no less is allowed than what the round works with. */
function mayWrite({ state, category }: Round, current: RoundState): boolean {
  const isOlder =
    state.connectionId !== current.connectionId ||
    state.connectionEpoch < current.connectionEpoch ||
    state.organizationEpoch < current.organizationEpoch;
  const isLess = SYNC_LEVELS.indexOf(levelIn(current, category)) < SYNC_LEVELS.indexOf(levelIn(state, category));
  return !isOlder && !isLess;
}

function levelIn({ facts }: RoundState, category: Synced): SyncLevel {
  return decide(category, facts).effective.sync;
}
