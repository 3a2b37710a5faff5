/** The mail folders of every mailbox, by well-known name where Graph has one ("mailFolder resource type"). */
import { createHash } from 'node:crypto';

export interface Folder {
  readonly name: string;
  readonly displayName: string;
  /** Whether `name` serves as an id in addresses. */
  readonly isWellKnown: boolean;
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

export function folderId(name: string): string {
  return `AAMkAD${createHash('sha256').update(`folder ${name}`).digest('base64url').slice(0, 24)}AAA`;
}

/** A folder by id or well-known name. */
export function findFolder(text: string): Folder | undefined {
  return FOLDERS.find(
    (folder) => folderId(folder.name) === text || (folder.isWellKnown && folder.name === text.toLowerCase()),
  );
}

/** A folder as a person writes it: by id, by name, or as it is shown. */
export function findFolderNamed(text: string): Folder | undefined {
  return findFolder(text) ?? FOLDERS.find(({ name, displayName }) => name === text || displayName === text);
}
