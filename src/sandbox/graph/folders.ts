/** The mail folders that every mailbox has, by well-known name where Graph has one ("mailFolder resource type"). */
import { createHash } from 'node:crypto';

export interface Folder {
  readonly name: string;
  readonly displayName: string;
  /** Whether `name` serves as an id in addresses. */
  readonly isWellKnown: boolean;
  /** The folder that holds it, by name; at the top where there is none. */
  readonly parent?: string;
}

export const FOLDERS: readonly Folder[] = [
  { name: 'inbox', displayName: 'Inbox', isWellKnown: true },
  { name: 'drafts', displayName: 'Drafts', isWellKnown: true },
  { name: 'sentitems', displayName: 'Sent Items', isWellKnown: true },
  { name: 'deleteditems', displayName: 'Deleted Items', isWellKnown: true },
  { name: 'archive', displayName: 'Archive', isWellKnown: true },
  { name: 'junkemail', displayName: 'Junk Email', isWellKnown: true },
  { name: 'clients', displayName: 'Clients', isWellKnown: false },
];

/** Folders that a person made have an id of their own, which is their name in the sandbox. */
const MADE = 'AAMkAF';

export function newFolderId(seed: string): string {
  return `${MADE}${createHash('sha256').update(`made folder ${seed}`).digest('base64url').slice(0, 24)}AAA`;
}

export function folderId(name: string): string {
  return name.startsWith(MADE)
    ? name
    : `AAMkAD${createHash('sha256').update(`folder ${name}`).digest('base64url').slice(0, 24)}AAA`;
}

/** A folder of a mailbox by id or well-known name. */
export function findFolder(folders: readonly Folder[], text: string): Folder | undefined {
  return folders.find(
    (folder) => folderId(folder.name) === text || (folder.isWellKnown && folder.name === text.toLowerCase()),
  );
}

/** A folder as a person writes it: by id, by name, or as it is shown. */
export function findFolderNamed(folders: readonly Folder[], text: string): Folder | undefined {
  return findFolder(folders, text) ?? folders.find(({ name, displayName }) => name === text || displayName === text);
}
