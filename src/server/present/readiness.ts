/**
 * `GET /api/organization/readiness`: what stands in the way, each with its evidence and its age.
 *
 * Findings are codes; the client has a sentence and a remedy for each. Nothing is assumed: what no one has
 * looked at is `unknown`.
 */
import type { Readiness } from '../../contract/api/organization.ts';
import type { PersonFacts } from '../../administration/ports.ts';
import type { Organization } from '../../domain/records.ts';
import { scopesForSelection } from '../../domain/permissions.ts';
import { FULL_OFFER } from '../../domain/selection.ts';
import { canUsersConsent } from '../../domain/userConsent.ts';
import { type CheckName, type FindingOf } from '../../domain/checks.ts';

type Check = Readiness['checks'][number];
type Values = Check['values'];

/** Exchange Online has switched EWS off since the first and removes it on the second ("Exchange Team Blog"). */
const EWS_OFF = '2026-10-01';
const EWS_GONE = '2027-04-01';

export function presentReadiness(
  organization: Organization,
  people: readonly PersonFacts[],
  offersService: boolean,
): Readiness {
  const checks = [
    userConsent(organization),
    application(organization),
    assignment(organization),
    publisher(organization),
    requests(organization),
    grant(organization),
    ...(offersService ? [service(organization)] : []),
    mailboxes(people),
    connections(people),
    cloud(organization),
    check('ews', 'good', 'graphOnly', { off: EWS_OFF, gone: EWS_GONE }, null),
  ];
  return { checks: checks.toSorted((first, second) => URGENCY[first.result] - URGENCY[second.result]) };
}

/** What stands in the way comes first. */
const URGENCY: Readonly<Record<Check['result'], number>> = { blocked: 0, attention: 1, unknown: 2, good: 3 };

function check<Name extends CheckName>(
  name: Name,
  result: Check['result'],
  finding: FindingOf<Name>,
  values: Values,
  checkedAt: string | null,
): Check {
  return { check: name, result, finding, values, checkedAt };
}

function userConsent({ userConsent: known, mode, grant: held }: Organization): Check {
  const verdict = canUsersConsent(known, scopesForSelection(FULL_OFFER));
  const values = { source: verdict.source ?? 'none', policy: known.policy?.kind ?? 'unknown' };
  const needsIt = mode === 'individual' && held === null;
  switch (verdict.value) {
    case 'yes':
      return check('userConsent', 'good', 'mayConsent', values, verdict.checkedAt);
    case 'no':
      return check('userConsent', needsIt ? 'blocked' : 'good', 'mayNotConsent', values, verdict.checkedAt);
    case 'unknown':
      return check('userConsent', 'unknown', 'consentUnknown', values, verdict.checkedAt);
  }
}

function application({ directory }: Organization): Check {
  if (directory === null) {
    return check('application', 'unknown', 'notChecked', {}, null);
  }
  return directory.enabled
    ? check('application', 'good', 'enabled', {}, directory.at)
    : check('application', 'blocked', 'disabled', {}, directory.at);
}

function assignment({ directory }: Organization): Check {
  if (directory === null) {
    return check('assignment', 'unknown', 'notChecked', {}, null);
  }
  return directory.assignmentRequired
    ? check('assignment', 'attention', 'assignmentRequired', {}, directory.at)
    : check('assignment', 'good', 'assignmentOpen', {}, directory.at);
}

function publisher({ directory }: Organization): Check {
  if (directory === null) {
    return check('publisher', 'unknown', 'notChecked', {}, null);
  }
  return directory.verifiedPublisher === null
    ? check('publisher', 'attention', 'notVerified', {}, directory.at)
    : check('publisher', 'good', 'verified', { publisher: directory.verifiedPublisher }, directory.at);
}

function requests({ directory }: Organization): Check {
  if (directory?.requestsEnabled === undefined || directory.requestsEnabled === null) {
    return check('requests', 'unknown', 'notChecked', {}, directory?.at ?? null);
  }
  return check('requests', 'good', directory.requestsEnabled ? 'requestsOn' : 'requestsOff', {}, directory.at);
}

function grant({ mode, grant: held }: Organization): Check {
  const checkedAt = held?.checkedAt?.toISOString() ?? null;
  if (held === null) {
    return mode === 'organization'
      ? check('grant', 'blocked', 'grantGone', {}, null)
      : check('grant', 'good', 'noGrantNeeded', {}, null);
  }
  if (held.missing.length > 0) {
    return check('grant', 'blocked', 'grantLost', { scopes: held.missing.join(', ') }, checkedAt);
  }
  return held.state === 'verified'
    ? check('grant', 'good', 'grantProven', {}, checkedAt)
    : check('grant', 'attention', 'grantUnproven', {}, checkedAt);
}

function service({ mode, service: held }: Organization): Check {
  if (held === null) {
    return check('service', 'good', 'serviceUnused', {}, null);
  }
  const isUsed = mode === 'service';
  const finding = {
    settling: 'settling',
    verified: 'reached',
    unproven: 'noCanary',
    failed: 'nothingReached',
  } as const;
  const isFailure = held.state === 'failed';
  const code = isFailure && held.canary === 'reached' ? 'tooWide' : finding[held.state];
  const result = isFailure ? (isUsed ? 'blocked' : 'attention') : held.state === 'verified' ? 'good' : 'attention';
  return check('service', result, code, { categories: held.reached.join(', ') }, held.checkedAt);
}

function mailboxes(people: readonly PersonFacts[]): Check {
  const kinds = people.map(({ member }) => member.mailbox);
  const count = (kind: string) => kinds.filter(({ value }) => value === kind).length;
  const values = { onPremises: count('onPremises'), none: count('none') + count('unlicensed'), cloud: count('cloud') };
  const newest = kinds.flatMap(({ checkedAt }) => checkedAt ?? []).toSorted();
  const isBad = values.onPremises + values.none > 0;
  return values.cloud + values.onPremises + values.none === 0
    ? check('mailboxes', 'unknown', 'noMailboxSeen', values, null)
    : check(
        'mailboxes',
        isBad ? 'attention' : 'good',
        isBad ? 'someUnreachable' : 'allReachable',
        values,
        newest.at(-1) ?? null,
      );
}

function connections(people: readonly PersonFacts[]): Check {
  const opened = people.filter(({ member }) => member.openedAt !== null);
  const lost = opened.filter(({ connection }) => connection?.status === 'lost').length;
  const none = opened.filter(({ connection }) => connection === null || connection.status === 'removed').length;
  const isGood = lost + none === 0;
  const finding = isGood ? 'everybodyConnected' : 'someNotConnected';
  return check('connections', isGood ? 'good' : 'attention', finding, { lost, none, opened: opened.length }, null);
}

function cloud({ cloud: fact }: Organization): Check {
  switch (fact.value) {
    case 'supported':
      return check('cloud', 'good', 'cloudSupported', {}, fact.checkedAt);
    case 'unsupported':
      return check('cloud', 'blocked', 'cloudUnsupported', {}, fact.checkedAt);
    case 'unknown':
      return check('cloud', 'unknown', 'cloudUnknown', {}, fact.checkedAt);
  }
}
