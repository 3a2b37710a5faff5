/**
 * Polled: a subscription needs `Tasks.ReadWrite`, and an application gets none. Lists that others share come with
 * `Tasks.Read`, so there is nothing to choose about them.
 *
 * Source  "Microsoft Graph permissions reference"; "todoTask: delta"; "Create subscription", its table of permissions
 *         (learn.microsoft.com/graph).
 */
import { CONTAINER_LIST } from '../containers.ts';
import type { CategoryDefinition } from './categoryDefinition.ts';

export const tasks = {
  levels: ['full'],
  proposedLevel: 'off',
  permissions: {
    prefix: 'Tasks.',
    read: { full: 'Tasks.Read' },
    act: null,
    containedIn: { 'Tasks.Read': ['Tasks.ReadWrite'] },
  },
  sharing: null,
  location: 'mailbox',
  containers: 'list',
  hasWellKnownFolders: false,
  fixedContainers: [CONTAINER_LIST],
  reading: 'delta',
  subscription: null,
  isFiltered: false,
  isContactSource: false,
  hasExchangeRole: false,
} as const satisfies CategoryDefinition;
