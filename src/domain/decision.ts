/**
 * The decision: per member and category, what is effective, who controls it, why, and what to do next.
 *
 * Pure and total. The server computes it; screen, API, sync and audit show or use the result and none
 * of them derives it again. The order of the rules is the order of precedence: the first that matches wins.
 *
 * Shapes  Facts come with their age (`checkedAt`, RFC 3339, or `null` where no one has looked yet), and
 *         `unknown` is a value like the others: a closed popup is not a refusal.
 * Errors  None.
 */
import type { Mode } from './mode.ts';
import type { Pause, Pauses } from './pause.ts';
import { excessScopes, highestAllowedLevel, missingScopes, scopesForLevel } from './permissions.ts';
import { type Action, type Control, type Reason, REASONS } from './reasons.ts';
import { canUsersConsent, type UserConsentKnowledge } from './userConsent.ts';
import { type Selection, withChanges } from './selection.ts';
import { isOff, type Level, minLevel, OFF } from './levels.ts';
import { CATEGORIES, type Category, definitionOf } from './categories/categories.ts';
import { type Observed } from './observed.ts';

export type MailboxKind = 'cloud' | 'onPremises' | 'none' | 'unlicensed';

export interface DecisionFacts {
  readonly deployment: {
    readonly cloud: 'supported' | 'unsupported';
    readonly caps: Selection;
    /** By the operator. */
    readonly suspended: boolean;
  };
  readonly organization: {
    readonly enabled: boolean;
    readonly mode: Mode;
    readonly selection: Selection;
    readonly pause: Pause | null;
  };
  readonly member: { readonly disabled: boolean; readonly guest: boolean; readonly allowed: boolean };
  /** Service mode only: whether the admin's list holds this member. */
  readonly coverage: 'covered' | 'notCovered';
  /** What is known of whether the tenant lets its users consent. */
  readonly userConsent: UserConsentKnowledge;
  /** What this member chose, in any mode; it rules in `individual` mode only. */
  readonly preference: { readonly selection: Selection; readonly pauses: Pauses };
  /** What Entra has issued for this member, as the newest token (in service mode: the newest probe) shows. */
  readonly grant: Observed<{
    readonly state: 'unknown' | 'propagating' | 'live' | 'lost';
    readonly scopes: readonly string[];
    /** What was there once and is not any more: someone took it back at Microsoft. */
    readonly revoked: readonly string[];
  }>;
  readonly mailbox: Observed<MailboxKind | 'unknown'>;
  readonly erasing: readonly Category[];
}

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
    blockedUpfront(category, facts) ??
    turnedOff(category, facts) ??
    paused(category, facts) ??
    missingGrant(category, facts) ??
    turnedOn(category, facts)
  );
}

/** Whether the category is off now without having been turned off: its streams wait, and resume where they stopped. */
export function isOnHold({ effective, reason }: Decision): boolean {
  return effective.sync === 'off' && REASONS[reason].standing === 'onHold';
}

/** Whether what is stored of a category is only kept: nothing of it is read, and nothing resumes automatically. */
export function isKeptOnly(decision: Decision): boolean {
  return decision.effective.sync === 'off' && decision.reason !== 'erasing' && !isOnHold(decision);
}

/** What the person in control chose, before Microsoft's grant is looked at, within the operator's plan. */
export function wantedLevel(category: Category, facts: DecisionFacts): Level {
  const chosen =
    facts.organization.mode === 'individual'
      ? facts.preference.selection[category]
      : facts.organization.selection[category];
  const wanted = minLevel(chosen, facts.deployment.caps[category]);
  // What is shared with a person is shared with no application.
  return facts.organization.mode === 'service' ? { ...wanted, shared: false } : wanted;
}

/** Every permission that what was chosen needs. */
export function wantedScopes(facts: DecisionFacts): readonly string[] {
  return CATEGORIES.flatMap((category) => scopesForLevel(category, wantedLevel(category, facts)));
}

function blockedUpfront(category: Category, facts: DecisionFacts): Decision | null {
  if (facts.erasing.includes(category)) {
    return off('erasing', facts);
  }
  if (facts.deployment.cloud === 'unsupported') {
    return off('cloudNotSupported', facts);
  }
  if (facts.deployment.suspended) {
    return off('suspended', facts);
  }
  if (!facts.organization.enabled) {
    return off('integrationOff', facts);
  }
  return blockedMember(facts) ?? blockedMailbox(category, facts) ?? notCovered(facts) ?? notInPlan(category, facts);
}

function blockedMember(facts: DecisionFacts): Decision | null {
  const { member } = facts;
  if (member.disabled) {
    return off('memberDisabled', facts);
  }
  if (member.guest) {
    return off('guestHasNoMailbox', facts);
  }
  return member.allowed ? null : off('notAllowed', facts);
}

function blockedMailbox(category: Category, facts: DecisionFacts): Decision | null {
  if (definitionOf(category).location === 'drive') {
    return null;
  }
  switch (facts.mailbox.value) {
    case 'onPremises':
      return off('mailboxOnPremises', facts);
    case 'none':
      return off('mailboxNone', facts);
    case 'unlicensed':
      return off('mailboxUnlicensed', facts);
    case 'cloud':
    case 'unknown':
      return null;
  }
}

function notCovered(facts: DecisionFacts): Decision | null {
  const outside = facts.organization.mode === 'service' && facts.coverage === 'notCovered';
  return outside ? off('notCovered', facts) : null;
}

function notInPlan(category: Category, facts: DecisionFacts): Decision | null {
  return isOff(facts.deployment.caps[category]) ? off('notInPlan', facts) : null;
}

function turnedOff(category: Category, facts: DecisionFacts): Decision | null {
  if (!isOff(wantedLevel(category, facts))) {
    return null;
  }
  const decision =
    facts.organization.mode === 'individual' ? off('offByOwnChoice', facts) : off('offByAdministrator', facts);
  return { ...decision, notes: notesOf(category, decision.effective, facts) };
}

/** A member's own pause, like their choice, rules in `individual` mode only. */
function paused(category: Category, facts: DecisionFacts): Decision | null {
  const { organization, preference } = facts;
  if (organization.pause !== null) {
    return { ...off('pausedByAdministrator', facts), until: organization.pause.until };
  }
  const own = organization.mode === 'individual' ? preference.pauses[category] : undefined;
  return own === undefined ? null : { ...off('paused', facts), until: own.until };
}

function missingGrant(category: Category, facts: DecisionFacts): Decision | null {
  const { state, scopes } = facts.grant.value;
  const wanted = wantedLevel(category, facts);
  const missing = missingScopes(scopes, scopesForLevel(category, wanted));
  if (state === 'lost') {
    return off('reauthenticate', facts);
  }
  if (missing.length === 0 && (state === 'live' || state === 'propagating')) {
    return null;
  }
  if (state === 'propagating') {
    return off('consentPropagating', facts);
  }
  const rest = highestAllowedLevel(category, wanted, scopes);
  return state === 'live' && !isOff(rest) ? grantedLess(rest, category, facts) : notConsented(missing, facts);
}

function notConsented(missing: readonly string[], facts: DecisionFacts): Decision {
  const isRevoked = missing.some((scope) => facts.grant.value.revoked.includes(scope));
  if (facts.organization.mode !== 'individual') {
    return off(isRevoked ? 'consentRevoked' : 'consentNeedsAdministrator', facts);
  }
  const verdict = canUsersConsent(facts.userConsent, missing).value;
  if (isRevoked && verdict !== 'no') {
    return off('consentRevoked', facts);
  }
  switch (verdict) {
    case 'yes':
      return off('consentNeeded', facts);
    case 'no':
      return off('consentNeedsAdministrator', facts);
    case 'unknown':
      return off('consentNeedsSomeone', facts);
  }
}

function grantedLess(rest: Level, category: Category, facts: DecisionFacts): Decision {
  return { ...decisionOf('grantedLess', rest, facts), notes: notesOf(category, rest, facts) };
}

function turnedOn(category: Category, facts: DecisionFacts): Decision {
  const effective = wantedLevel(category, facts);
  const reason = facts.organization.mode === 'individual' ? 'onByOwnChoice' : 'onByAdministrator';
  return { ...decisionOf(reason, effective, facts), notes: notesOf(category, effective, facts) };
}

function notesOf(category: Category, effective: Level, facts: DecisionFacts): Decision['notes'] {
  return excessScopes(category, effective, facts.grant.value.scopes).length > 0 ? ['overConsented'] : [];
}

function off(reason: Reason, facts: DecisionFacts): Decision {
  return decisionOf(reason, OFF, facts);
}

function decisionOf(reason: Reason, effective: Level, { organization }: DecisionFacts): Decision {
  const { control, action } = REASONS[reason][organization.mode === 'individual' ? 'individual' : 'tenantWide'];
  return { effective, control, reason, action, notes: [] };
}

/** What a member still wants of Microsoft: what was revoked there is asked for again by its own name only. */
export function stillWanted(preference: Selection, reasonOf: (category: Category) => Reason | undefined): Selection {
  const revoked = CATEGORIES.filter((category) => reasonOf(category) === 'consentRevoked');
  return withChanges(preference, Object.fromEntries(revoked.map((category) => [category, OFF])));
}
