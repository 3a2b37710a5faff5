/**
 * What a person or an administrator may choose: categories, levels and selections.
 *
 * Shapes  A selection holds one level for every category; a level is `{sync, act, shared}`.
 *         Levels are ordered: off < limited < full, and none < send < write.
 * Errors  None: every function here is total.
 */

/** Every category of Microsoft 365 content that the vocabulary knows. */
export const CATEGORIES = ['mail', 'calendar', 'contacts', 'tasks', 'files'] as const;

export type Category = (typeof CATEGORIES)[number];

export const SYNC_LEVELS = ['off', 'limited', 'full'] as const;
export type SyncLevel = (typeof SYNC_LEVELS)[number];

export const ACT_LEVELS = ['none', 'send', 'write'] as const;
export type ActLevel = (typeof ACT_LEVELS)[number];

export interface Level {
  readonly sync: SyncLevel;
  readonly act: ActLevel;
  /** Whether mailboxes and folders that others share are included. */
  readonly shared: boolean;
}

export type Selection = Readonly<Record<Category, Level>>;

export const OFF: Level = { sync: 'off', act: 'none', shared: false };

/** Nothing is chosen in any category. */
export const EMPTY_SELECTION: Selection = { mail: OFF, calendar: OFF, contacts: OFF, tasks: OFF, files: OFF };

/** The most that any plan offers today: what this version can deliver in each category. Nothing acts for people yet. */
export const MOST_OFFERED: Selection = {
  mail: { sync: 'full', act: 'none', shared: true },
  calendar: { sync: 'full', act: 'none', shared: true },
  contacts: { sync: 'full', act: 'none', shared: true },
  tasks: { sync: 'full', act: 'none', shared: false },
  files: { sync: 'full', act: 'none', shared: false },
};

/** The levels of sync that a category has, narrowest first; contacts, tasks and files have nothing between. */
export const LEVELS_OF: Readonly<Record<Category, readonly Exclude<SyncLevel, 'off'>[]>> = {
  mail: ['limited', 'full'],
  calendar: ['limited', 'full'],
  contacts: ['full'],
  tasks: ['full'],
  files: ['full'],
};

/** Whether a level asks for nothing at all. */
export function isOff(level: Level): boolean {
  return level.sync === 'off' && level.act === 'none';
}

/** The lower of two levels, dial by dial. */
export function lowerOf(first: Level, second: Level): Level {
  return {
    sync: lowerIn(SYNC_LEVELS, first.sync, second.sync),
    act: lowerIn(ACT_LEVELS, first.act, second.act),
    shared: first.shared && second.shared,
  };
}

/** What of a selection this version can deliver: an earlier one has offered more. */
export function offeredOf({ mail, calendar, contacts, tasks, files }: Selection): Selection {
  return {
    mail: lowerOf(mail, MOST_OFFERED.mail),
    calendar: lowerOf(calendar, MOST_OFFERED.calendar),
    contacts: lowerOf(contacts, MOST_OFFERED.contacts),
    tasks: lowerOf(tasks, MOST_OFFERED.tasks),
    files: lowerOf(files, MOST_OFFERED.files),
  };
}

/** Whether `level` asks for nothing beyond `bound`. */
export function isWithin(level: Level, bound: Level): boolean {
  return sameLevel(lowerOf(level, bound), level);
}

export function sameLevel(first: Level, second: Level): boolean {
  return first.sync === second.sync && first.act === second.act && first.shared === second.shared;
}

/** Whether what others share can be read at a level: of calendars there is no narrower permission for it. */
export function canShare(category: Category, sync: SyncLevel): boolean {
  return MOST_OFFERED[category].shared && (sync === 'full' || (category === 'mail' && sync === 'limited'));
}

/** Whether this version can deliver a level: within the most there is, and one that the category has. */
export function isOffered(category: Category, level: Level): boolean {
  const isLevel = level.sync === 'off' || LEVELS_OF[category].includes(level.sync);
  const isShareable = !level.shared || canShare(category, level.sync);
  return isLevel && isShareable && isWithin(level, MOST_OFFERED[category]);
}

/** `base` with the categories that `change` names replaced. */
export function withChanges(base: Selection, change: Partial<Selection>): Selection {
  return { ...base, ...change };
}

function lowerIn<T>(order: readonly T[], first: T, second: T): T {
  return order.indexOf(first) <= order.indexOf(second) ? first : second;
}
