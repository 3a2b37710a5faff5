/**
 * Who authorizes access to an organization's mailboxes.
 *
 * `individual`: each member consents; `organization`: an administrator consented for everyone with
 * delegated permissions. `service` (application permissions) has its word here and no way in yet.
 */
export const MODES = ['individual', 'organization', 'service'] as const;
export type Mode = (typeof MODES)[number];
