/**
 * Source  "Microsoft Graph permissions reference"; "contact: delta", "contactFolder: delta"; "Create subscription"
 *         (learn.microsoft.com/graph). Graph does not list the default folder.
 */
import { CONTAINER_LIST, DEFAULT_CONTACTS } from '../containers.ts';
import type { CategoryDefinition } from './categoryDefinition.ts';

export const contacts = {
  levels: ['full'],
  proposedLevel: 'off',
  permissions: {
    prefix: 'Contacts.',
    read: { full: 'Contacts.Read' },
    act: null,
    containedIn: {
      'Contacts.Read': ['Contacts.ReadWrite'],
      'Contacts.Read.Shared': ['Contacts.ReadWrite.Shared'],
    },
  },
  sharing: {
    permissions: { limited: 'Contacts.Read.Shared', full: 'Contacts.Read.Shared' },
    levels: ['full'],
    found: 'byAddress',
  },
  location: 'mailbox',
  containers: 'delta',
  hasWellKnownFolders: false,
  fixedContainers: [CONTAINER_LIST, DEFAULT_CONTACTS],
  reading: 'delta',
  subscription: { resource: 'contacts', levels: ['full'], lifeDays: 6 },
  isFiltered: false,
  isContactSource: true,
  hasExchangeRole: true,
} as const satisfies CategoryDefinition;
