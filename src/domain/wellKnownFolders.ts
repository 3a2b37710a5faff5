/**
 * Mail folders that every mailbox has, whatever the language of their names: Graph finds each by a name of its own.
 *
 * Source  "mailFolder resource type", well-known folder names (learn.microsoft.com/graph/api).
 */

/** By Graph's name, what people call the folder in a rule. */
const CALLED = {
  inbox: ['inbox'],
  drafts: ['drafts'],
  sentitems: ['sent items', 'sent'],
  deleteditems: ['deleted items', 'trash', 'deleted'],
  junkemail: ['junk email', 'junk', 'junk e-mail', 'spam'],
  archive: ['archive'],
  outbox: ['outbox'],
} as const satisfies Record<string, readonly string[]>;

export type WellKnownFolder = keyof typeof CALLED;

const NAMES = Object.keys(CALLED);

export function isWellKnownFolder(name: string): name is WellKnownFolder {
  return NAMES.includes(name);
}

export const WELL_KNOWN_FOLDERS: readonly WellKnownFolder[] = NAMES.filter((name) => isWellKnownFolder(name));

/** Whether a rule that names a folder, in the form that rules use, means this one. */
export function means(named: string, folder: WellKnownFolder): boolean {
  return named === folder || CALLED[folder].some((name) => name === named);
}
