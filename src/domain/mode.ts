/**
 * Who authorizes access to an organization's mailboxes.
 *
 * `individual`: each member consents; `organization`: an administrator consented for everyone with
 * delegated permissions; `service`: an administrator granted application permissions, and no member signs in.
 */
export const MODES = ['individual', 'organization', 'service'] as const;
export type Mode = (typeof MODES)[number];
