/**
 * The one clock of a test: product, sandbox and the libraries of both read it, for it is the platform's `Date`.
 *
 * It goes as the machine's does, and ahead of it: by `advance`, and whenever someone waits, for nothing is gained by
 * waiting in earnest. Who waits for less time goes on first. Timers and other processes keep the machine's time.
 */
export interface WorldClock {
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  advance(milliseconds: number): void;
}

interface Waiting {
  readonly until: number;
  readonly goOn: () => void;
}

const MACHINE = Date;
const waiting: Waiting[] = [];
let ahead = 0;

const now = () => MACHINE.now() + ahead;

/** Puts it to the machine's time; from here on everything in this test file reads it. */
export function startWorldClock(): WorldClock {
  ahead = 0;
  globalThis.Date = new Proxy(MACHINE, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    apply: () => new MACHINE(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  return {
    now: () => new Date(),
    wait: (milliseconds) =>
      new Promise((goOn) => {
        waiting.push({ until: now() + milliseconds, goOn });
        // What is under way meanwhile has its turn before time is skipped.
        setImmediate(skipToNext);
      }),
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}

function skipToNext(): void {
  waiting.sort((first, second) => first.until - second.until);
  const first = waiting.shift();
  ahead += Math.max(0, (first?.until ?? 0) - now());
  first?.goOn();
}
