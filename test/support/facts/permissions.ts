/**
 * Permissions of Microsoft Graph by type and name: their ids, and whether an admin's consent is required by default.
 *
 * Source  "Microsoft Graph permissions reference" (learn.microsoft.com/graph/permissions-reference).
 */
export const OFFICIAL_PERMISSIONS: readonly (readonly ['delegated' | 'application', string, string, boolean])[] = [
  ['delegated', 'User.Read', 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', false],
  ['delegated', 'openid', '37f7f235-527c-4136-accd-4a02d197296e', false],
  ['delegated', 'profile', '14dad69e-099b-42c9-810b-d002981feec1', false],
  ['delegated', 'offline_access', '7427e0e9-2fba-42fe-b0c0-848c9e6a8182', false],
  ['delegated', 'Mail.ReadBasic', 'a4b8392a-d8d1-4954-a029-8e668a39a170', false],
  ['delegated', 'Mail.Read', '570282fd-fa5c-430d-a7fd-fc8dc98a9dca', false],
  ['delegated', 'Mail.ReadBasic.Shared', 'b11fa0e7-fdb7-4dc9-b1f1-59facd463480', false],
  ['delegated', 'Mail.Read.Shared', '7b9103a5-4610-446b-9670-80643382c1fa', false],
  ['delegated', 'Mail.Send', 'e383f46e-2787-4529-855e-0e479a3ffac0', false],
  ['delegated', 'Mail.Send.Shared', 'a367ab51-6b49-43bf-a716-a1fb06d2a174', false],
  ['delegated', 'Calendars.ReadBasic', '662d75ba-a364-42ad-adee-f5f880ea4878', true],
  ['delegated', 'Calendars.Read', '465a38f9-76ea-45b9-9f34-9e8b0d4b0b42', false],
  ['delegated', 'Calendars.Read.Shared', '2b9c4092-424d-4249-948d-b43879977640', false],
  ['delegated', 'Contacts.Read', 'ff74d97f-43af-4b68-9f2a-b77ee6968c5d', false],
  ['delegated', 'Contacts.Read.Shared', '242b9d9e-ed24-4d09-9a52-f43769beb9d4', false],
  ['delegated', 'Tasks.Read', 'f45671fb-e0fe-4b4b-be20-3d3ce43f1bcb', false],
  ['delegated', 'Files.Read', '10465720-29dd-4523-a11a-6a75c743c9d9', false],
  ['delegated', 'Application.Read.All', 'c79f8feb-a9db-4090-85f9-90d820caa0eb', true],
  ['delegated', 'Policy.Read.All', '572fea84-0151-49b2-9301-11cb16974376', true],
  ['delegated', 'DelegatedPermissionGrant.ReadWrite.All', '41ce6ca6-6826-4807-84f1-1c82854f7ee5', true],
  ['application', 'Mail.ReadBasic.All', '693c5e45-0940-467d-9b8a-1022fb9d42ef', true],
  ['application', 'Mail.Read', '810c84a8-4a9e-49e6-bf7d-12d183f40d01', true],
  ['application', 'Calendars.ReadBasic.All', '8ba4a692-bc31-4128-9094-475872af8a53', true],
  ['application', 'Calendars.Read', '798ee544-9d2d-430c-a058-570e29e34338', true],
  ['application', 'Contacts.Read', '089fe4d0-434a-44c5-8827-41ba8a0b17f5', true],
  ['application', 'Tasks.Read.All', 'f10e1f91-74ed-437f-a6fd-d6ae88e26c1f', true],
  ['application', 'Files.Read.All', '01d4889c-1287-42c6-ac1f-5d1e02578ef6', true],
  ['application', 'User.Read.All', 'df021288-bdef-4463-88db-98f22de89214', true],
  ['application', 'GroupMember.Read.All', '98830695-27a2-44f7-8c18-0c3ebc9698f6', true],
];

/**
 * The delegated permissions of Microsoft Graph that Microsoft's managed consent policy lets no user consent to.
 *
 * Source  "Manage app consent policies" (learn.microsoft.com/entra/identity), as of 2026-01-22.
 */
export const KEPT_BY_MANAGED_POLICY: readonly string[] = [
  'Files.Read.All',
  'Files.ReadWrite.All',
  'Sites.Read.All',
  'Sites.ReadWrite.All',
  'Mail.Read',
  'Mail.ReadWrite',
  'Mail.ReadBasic',
  'Mail.Read.Shared',
  'Mail.ReadBasic.Shared',
  'Mail.ReadWrite.Shared',
  'MailboxItem.Read',
  'Calendars.Read',
  'Calendars.ReadBasic',
  'Calendars.ReadWrite',
  'Calendars.Read.Shared',
  'Calendars.ReadWrite.Shared',
  'Chat.Read',
  'Chat.ReadWrite',
  'OnlineMeetings.Read',
  'OnlineMeetings.ReadWrite',
  'MailboxFolder.Read',
  'MailboxFolder.ReadWrite',
  'MailboxSettings.Read',
  'MailboxSettings.ReadWrite',
  'Contacts.ReadWrite',
  'Contacts.Read.Shared',
  'Contacts.ReadWrite.Shared',
  'Tasks.Read',
  'Tasks.Read.Shared',
  'Tasks.ReadWrite',
  'Tasks.ReadWrite.Shared',
  'People.Read',
];
