/** The mail folders that every mailbox has, by well-known name where Graph has one ("mailFolder resource type"). */
import { createHash } from 'node:crypto';

export interface Folder {
  readonly name: string;
  readonly displayName: string;
  /** What serves as an id in addresses, in every mailbox; `null` for a folder that a person made. */
  readonly wellKnownName: string | null;
  /** The folder that holds it, by name; at the top where there is none. */
  readonly parent?: string;
}

export const FOLDERS: readonly Folder[] = [
  { name: 'inbox', displayName: 'Inbox', wellKnownName: 'inbox' },
  { name: 'drafts', displayName: 'Drafts', wellKnownName: 'drafts' },
  { name: 'sentitems', displayName: 'Sent Items', wellKnownName: 'sentitems' },
  { name: 'deleteditems', displayName: 'Deleted Items', wellKnownName: 'deleteditems' },
  { name: 'archive', displayName: 'Archive', wellKnownName: 'archive' },
  { name: 'junkemail', displayName: 'Junk Email', wellKnownName: 'junkemail' },
  { name: 'clients', displayName: 'Clients', wellKnownName: null },
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
  return folders.find((folder) => folderId(folder.name) === text || folder.wellKnownName === text.toLowerCase());
}

/** A folder as a person writes it: by id, by name, or as it is shown. */
export function findFolderNamed(folders: readonly Folder[], text: string): Folder | undefined {
  return findFolder(folders, text) ?? folders.find(({ name, displayName }) => name === text || displayName === text);
}
