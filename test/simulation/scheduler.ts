/**
 * Runs every effect of every worker one at a time, in an order that chance chooses: a transaction, a request, a wait.
 * Between two effects a process may die or freeze, and whatever it waited for never comes.
 */
import type { Chance } from './random.ts';

/** One life of one process. */
export class Life {
  readonly name: string;
  isDead = false;
  isFrozen = false;

  constructor(name: string) {
    this.name = name;
  }
}

interface Effect {
  readonly life: Life;
  readonly name: string;
  readonly run: () => Promise<unknown>;
  readonly settle: (outcome: () => unknown) => void;
}

/** What a test may have expected to be thrown: a connection that broke after the commit. */
export class LostAnswer extends Error {}

export type Fate = 'done' | 'diesBefore' | 'diesAfter' | 'losesAnswer';

export class Scheduler {
  readonly #chance: Chance;
  #pending: Effect[] = [];
  readonly history: string[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Puts an effect of a process in the queue; answers what came of it, or never. */
  effect<T>(life: Life, name: string, run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let value: T;
      this.#pending.push({
        life,
        name,
        run: async () => {
          value = await run();
        },
        settle: (outcome) => {
          try {
            outcome();
            resolve(value);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
      });
    });
  }

  isIdle(): boolean {
    return this.#eligible().length === 0;
  }

  /** Runs one effect. A process that dies before it has done nothing; one that dies after it never learns. */
  async step(fate: Fate): Promise<void> {
    const eligible = this.#eligible();
    if (eligible.length === 0) {
      return;
    }
    const effect = this.#chance.pick(eligible);
    this.#pending = this.#pending.filter((each) => each !== effect);
    this.history.push(`${effect.life.name} ${effect.name}${fate === 'done' ? '' : ` (${fate})`}`);
    if (fate === 'diesBefore') {
      this.kill(effect.life);
      return;
    }
    const failure = await effect.run().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    if (fate === 'diesAfter') {
      this.kill(effect.life);
      return;
    }
    effect.settle(() => {
      if (failure !== null) {
        throw failure.error;
      }
      if (fate === 'losesAnswer') {
        throw new LostAnswer(effect.name);
      }
    });
    await settled();
  }

  kill(life: Life): void {
    life.isDead = true;
    this.#pending = this.#pending.filter((each) => each.life !== life);
  }

  #eligible(): readonly Effect[] {
    return this.#pending.filter(({ life }) => !life.isFrozen);
  }
}

/** Lets everything run that waits for nothing but the processor. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
