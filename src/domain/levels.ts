/**
 * How much of a category is synced, and what may be done in it for people.
 *
 * Shapes  A level is `{sync, act, shared}`. Each part is ordered: off < limited < full, none < send < write.
 * Errors  None: every function here is total.
 */
export const SYNC_LEVELS = ['off', 'limited', 'full'] as const;
export type SyncLevel = (typeof SYNC_LEVELS)[number];
/** A level at which something is read. */
export type ReadLevel = Exclude<SyncLevel, 'off'>;

export const ACT_LEVELS = ['none', 'send', 'write'] as const;
export type ActLevel = (typeof ACT_LEVELS)[number];

export interface Level {
  readonly sync: SyncLevel;
  readonly act: ActLevel;
  /** Whether mailboxes and folders that others share are included. */
  readonly shared: boolean;
}

export const OFF: Level = { sync: 'off', act: 'none', shared: false };

/** Whether a level asks for nothing at all. */
export function isOff(level: Level): boolean {
  return level.sync === 'off' && level.act === 'none';
}

/** The lower of two levels, part by part. */
export function minLevel(first: Level, second: Level): Level {
  return {
    sync: minIn(SYNC_LEVELS, first.sync, second.sync),
    act: minIn(ACT_LEVELS, first.act, second.act),
    shared: first.shared && second.shared,
  };
}

/** Whether `level` asks for nothing beyond `bound`. */
export function isAtMost(level: Level, bound: Level): boolean {
  return sameLevel(minLevel(level, bound), level);
}

export function sameLevel(first: Level, second: Level): boolean {
  return first.sync === second.sync && first.act === second.act && first.shared === second.shared;
}

function minIn<T>(order: readonly T[], first: T, second: T): T {
  return order.indexOf(first) <= order.indexOf(second) ? first : second;
}
