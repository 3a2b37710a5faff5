/**
 * The checks of an organization's readiness, each with everything that it can find, and whether there is something to do
 * about it. What was found is decided where the facts are presented; sentences and remedies are texts.
 */
import { wordsOf } from './vocabulary.ts';

export const CHECKS = {
  userConsent: { mayConsent: 'none', mayNotConsent: 'remedy', consentUnknown: 'remedy' },
  application: { notChecked: 'none', enabled: 'none', disabled: 'remedy' },
  assignment: { notChecked: 'none', assignmentRequired: 'remedy', assignmentOpen: 'none' },
  publisher: { notChecked: 'none', verified: 'none', notVerified: 'remedy' },
  requests: { notChecked: 'none', requestsOn: 'none', requestsOff: 'none' },
  grant: {
    grantGone: 'remedy',
    noGrantNeeded: 'none',
    grantLost: 'remedy',
    grantProven: 'none',
    grantUnproven: 'remedy',
  },
  service: {
    serviceUnused: 'none',
    settling: 'none',
    reached: 'none',
    noCanary: 'remedy',
    nothingReached: 'remedy',
    tooWide: 'remedy',
  },
  mailboxes: { noMailboxSeen: 'none', allReachable: 'none', someUnreachable: 'remedy' },
  connections: { everybodyConnected: 'none', someNotConnected: 'remedy' },
  cloud: { cloudSupported: 'none', cloudUnsupported: 'remedy', cloudUnknown: 'none' },
  ews: { graphOnly: 'none' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, 'none' | 'remedy'>>>>;

export type CheckName = keyof typeof CHECKS;

export const CHECK_NAMES: readonly CheckName[] = wordsOf(CHECKS);

/** What one check can find. */
export type FindingOf<Name extends CheckName> = keyof (typeof CHECKS)[Name] & string;

/** The findings of one check that have a remedy. */
export type RemediedOf<Name extends CheckName> = {
  [F in FindingOf<Name>]: (typeof CHECKS)[Name][F] extends 'remedy' ? F : never;
}[FindingOf<Name>];
