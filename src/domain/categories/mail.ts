/**
 * Source  "Microsoft Graph permissions reference"; "message: delta", "mailFolder: delta"; "Create subscription"
 *         (learn.microsoft.com/graph).
 */
import { CONTAINER_LIST } from '../containers.ts';
import type { CategoryDefinition } from './categoryDefinition.ts';

export const mail = {
  levels: ['limited', 'full'],
  proposedLevel: 'full',
  permissions: {
    prefix: 'Mail.',
    read: { limited: 'Mail.ReadBasic', full: 'Mail.Read' },
    act: { own: 'Mail.Send', shared: 'Mail.Send.Shared' },
    containedIn: {
      'Mail.ReadBasic': ['Mail.Read', 'Mail.ReadWrite'],
      'Mail.Read': ['Mail.ReadWrite'],
      'Mail.ReadBasic.Shared': ['Mail.Read.Shared', 'Mail.ReadWrite.Shared'],
      'Mail.Read.Shared': ['Mail.ReadWrite.Shared'],
    },
  },
  sharing: {
    permissions: { limited: 'Mail.ReadBasic.Shared', full: 'Mail.Read.Shared' },
    levels: ['limited', 'full'],
    found: 'byAddress',
  },
  location: 'mailbox',
  containers: 'delta',
  hasWellKnownFolders: true,
  fixedContainers: [CONTAINER_LIST],
  reading: 'delta',
  subscription: { resource: 'messages', levels: ['limited', 'full'], lifeDays: 6 },
  isFiltered: true,
  isContactSource: false,
  hasExchangeRole: true,
} as const satisfies CategoryDefinition;
