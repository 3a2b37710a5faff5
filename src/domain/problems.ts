/**
 * Every refusal that a caller of Assent can meet: a stable code, a sentence for a person, a next action.
 *
 * Whoever refuses answers the code; HTTP status is decided in one table, in the server.
 */
export interface Problem {
  readonly sentence: string;
  readonly action: string;
}

export const PROBLEMS = {
  token_missing: {
    sentence: 'This request came without a sign-in.',
    action: 'Open Assent inside Microsoft Teams or Outlook, which sign you in.',
  },
  token_invalid: {
    sentence: 'Your sign-in could not be accepted.',
    action: 'Reload Assent inside Microsoft Teams or Outlook to sign in again.',
  },
  token_not_for_user: {
    sentence: 'This sign-in does not allow using Assent.',
    action: 'Open Assent inside Microsoft Teams or Outlook, which ask for the right sign-in.',
  },
  client_not_allowed: {
    sentence: 'This sign-in was made for an application that Assent does not know.',
    action: 'Open Assent inside Microsoft Teams or Outlook.',
  },
  tenant_not_allowed: {
    sentence: 'Your organization is not among those that this installation of Assent serves.',
    action: 'Ask the company that provides Assent to you to admit your organization.',
  },
  tenant_not_onboarded: {
    sentence: 'Your organization has not opened Assent yet.',
    action: 'Open Assent inside Microsoft Teams or Outlook once.',
  },
  signing_keys_unavailable: {
    sentence: 'Microsoft cannot be reached to check your sign-in.',
    action: 'Wait a moment and try again.',
  },
  microsoft_unavailable: {
    sentence: 'Microsoft does not answer right now.',
    action: 'Wait a moment and try again.',
  },
  sign_in_again: {
    sentence: 'Microsoft asks you to sign in again.',
    action: 'Reload Assent; if that does not help, sign out of Microsoft 365 and in again.',
  },
  microsoft_refused: {
    sentence: 'Microsoft refused this sign-in.',
    action: 'Ask your administrator whether a policy of your organization blocks Assent.',
  },
  guest_has_no_mailbox: {
    sentence: 'You are a guest in this organization, so you have no mailbox here.',
    action: 'Switch to your own organization in Teams and open Assent there.',
  },
  member_disabled: {
    sentence: 'Your account is disabled in Microsoft 365.',
    action: 'Ask your administrator to enable it.',
  },
  consent_required: {
    sentence: 'Microsoft must ask you first.',
    action: 'Open the consent page that this answer names.',
  },
  controlled_by_administrator: {
    sentence: 'Your administrator controls this setting for everyone.',
    action: 'Ask one of the people named on the organization page.',
  },
  not_allowed_to_connect: {
    sentence: 'Your administrator has not included you among those who may connect.',
    action: 'Ask one of the people named on the organization page.',
  },
  last_owner: {
    sentence: 'An organization keeps at least one owner.',
    action: 'Make somebody else an owner first.',
  },
  beyond_grant: {
    sentence: 'Microsoft has not granted that much.',
    action: 'Grant it for everyone first; less than what is granted can be chosen at once.',
  },
  service_not_offered: {
    sentence: 'This installation of Assent has no registration for connecting an organization as a whole.',
    action: 'Ask the company that provides Assent to you.',
  },
  nobody_covered: {
    sentence: 'Nobody is covered yet, so there is no mailbox to connect.',
    action: 'Choose whose mailboxes are covered first.',
  },
  no_grant: {
    sentence: 'There is no tenant-wide grant to change.',
    action: 'Look at the organization page again.',
  },
  claims_challenge: {
    sentence: 'A policy of your organization asks for one more step at sign-in.',
    action: 'Take the step that Microsoft shows, then go on here.',
  },
  not_in_plan: {
    sentence: 'This level is not offered here.',
    action: 'Choose one of the levels on the page.',
  },
  pause_over: {
    sentence: 'A pause cannot end before it begins.',
    action: 'Choose a time that is still to come.',
  },
  no_address: {
    sentence: 'This is neither an address nor a domain.',
    action: 'Write an address like name@example.com, or a domain like example.com.',
  },
  own_address: {
    sentence: 'This is your own, so that everything of yours would be left out.',
    action: 'Turn the category off, or pause it, if nothing is to be synchronized.',
  },
  mail_not_read: {
    sentence: 'Mail is off or paused, so this message cannot be looked at.',
    action: 'Turn mail on, or resume it, and try again.',
  },
  files_not_read: {
    sentence: 'Files are off or paused, so this one cannot be opened.',
    action: 'Turn files on, or resume them, and try again.',
  },
  too_many_rules: {
    sentence: 'There are too many rules of this kind.',
    action: 'Take one of them back first.',
  },
  too_many_mailboxes: {
    sentence: 'There are too many shared mailboxes.',
    action: 'Take one of them off the list first.',
  },
  own_mailbox: {
    sentence: 'This is your own mailbox, which is included anyway.',
    action: 'Write the address of a mailbox that is shared with you.',
  },
  still_on: {
    sentence: 'This is on, or paused, so it would be read again.',
    action: 'Turn it off first; you can erase what is stored in the same step.',
  },
  shared_off: {
    sentence: 'Shared mailboxes are not read at the moment.',
    action: 'Turn on mail or contacts with shared mailboxes, or resume them, and try again.',
  },
  mailbox_not_open: {
    sentence: 'Microsoft does not open a mailbox of this address to you.',
    action: 'Check the address, or ask whoever manages the mailbox to give you access to all of it.',
  },
  product_role_required: {
    sentence: 'Only an owner or manager of this organization in Assent may change this.',
    action: 'Ask one of the people named on the organization page.',
  },
  directory_role_required: {
    sentence: 'Microsoft lets only an administrator of your organization grant this.',
    action: 'Ask a Global, Privileged Role, Application or Cloud Application Administrator.',
  },
  already_claimed: {
    sentence: 'This organization already has an owner.',
    action: 'Ask the owner to appoint you.',
  },
  version_conflict: {
    sentence: 'Someone else changed these settings meanwhile.',
    action: 'Look at the new settings and make your change again.',
  },
  version_missing: {
    sentence: 'The change does not say which version of the settings it was made on.',
    action: 'Send the version that was read in the If-Match header.',
  },
  nothing_selected: {
    sentence: 'Nothing is selected, so there is nothing to grant.',
    action: 'Turn on at least one category.',
  },
  confirmation_missing: {
    sentence: 'The confirmation that you are an administrator is missing.',
    action: 'Tick the confirmation and go on.',
  },
  body_invalid: {
    sentence: 'The request is not in the form that Assent expects.',
    action: 'Correct the fields that this answer names.',
  },
  body_too_large: {
    sentence: 'The request is too large.',
    action: 'Send less at once.',
  },
  too_many_requests: {
    sentence: 'Too many requests came in a short time.',
    action: 'Wait as long as the Retry-After header says.',
  },
  not_found: {
    sentence: 'There is nothing at this address.',
    action: 'Check the address.',
  },
  storage_unavailable: {
    sentence: 'Assent cannot save right now; nothing was changed.',
    action: 'Try again in a moment. If it stays so, the operator must free disk space or restart the database.',
  },
  internal: {
    sentence: 'Something went wrong on our side; nothing was changed.',
    action: 'Try again. If it stays so, tell the operator the request id.',
  },
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal as a value. */
export interface Refused {
  readonly kind: 'problem';
  readonly code: ProblemCode;
}

export function refuse(code: ProblemCode): Refused {
  return { kind: 'problem', code };
}
