/** The time, and waiting until some of it is over. */
import { setTimeout } from 'node:timers/promises';

export interface Clock {
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { now: () => new Date(), wait: (milliseconds) => setTimeout(milliseconds) };
