/**
 * The decision: per member and category, what is effective, who controls it, why, and what to do next.
 *
 * Pure and total. The server computes it; screen, API, sync and audit show or use the result and none
 * of them derives it again. The order of the rules is the order of precedence: the first that matches wins.
 *
 * Shapes  Facts come with their age (`checkedAt`, RFC 3339, or `null` where nobody has looked yet), and
 *         `unknown` is a value like the others: a closed popup is not a refusal.
 * Errors  None.
 */
import type { Mode } from './mode.ts';
import type { Pause, Pauses } from './pause.ts';
import { beyondLevel, levelWithin, missingScopes, scopesForLevel } from './permissions.ts';
import { mayUsersConsent, type UserConsentKnowledge } from './userConsent.ts';
import {
  CATEGORIES,
  type Category,
  isOff,
  type Level,
  lowerOf,
  OFF,
  type Selection,
  withChanges,
} from './selection.ts';

/** Something that was found out at a certain time. */
export interface Fact<T> {
  readonly value: T;
  readonly checkedAt: string | null;
}

export type MailboxKind = 'cloud' | 'onPremises' | 'none' | 'unlicensed';

export interface DecisionFacts {
  readonly deployment: { readonly cloud: 'supported' | 'unsupported'; readonly caps: Selection };
  readonly organization: {
    readonly enabled: boolean;
    readonly mode: Mode;
    readonly selection: Selection;
    readonly pause: Pause | null;
  };
  readonly member: { readonly disabled: boolean; readonly guest: boolean; readonly allowed: boolean };
  /** Service mode only: whether the administrator's list holds this member. */
  readonly coverage: 'covered' | 'notCovered';
  /** What is known of whether the tenant lets its users consent. */
  readonly userConsent: UserConsentKnowledge;
  /** What this member chose, in any mode; it rules in `individual` mode only. */
  readonly preference: { readonly selection: Selection; readonly pauses: Pauses };
  /** What Entra has issued for this member, as the newest token (in service mode: the newest probe) shows. */
  readonly grant: Fact<{
    readonly state: 'unknown' | 'propagating' | 'live' | 'lost';
    readonly scopes: readonly string[];
    /** What was there once and is not any more: somebody took it back at Microsoft. */
    readonly revoked: readonly string[];
  }>;
  readonly mailbox: Fact<MailboxKind | 'unknown'>;
  readonly erasing: readonly Category[];
}

export const REASONS = [
  'erasing',
  'cloudNotSupported',
  'integrationOff',
  'memberDisabled',
  'guestHasNoMailbox',
  'notAllowed',
  'mailboxOnPremises',
  'mailboxNone',
  'mailboxUnlicensed',
  'notCovered',
  'notInPlan',
  'offByAdministrator',
  'offByOwnChoice',
  'paused',
  'pausedByAdministrator',
  'consentPropagating',
  'consentNeeded',
  'consentNeedsAdministrator',
  'consentNeedsSomeone',
  'consentRevoked',
  'reauthenticate',
  'grantedLess',
  'onByAdministrator',
  'onByOwnChoice',
] as const;
export type Reason = (typeof REASONS)[number];

export const ACTIONS = [
  'none',
  'wait',
  'turnOn',
  'turnOff',
  'consent',
  'askAdministrator',
  'reconnect',
  'resume',
  'contactOperator',
] as const;
export type Action = (typeof ACTIONS)[number];

export type Control = 'member' | 'administrator' | 'operator' | 'microsoft';

export interface Decision {
  readonly effective: Level;
  readonly control: Control;
  readonly reason: Reason;
  readonly action: Action;
  readonly notes: readonly 'overConsented'[];
  /** When a pause ends by itself, RFC 3339. */
  readonly until?: string | null;
}

/** Decides one category for one member. */
export function decide(category: Category, facts: DecisionFacts): Decision {
  return (
    blockedBeforeChoice(category, facts) ??
    switchedOff(category, facts) ??
    held(category, facts) ??
    withoutGrant(category, facts) ??
    switchedOn(category, facts)
  );
}

/** Whether what is off now was not turned off: it is held, and goes on where it stopped when the reason is gone. */
export function isHeld({ effective, reason }: Decision): boolean {
  return effective.sync === 'off' && HELD.includes(reason);
}

/** Whether what is stored of a category is only kept: nothing of it is read, and nothing goes on by itself. */
export function isKeptOnly(decision: Decision): boolean {
  return decision.effective.sync === 'off' && decision.reason !== 'erasing' && !isHeld(decision);
}

const HELD: readonly Reason[] = [
  'consentPropagating',
  'consentNeeded',
  'consentNeedsAdministrator',
  'consentNeedsSomeone',
  'consentRevoked',
  'cloudNotSupported',
  'integrationOff',
  'memberDisabled',
  'mailboxOnPremises',
  'mailboxNone',
  'mailboxUnlicensed',
  'paused',
  'pausedByAdministrator',
  'reauthenticate',
];

/** What the person in control chose, before Microsoft's grant is looked at, within the operator's plan. */
export function wantedLevel(category: Category, facts: DecisionFacts): Level {
  const chosen =
    facts.organization.mode === 'individual'
      ? facts.preference.selection[category]
      : facts.organization.selection[category];
  const wanted = lowerOf(chosen, facts.deployment.caps[category]);
  // What is shared with a person is shared with no application.
  return facts.organization.mode === 'service' ? { ...wanted, shared: false } : wanted;
}

/** Every permission that what was chosen needs. */
export function wantedScopes(facts: DecisionFacts): readonly string[] {
  return CATEGORIES.flatMap((category) => scopesForLevel(category, wantedLevel(category, facts)));
}

function blockedBeforeChoice(category: Category, facts: DecisionFacts): Decision | null {
  if (facts.erasing.includes(category)) {
    return off('erasing', 'member', 'wait');
  }
  if (facts.deployment.cloud === 'unsupported') {
    return off('cloudNotSupported', 'operator', 'contactOperator');
  }
  if (!facts.organization.enabled) {
    return off('integrationOff', 'administrator', 'askAdministrator');
  }
  return (
    blockedMember(facts) ??
    blockedMailbox(category, facts.mailbox.value) ??
    notCovered(facts) ??
    notInPlan(category, facts)
  );
}

function blockedMember({ member }: DecisionFacts): Decision | null {
  if (member.disabled) {
    return off('memberDisabled', 'microsoft', 'askAdministrator');
  }
  if (member.guest) {
    return off('guestHasNoMailbox', 'microsoft', 'none');
  }
  return member.allowed ? null : off('notAllowed', 'administrator', 'askAdministrator');
}

function blockedMailbox(category: Category, kind: MailboxKind | 'unknown'): Decision | null {
  if (category === 'files') {
    return null;
  }
  switch (kind) {
    case 'onPremises':
      return off('mailboxOnPremises', 'microsoft', 'askAdministrator');
    case 'none':
      return off('mailboxNone', 'microsoft', 'askAdministrator');
    case 'unlicensed':
      return off('mailboxUnlicensed', 'microsoft', 'askAdministrator');
    case 'cloud':
    case 'unknown':
      return null;
  }
}

function notCovered(facts: DecisionFacts): Decision | null {
  const outside = facts.organization.mode === 'service' && facts.coverage === 'notCovered';
  return outside ? off('notCovered', 'administrator', 'askAdministrator') : null;
}

function notInPlan(category: Category, facts: DecisionFacts): Decision | null {
  return isOff(facts.deployment.caps[category]) ? off('notInPlan', 'operator', 'contactOperator') : null;
}

function switchedOff(category: Category, facts: DecisionFacts): Decision | null {
  if (!isOff(wantedLevel(category, facts))) {
    return null;
  }
  const decision =
    facts.organization.mode === 'individual'
      ? off('offByOwnChoice', 'member', 'turnOn')
      : off('offByAdministrator', 'administrator', 'askAdministrator');
  return { ...decision, notes: notesOf(category, decision.effective, facts) };
}

/** A member's own pause, like their choice, rules in `individual` mode only. */
function held(category: Category, { organization, preference }: DecisionFacts): Decision | null {
  if (organization.pause !== null) {
    return { ...off('pausedByAdministrator', 'administrator', 'wait'), until: organization.pause.until };
  }
  const own = organization.mode === 'individual' ? preference.pauses[category] : undefined;
  return own === undefined ? null : { ...off('paused', 'member', 'resume'), until: own.until };
}

function withoutGrant(category: Category, facts: DecisionFacts): Decision | null {
  const { state, scopes } = facts.grant.value;
  const wanted = wantedLevel(category, facts);
  const missing = missingScopes(scopes, scopesForLevel(category, wanted));
  if (state === 'lost') {
    return off('reauthenticate', 'member', 'reconnect');
  }
  if (missing.length === 0 && (state === 'live' || state === 'propagating')) {
    return null;
  }
  if (state === 'propagating') {
    return off('consentPropagating', 'microsoft', 'wait');
  }
  const rest = levelWithin(category, wanted, scopes);
  return state === 'live' && !isOff(rest) ? grantedLess(rest, category, facts) : notConsented(missing, facts);
}

function notConsented(missing: readonly string[], facts: DecisionFacts): Decision {
  const isRevoked = missing.some((scope) => facts.grant.value.revoked.includes(scope));
  if (facts.organization.mode !== 'individual') {
    return off(isRevoked ? 'consentRevoked' : 'consentNeedsAdministrator', 'microsoft', 'askAdministrator');
  }
  const verdict = mayUsersConsent(facts.userConsent, missing).value;
  if (isRevoked && verdict !== 'no') {
    return off('consentRevoked', 'member', 'consent');
  }
  switch (verdict) {
    case 'yes':
      return off('consentNeeded', 'member', 'consent');
    case 'no':
      return off('consentNeedsAdministrator', 'microsoft', 'askAdministrator');
    case 'unknown':
      return off('consentNeedsSomeone', 'member', 'consent');
  }
}

function grantedLess(rest: Level, category: Category, facts: DecisionFacts): Decision {
  const individual = facts.organization.mode === 'individual';
  return {
    effective: rest,
    control: individual ? 'member' : 'administrator',
    reason: 'grantedLess',
    action: individual ? 'consent' : 'askAdministrator',
    notes: notesOf(category, rest, facts),
  };
}

function switchedOn(category: Category, facts: DecisionFacts): Decision {
  const effective = wantedLevel(category, facts);
  const individual = facts.organization.mode === 'individual';
  return {
    effective,
    control: individual ? 'member' : 'administrator',
    reason: individual ? 'onByOwnChoice' : 'onByAdministrator',
    action: individual ? 'turnOff' : 'none',
    notes: notesOf(category, effective, facts),
  };
}

function notesOf(category: Category, effective: Level, facts: DecisionFacts): Decision['notes'] {
  return beyondLevel(category, effective, facts.grant.value.scopes).length > 0 ? ['overConsented'] : [];
}

function off(reason: Reason, control: Control, action: Action): Decision {
  return { effective: OFF, control, reason, action, notes: [] };
}

/** What a member still wants of Microsoft: what was taken back there is asked for again by its own name only. */
export function stillWanted(preference: Selection, reasonOf: (category: Category) => Reason | undefined): Selection {
  const revoked = CATEGORIES.filter((category) => reasonOf(category) === 'consentRevoked');
  return withChanges(preference, Object.fromEntries(revoked.map((category) => [category, OFF])));
}
