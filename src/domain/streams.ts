/**
 * Which streams should exist for a mailbox. Sync converges on this set.
 *
 * Shapes  A stream is one resumable sequence of changes, named `category:folderId`. Where a category has
 *         containers (mail folders, calendars, contact folders, task lists), `category:` is their list, and every
 *         container in it is a stream of its own. Contacts have one beside the list, which Graph does not list;
 *         files are one drive. Mailboxes that are shared have the same again, each for itself.
 */
import { type Decision, isOnHold } from './decision.ts';
import type { Reason } from './reasons.ts';
import { type Folder, folderExclusion, type Rules } from './relevance.ts';
import type { SyncLevel } from './levels.ts';
import { CATEGORIES, type Category, definitionOf } from './categories/categories.ts';
import { supportsSharedMailboxes, folderIdIn, type SharedMailbox } from './sharedMailboxes.ts';
import { CONTAINER_LIST } from './containers.ts';

export interface DesiredStream {
  readonly key: string;
  readonly category: Category;
  /** What items say of where they are: of the member's own mailbox the container, of a shared one with its mailbox. */
  readonly folderId: string;
  /** As Graph knows it in its mailbox, or one of the names in `containers.ts`. */
  readonly container: string;
  /** The id of the shared mailbox that it is in; `null` for the member's own. */
  readonly sharedMailbox: string | null;
  readonly level: Exclude<SyncLevel, 'off'>;
}

export interface HeldCategory {
  readonly category: Category;
  readonly reason: Reason;
}

/** What a mailbox should have, and the categories whose streams stay as they are, unread, for they will go on. */
export interface DesiredSet {
  readonly streams: readonly DesiredStream[];
  readonly held: readonly HeldCategory[];
}

/** A container as Graph listed it. */
export interface ListedContainer extends Folder {
  /** As Graph knows it in its mailbox; `id` tells it from those of other mailboxes, too. */
  readonly container: string;
  /** The id of the shared mailbox that it is in; `null` for the member's own. */
  readonly sharedMailbox: string | null;
  /** Someone else's, shared with the member. */
  readonly isShared: boolean;
}

export type Containers = Partial<Readonly<Record<Category, readonly ListedContainer[]>>>;

export function desiredStreams(
  decisions: Partial<Readonly<Record<Category, Decision>>>,
  containers: Containers,
  rules: Rules,
  mailboxes: readonly SharedMailbox[],
): DesiredSet {
  const wanted = (category: Category) => withoutExcluded(containers[category] ?? [], rules);
  return {
    streams: CATEGORIES.flatMap((category) => streamsOf(category, decisions[category], wanted(category), mailboxes)),
    held: CATEGORIES.flatMap((category) => {
      const decision = decisions[category];
      return decision !== undefined && isOnHold(decision) ? [{ category, reason: decision.reason }] : [];
    }),
  };
}

/** A folder that a rule excludes is not read at all. */
function withoutExcluded(listed: readonly ListedContainer[], rules: Rules): readonly ListedContainer[] {
  const folders = new Map(listed.map((folder) => [folder.id, folder]));
  return listed.filter(({ id }) => folderExclusion(rules, id, folders) === null);
}

/** Whether a stream is the list of containers of its category. */
export function isContainerList({ container }: Pick<DesiredStream, 'container'>): boolean {
  return container === CONTAINER_LIST;
}

/** The key of the stream that reads a folder. */
export function streamKey(category: Category, folderId: string): string {
  return `${category}:${folderId}`;
}

function streamsOf(
  category: Category,
  decision: Decision | undefined,
  listed: readonly ListedContainer[],
  mailboxes: readonly SharedMailbox[],
): readonly DesiredStream[] {
  const { sync: level, shared } = decision?.effective ?? { sync: 'off', shared: false };
  if (level === 'off') {
    return [];
  }
  const open = mailboxes.filter(({ closed }) => !closed.includes(category));
  const { fixedContainers, sharing } = definitionOf(category);
  const read = shared && supportsSharedMailboxes(category) ? open.map(({ id }) => id) : [];
  const isRead = (mailbox: string | null) => mailbox === null || read.includes(mailbox);
  const isWanted = ({ sharedMailbox, isShared }: ListedContainer) =>
    isRead(sharedMailbox) && (!isShared || shared || sharing === null);
  const fixed = [null, ...read].flatMap((sharedMailbox) =>
    fixedContainers.map((container) => ({ id: folderIdIn(sharedMailbox, container), container, sharedMailbox })),
  );
  const wanted = new Map([...fixed, ...listed.filter(isWanted)].map((each) => [each.id, each]));
  return [...wanted.values()].map(({ id: folderId, container, sharedMailbox }) => ({
    key: streamKey(category, folderId),
    category,
    folderId,
    container,
    sharedMailbox,
    level,
  }));
}
