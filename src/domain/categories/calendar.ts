/**
 * A subscription needs `Calendars.Read`, so basic details are polled; sharing has no narrower permission either.
 *
 * Source  "Microsoft Graph permissions reference"; "event: delta"; "Create subscription", its table of permissions
 *         (learn.microsoft.com/graph).
 */
import { CONTAINER_LIST } from '../containers.ts';
import type { CategoryDefinition } from './categoryDefinition.ts';

export const calendar = {
  levels: ['limited', 'full'],
  proposedLevel: 'full',
  permissions: {
    prefix: 'Calendars.',
    read: { limited: 'Calendars.ReadBasic', full: 'Calendars.Read' },
    act: null,
    containedIn: {
      'Calendars.ReadBasic': ['Calendars.Read', 'Calendars.ReadWrite'],
      'Calendars.Read': ['Calendars.ReadWrite'],
    },
  },
  sharing: {
    permissions: { limited: 'Calendars.Read.Shared', full: 'Calendars.Read.Shared' },
    levels: ['full'],
    found: 'inOwnList',
  },
  location: 'mailbox',
  containers: 'list',
  hasWellKnownFolders: false,
  fixedContainers: [CONTAINER_LIST],
  reading: 'window',
  subscription: { resource: 'events', levels: ['full'], lifeDays: 6 },
  isFiltered: true,
  isContactSource: false,
  hasExchangeRole: true,
} as const satisfies CategoryDefinition;
