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
  /** Delegated: for a signed-in person. Application: for every mailbox, without anybody signed in. */
  readonly type: 'delegated' | 'application';
  /** The id of the permission in the Microsoft Graph resource. */
  readonly id: string;
  readonly title: string;
  /** The name in the dialog that an ordinary user sees; only administrators ever see application permissions. */
  readonly userTitle: string;
  readonly meaning: string;
  readonly access: 'readOnly' | 'readWrite';
  readonly category: Category | 'identity' | 'directory';
  /** What Microsoft's data says of it; whether a tenant lets its users consent is learned at run time. */
  readonly needsAdministratorByDefault: boolean;
}

export const PERMISSIONS: readonly Permission[] = [
  {
    value: 'User.Read',
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
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
    type: 'delegated',
    id: '465a38f9-76ea-45b9-9f34-9e8b0d4b0b42',
    title: 'Read user calendars',
    userTitle: 'Read your calendars',
    meaning: 'Reads meetings, their text included. Changes and invites nothing.',
    access: 'readOnly',
    category: 'calendar',
    needsAdministratorByDefault: false,
  },
  {
    value: 'Application.Read.All',
    type: 'delegated',
    id: 'c79f8feb-a9db-4090-85f9-90d820caa0eb',
    title: 'Read applications',
    userTitle: 'Read applications',
    meaning: 'Finds how Assent is registered in your organization. Asked for only when you check or change a grant.',
    access: 'readOnly',
    category: 'directory',
    needsAdministratorByDefault: true,
  },
  {
    value: 'Policy.Read.All',
    type: 'delegated',
    id: '572fea84-0151-49b2-9301-11cb16974376',
    title: "Read your organization's policies",
    userTitle: "Read your organization's policies",
    meaning: 'Reads whether people may grant permissions for themselves. Asked for only when you check.',
    access: 'readOnly',
    category: 'directory',
    needsAdministratorByDefault: true,
  },
  {
    value: 'DelegatedPermissionGrant.ReadWrite.All',
    type: 'delegated',
    id: '41ce6ca6-6826-4807-84f1-1c82854f7ee5',
    title: 'Manage all delegated permission grants',
    userTitle: 'Manage all delegated permission grants',
    meaning:
      'Narrows or removes what Microsoft has granted to Assent. Asked for at the moment of the change, and given back after it.',
    access: 'readWrite',
    category: 'directory',
    needsAdministratorByDefault: true,
  },
  {
    value: 'Mail.ReadBasic.All',
    type: 'application',
    id: '693c5e45-0940-467d-9b8a-1022fb9d42ef',
    title: 'Read basic mail in all mailboxes',
    userTitle: '',
    meaning: 'Reads who wrote to whom, when, and the subject, in every mailbox that Exchange lets it reach.',
    access: 'readOnly',
    category: 'mail',
    needsAdministratorByDefault: true,
  },
  {
    value: 'Mail.Read',
    type: 'application',
    id: '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
    title: 'Read mail in all mailboxes',
    userTitle: '',
    meaning: 'Reads messages with their text, in every mailbox that Exchange lets it reach.',
    access: 'readOnly',
    category: 'mail',
    needsAdministratorByDefault: true,
  },
  {
    value: 'Calendars.ReadBasic.All',
    type: 'application',
    id: '8ba4a692-bc31-4128-9094-475872af8a53',
    title: 'Read basic details of calendars in all mailboxes',
    userTitle: '',
    meaning:
      'Reads when meetings are, their subjects and who takes part, in every mailbox that Exchange lets it reach.',
    access: 'readOnly',
    category: 'calendar',
    needsAdministratorByDefault: true,
  },
  {
    value: 'Calendars.Read',
    type: 'application',
    id: '798ee544-9d2d-430c-a058-570e29e34338',
    title: 'Read calendars in all mailboxes',
    userTitle: '',
    meaning: 'Reads meetings with their text, in every mailbox that Exchange lets it reach.',
    access: 'readOnly',
    category: 'calendar',
    needsAdministratorByDefault: true,
  },
  {
    value: 'User.Read.All',
    type: 'application',
    id: 'df021288-bdef-4463-88db-98f22de89214',
    title: "Read all users' full profiles and company properties",
    userTitle: '',
    meaning: 'Lists the people of your organization, so that you can choose whom service mode covers.',
    access: 'readOnly',
    category: 'directory',
    needsAdministratorByDefault: true,
  },
  {
    value: 'GroupMember.Read.All',
    type: 'application',
    id: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    title: 'Read all group memberships',
    userTitle: '',
    meaning: 'Lists groups and who is in them, so that a group can decide whom service mode covers.',
    access: 'readOnly',
    category: 'directory',
    needsAdministratorByDefault: true,
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

export function findPermission(value: string, type: Permission['type'] = 'delegated'): Permission | undefined {
  return PERMISSIONS.find(
    (permission) => permission.type === type && permission.value.toLowerCase() === value.toLowerCase(),
  );
}

/** Everything that the second registration holds: consent to it is to the whole list, whatever is selected. */
export const SERVICE_ROLES: readonly string[] = PERMISSIONS.filter(({ type }) => type === 'application').map(
  ({ value }) => value,
);

/** What an administrator is asked for at the moment of reading how Microsoft has the application. */
export const CHECK_SCOPES: readonly string[] = ['Application.Read.All', 'Policy.Read.All'];

/** What an administrator is asked for at the moment of changing a grant, and what is given back after it. */
export const MANAGE_SCOPES: readonly string[] = ['Application.Read.All', 'DelegatedPermissionGrant.ReadWrite.All'];

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

/** Whether a permission is about the content of some category, and not about signing in or the directory. */
export function isSynced(scope: string): boolean {
  return CATEGORIES.some((category) => scope.startsWith(CATEGORY_PREFIX[category]));
}

const CATEGORY_PREFIX: Readonly<Record<Category, string>> = {
  mail: 'Mail.',
  calendar: 'Calendars.',
  contacts: 'Contacts.',
  tasks: 'Tasks.',
  files: 'Files.',
};
