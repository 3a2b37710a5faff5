/**
 * Polled: a subscription to a drive needs `Files.ReadWrite`.
 *
 * Source  "Microsoft Graph permissions reference"; "driveItem: delta"; "Create subscription", its table of permissions
 *         (learn.microsoft.com/graph).
 */
import { DRIVE_ROOT } from '../containers.ts';
import type { CategoryDefinition } from './categoryDefinition.ts';

export const files = {
  levels: ['full'],
  proposedLevel: 'off',
  permissions: {
    prefix: 'Files.',
    read: { full: 'Files.Read' },
    act: null,
    containedIn: { 'Files.Read': ['Files.ReadWrite', 'Files.Read.All', 'Files.ReadWrite.All'] },
  },
  sharing: null,
  location: 'drive',
  containers: 'none',
  hasWellKnownFolders: false,
  fixedContainers: [DRIVE_ROOT],
  reading: 'delta',
  subscription: null,
  isFiltered: false,
  isContactSource: false,
  hasExchangeRole: false,
} as const satisfies CategoryDefinition;
