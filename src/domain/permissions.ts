/**
 * The catalog of Microsoft Graph permissions that Assent may ask for, as data.
 *
 * Shapes  A permission is named by its Graph value (`Mail.Read`). `title` is the name that Microsoft's
 *         own dialog shows an administrator; `meaning` is our sentence for the person who reads it before that dialog.
 * Errors  None: an unknown name is simply not in the catalog (`findPermission` answers `undefined`).
 * Source  "Microsoft Graph permissions reference" (learn.microsoft.com/graph/permissions-reference);
 *         a test compares ids, titles and flags with Microsoft's published permission data.
 */
import { type Category, CATEGORIES, type Level, type Selection } from './selection.ts';

export interface Permission {
  readonly value: string;
  /** The id of the delegated permission in the Microsoft Graph resource. */
  readonly id: string;
  readonly title: string;
  /** The name in the dialog that an ordinary user sees. */
  readonly userTitle: string;
  readonly meaning: string;
  readonly access: 'readOnly' | 'readWrite';
  readonly category: Category | 'identity';
  /** What Microsoft's data says of it; whether a tenant lets its users consent is learned at run time. */
  readonly needsAdministratorByDefault: boolean;
}

export const PERMISSIONS: readonly Permission[] = [
  {
    value: 'User.Read',
    id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
    title: 'Sign in and read user profile',
    userTitle: 'Sign you in and read your profile',
    meaning: 'Lets you sign in, and shows us your name and your organization.',
    access: 'readOnly',
    category: 'identity',
    needsAdministratorByDefault: false,
  },
  {
    value: 'openid',
    id: '37f7f235-527c-4136-accd-4a02d197296e',
    title: 'Sign users in',
    userTitle: 'Sign in as you',
    meaning: 'Lets Microsoft tell us who you are.',
    access: 'readOnly',
    category: 'identity',
    needsAdministratorByDefault: false,
  },
  {
    value: 'profile',
    id: '14dad69e-099b-42c9-810b-d002981feec1',
    title: "View users' basic profile",
    userTitle: 'View your basic profile',
    meaning: 'Lets Microsoft tell us your name.',
    access: 'readOnly',
    category: 'identity',
    needsAdministratorByDefault: false,
  },
  {
    value: 'offline_access',
    id: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
    title: 'Maintain access to data you have given it access to',
    userTitle: 'Maintain access to data you have given it access to',
    meaning: 'Keeps what you turned on in sync while you are away. It opens nothing further.',
    access: 'readOnly',
    category: 'identity',
    needsAdministratorByDefault: false,
  },
  {
    value: 'Mail.ReadBasic',
    id: 'a4b8392a-d8d1-4954-a029-8e668a39a170',
    title: 'Read user basic mail',
    userTitle: 'Read user basic mail',
    meaning: 'Reads who wrote to whom, when, and the subject. Never the text or the attachments.',
    access: 'readOnly',
    category: 'mail',
    needsAdministratorByDefault: false,
  },
  {
    value: 'Mail.Read',
    id: '570282fd-fa5c-430d-a7fd-fc8dc98a9dca',
    title: 'Read user mail',
    userTitle: 'Read your mail',
    meaning: 'Reads messages, their text included. Changes and sends nothing.',
    access: 'readOnly',
    category: 'mail',
    needsAdministratorByDefault: false,
  },
  {
    value: 'Mail.Send',
    id: 'e383f46e-2787-4529-855e-0e479a3ffac0',
    title: 'Send mail as a user',
    userTitle: 'Send mail as you',
    meaning: 'Sends messages in your name when you ask the connected product to. Reads nothing.',
    access: 'readWrite',
    category: 'mail',
    needsAdministratorByDefault: false,
  },
  {
    value: 'Calendars.ReadBasic',
    id: '662d75ba-a364-42ad-adee-f5f880ea4878',
    title: 'Read basic details of user calendars',
    userTitle: 'Read basic details of your calendars',
    meaning: 'Reads when meetings are, their subjects and who takes part. Never the text or the attachments.',
    access: 'readOnly',
    category: 'calendar',
    needsAdministratorByDefault: true,
  },
  {
    value: 'Calendars.Read',
    id: '465a38f9-76ea-45b9-9f34-9e8b0d4b0b42',
    title: 'Read user calendars',
    userTitle: 'Read your calendars',
    meaning: 'Reads meetings, their text included. Changes and invites nothing.',
    access: 'readOnly',
    category: 'calendar',
    needsAdministratorByDefault: false,
  },
];

/** Asked for in every sign-in and every consent: who the person is, and access while they are away. */
export const IDENTITY_SCOPES = ['openid', 'profile', 'offline_access', 'User.Read'] as const;

/** Permissions that contain another one in function, though not by name. */
const CONTAINED_IN: Readonly<Record<string, readonly string[]>> = {
  'Mail.ReadBasic': ['Mail.Read', 'Mail.ReadWrite'],
  'Mail.Read': ['Mail.ReadWrite'],
  'Calendars.ReadBasic': ['Calendars.Read', 'Calendars.ReadWrite'],
  'Calendars.Read': ['Calendars.ReadWrite'],
};

export function findPermission(value: string): Permission | undefined {
  return PERMISSIONS.find((permission) => permission.value.toLowerCase() === value.toLowerCase());
}

/** The Graph permissions that one category at one level needs, narrowest first. */
export function scopesForLevel(category: Category, level: Level): readonly string[] {
  switch (category) {
    case 'mail':
      return [
        ...(level.sync === 'limited' ? ['Mail.ReadBasic'] : []),
        ...(level.sync === 'full' ? ['Mail.Read'] : []),
        ...(level.act === 'none' ? [] : ['Mail.Send']),
      ];
    case 'calendar':
      return [
        ...(level.sync === 'limited' ? ['Calendars.ReadBasic'] : []),
        ...(level.sync === 'full' ? ['Calendars.Read'] : []),
      ];
    case 'contacts':
    case 'tasks':
    case 'files':
      return [];
  }
}

/** The Graph permissions that a whole selection needs, without the identity scopes. */
export function scopesForSelection(selection: Selection): readonly string[] {
  return CATEGORIES.flatMap((category) => scopesForLevel(category, selection[category]));
}

/** Whether `granted` allows what `scope` allows, by name or by a permission that contains it. */
export function covers(granted: readonly string[], scope: string): boolean {
  const accepted = [scope, ...(CONTAINED_IN[scope] ?? [])].map((name) => name.toLowerCase());
  return granted.some((name) => accepted.includes(name.toLowerCase()));
}

/** Those of `wanted` that `granted` does not allow. */
export function missingScopes(granted: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((scope) => !covers(granted, scope));
}

/** The highest level at or below `wanted` that the granted permissions allow. */
export function levelWithin(category: Category, wanted: Level, granted: readonly string[]): Level {
  const allowed = (level: Level) => missingScopes(granted, scopesForLevel(category, level)).length === 0;
  const act = allowed({ sync: 'off', act: wanted.act, shared: false }) ? wanted.act : 'none';
  const candidates = wanted.sync === 'full' ? (['full', 'limited'] as const) : [wanted.sync];
  const sync = candidates.find((level) => allowed({ sync: level, act: 'none', shared: false })) ?? 'off';
  return { sync, act, shared: wanted.shared };
}

/** Permissions in `granted` that belong to `category` and that `level` has no use for. */
export function beyondLevel(category: Category, level: Level, granted: readonly string[]): readonly string[] {
  const needed = new Set(scopesForLevel(category, level).map((scope) => scope.toLowerCase()));
  const prefix = CATEGORY_PREFIX[category];
  return granted.filter((scope) => scope.startsWith(prefix) && !needed.has(scope.toLowerCase()));
}

const CATEGORY_PREFIX: Readonly<Record<Category, string>> = {
  mail: 'Mail.',
  calendar: 'Calendars.',
  contacts: 'Contacts.',
  tasks: 'Tasks.',
  files: 'Files.',
};
