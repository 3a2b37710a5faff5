import { FULL_OFFER, type Selection } from './selection.ts';

/**
 * Who authorizes access to an organization's mailboxes.
 *
 * `individual`: each member consents; `organization`: an admin consented for everyone with
 * delegated permissions; `service`: an admin granted application permissions, and no member signs in.
 */
export const MODES = ['individual', 'organization', 'service'] as const;
export type Mode = (typeof MODES)[number];

/** What a tenant-wide grant may be needed for: in individual mode, anything that a member may choose. */
export function inUse({ mode, selection }: { readonly mode: Mode; readonly selection: Selection }): Selection {
  return mode === 'individual' ? FULL_OFFER : selection;
}
