/**
 * Which streams should exist for a mailbox. Sync converges on this set.
 *
 * Shapes  A stream is one resumable sequence of changes, named `category:container`. The container of
 *         `mail:` is the folder list itself; every folder it yields is a stream of its own.
 */
import type { Decision } from './decision.ts';
import type { Category, SyncLevel } from './selection.ts';

export interface DesiredStream {
  readonly key: string;
  readonly category: Category;
  /** A Graph container id, or the empty string for the list of containers. */
  readonly container: string;
  readonly level: Exclude<SyncLevel, 'off'>;
}

/** The containers that are known of each category, as Graph listed them. */
export type Containers = Partial<Readonly<Record<Category, readonly string[]>>>;

export function desiredStreams(
  decisions: Partial<Readonly<Record<Category, Decision>>>,
  containers: Containers,
): readonly DesiredStream[] {
  return [...mailStreams(decisions.mail, containers.mail ?? []), ...calendarStreams(decisions.calendar)];
}

export const FOLDER_LIST = '';
export const DEFAULT_CALENDAR = 'default';

function mailStreams(decision: Decision | undefined, folders: readonly string[]): readonly DesiredStream[] {
  const level = decision?.effective.sync ?? 'off';
  return level === 'off' ? [] : [FOLDER_LIST, ...folders].map((folder) => stream('mail', folder, level));
}

function calendarStreams(decision: Decision | undefined): readonly DesiredStream[] {
  const level = decision?.effective.sync ?? 'off';
  return level === 'off' ? [] : [stream('calendar', DEFAULT_CALENDAR, level)];
}

function stream(category: Category, container: string, level: DesiredStream['level']): DesiredStream {
  return { key: `${category}:${container}`, category, container, level };
}
