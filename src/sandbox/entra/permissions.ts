/** Graph's permissions as the sandbox's Entra knows them: by their titles, and by who may grant them. */

/** Titles as Microsoft's consent dialog shows them ("Microsoft Graph permissions reference"). */
export const SCOPE_TITLES: Readonly<Record<string, string>> = {
  openid: 'Sign in as you',
  profile: 'View your basic profile',
  offline_access: 'Maintain access to data you have given it access to',
  'User.Read': 'Sign you in and read your profile',
  'Mail.ReadBasic': 'Read user basic mail',
  'Mail.Read': 'Read your mail',
  'Mail.ReadWrite': 'Read and write access to your mail',
  'Mail.Send': 'Send mail as you',
  'Calendars.ReadBasic': 'Read basic details of your calendars',
  'Calendars.Read': 'Read your calendars',
  'Calendars.ReadWrite': 'Have full access to your calendars',
  'Contacts.Read': 'Read your contacts',
  'Tasks.Read': 'Read your tasks and task lists',
  'Files.Read': 'Read your files',
  'Application.Read.All': 'Read applications',
  'Policy.Read.All': "Read your organization's policies",
  'DelegatedPermissionGrant.ReadWrite.All': 'Manage all delegated permission grants',
  access_as_user: 'Use the application as you',
};

/** Scopes that need an admin whatever the policy says ("oauth2PermissionScopes[].type" is Admin). */
const ADMIN_ONLY = [
  'Calendars.ReadBasic',
  'Application.Read.All',
  'Policy.Read.All',
  'DelegatedPermissionGrant.ReadWrite.All',
];

/** What the Microsoft-managed policy keeps from users ("Manage app consent policies", 2026-01). */
const EXCLUDED_BY_RECOMMENDED = [
  'Mail.Read',
  'Mail.ReadWrite',
  'Mail.ReadBasic',
  'Calendars.Read',
  'Calendars.ReadBasic',
  'Calendars.ReadWrite',
  'Contacts.ReadWrite',
  'Tasks.Read',
  'Tasks.ReadWrite',
];

/** What a verified publisher's application may ask of users under the "low" policy, as usually classified. */
const CLASSIFIED_LOW = ['openid', 'profile', 'offline_access', 'email', 'User.Read', 'access_as_user'];

/** Whether an ordinary user may grant these scopes for themselves under a consent policy. */
export function mayUserConsent(policy: string, scopes: readonly string[]): boolean {
  switch (policy) {
    case 'microsoft-user-default-legacy':
      return scopes.every((scope) => !ADMIN_ONLY.includes(scope));
    case 'microsoft-user-default-recommended':
      return scopes.every((scope) => !ADMIN_ONLY.includes(scope) && !EXCLUDED_BY_RECOMMENDED.includes(scope));
    case 'microsoft-user-default-low':
      return scopes.every((scope) => CLASSIFIED_LOW.includes(scope));
    default:
      return false;
  }
}

/** What the second registration lists, with the titles that Microsoft's dialog shows. */
export const SERVICE_ROLE_TITLES: Readonly<Record<string, string>> = {
  'Mail.ReadBasic.All': 'Read basic mail in all mailboxes',
  'Mail.Read': 'Read mail in all mailboxes',
  'Calendars.ReadBasic.All': 'Read basic details of calendars in all mailboxes',
  'Calendars.Read': 'Read calendars in all mailboxes',
  'Contacts.Read': 'Read contacts in all mailboxes',
  'Tasks.Read.All': "Read all users' tasks and tasklist",
  'Files.Read.All': 'Read files in all site collections',
  'User.Read.All': "Read all users' full profiles and company properties",
  'GroupMember.Read.All': 'Read all group memberships',
};
