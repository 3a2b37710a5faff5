/**
 * A member turns categories on or off.
 *
 * What needs Microsoft's consent first is not applied at all: the answer names the consent to open, and a
 * verified return applies the whole change.
 */
import { decide, stillWanted } from '../domain/decision.ts';
import { hasExpired, type Pause, pauseAt, type Pauses, pausesAt } from '../domain/pause.ts';
import { missingScopes, scopesForLevel, scopesForSelection } from '../domain/permissions.ts';
import {
  type Connection,
  type ConsentTransaction,
  type Member,
  type MemberName,
  type Organization,
} from '../domain/records.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { EMPTY_SELECTION, isOffered, type Selection, withChanges } from '../domain/selection.ts';
import { isOff, sameLevel } from '../domain/levels.ts';
import { CATEGORIES, type Category } from '../domain/categories/categories.ts';
import { createConsentTransaction, type BegunConsent } from './createConsentTransaction.ts';
import { canConnect } from './canConnect.ts';
import { startErasing } from './startErasing.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import type { RecordedAct, ConsentReader, ChoiceWriter, ConnectionWriter, StoredWriter, ChangeFeed } from './store.ts';
import { SUPERSEDED } from './transaction.ts';

export interface SyncChange {
  readonly selection: Partial<Selection>;
  /** Categories whose stored data goes with the change. */
  readonly erase: readonly Category[];
  /** What is paused, until when, and what continues (`null`). */
  readonly pauses?: Partial<Readonly<Record<Category, Pause | null>>>;
}

export type SyncChangeResult =
  | { readonly kind: 'applied'; readonly receiptIds: readonly string[] }
  | { readonly kind: 'consentRequired'; readonly consent: BegunConsent }
  | Refused;

export async function changeSync(
  ports: Pick<ConsentPorts, 'store' | 'entra' | 'chance' | 'now'>,
  principal: Principal,
  change: SyncChange,
): Promise<SyncChangeResult> {
  const { tenantId, memberId } = principal;
  const organization = await ports.store.organization(tenantId);
  const member = await ports.store.member(tenantId, memberId);
  if (organization === null || member === null) {
    return refuse('tenant_not_onboarded');
  }
  const refusal = refusalOf(organization, member, change, ports.now());
  if (refusal !== null) {
    return refusal;
  }
  if (
    !(await canConnect(ports.store, organization, memberId)) &&
    CATEGORIES.some((category) => turnsOn(change, category))
  ) {
    return refuse('not_allowed_to_connect');
  }
  return (await needsConsent(ports, member, change))
    ? consentFor(ports, principal, member, change)
    : apply(ports, principal, change);
}

/** Whether Microsoft has to be asked first, as far as is known: what was granted since shows in a new token only. */
export async function mustAsk(
  ports: Pick<ConsentPorts, 'store'>,
  { tenantId, memberId }: Principal,
  change: SyncChange,
): Promise<boolean> {
  const member = await ports.store.member(tenantId, memberId);
  return member !== null && (await needsConsent(ports, member, change));
}

function refusalOf(organization: Organization, member: Member, change: SyncChange, now: Date): Refused | null {
  if (organization.mode !== 'individual' || !organization.enabled) {
    return refuse('controlled_by_administrator');
  }
  if (member.isGuest) {
    return refuse('guest_has_no_mailbox');
  }
  if (CATEGORIES.some((category) => hasExpired(change.pauses?.[category], now))) {
    return refuse('pause_over');
  }
  const beyond = CATEGORIES.some((category) => {
    const level = change.selection[category];
    return level !== undefined && !isOffered(category, level);
  });
  return beyond ? refuse('not_in_plan') : null;
}

function turnsOn({ selection }: SyncChange, category: Category): boolean {
  const level = selection[category];
  return level !== undefined && !isOff(level);
}

async function needsConsent(ports: Pick<ConsentPorts, 'store'>, member: Member, change: SyncChange): Promise<boolean> {
  const connection = await ports.store.connection(member.tenantId, member.memberId);
  const wanted = scopesForSelection(withChanges(EMPTY_SELECTION, change.selection));
  return wanted.length > 0 && (connection?.status !== 'live' || missingScopes(connection.scopes, wanted).length > 0);
}

async function consentFor(
  ports: Pick<ConsentPorts, 'store' | 'entra' | 'chance' | 'now'>,
  principal: Principal,
  member: Member,
  change: SyncChange,
): Promise<SyncChangeResult> {
  const facts = await ports.store.decisionFacts(principal.tenantId, principal.memberId);
  const wanted =
    facts === null ? member.preference : stillWanted(member.preference, (each) => decide(each, facts).reason);
  const begun = await createConsentTransaction(ports, principal, {
    purpose: 'consent',
    mode: 'individual',
    grantFor: 'self',
    selection: withChanges(wanted, change.selection),
    relevance: null,
    erase: change.erase,
  });
  return begun.kind === 'begun' ? { kind: 'consentRequired', consent: begun } : refuse(begun.code);
}

async function apply(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  principal: Principal,
  change: SyncChange,
): Promise<SyncChangeResult> {
  return ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(principal.tenantId);
    if (organization?.mode !== 'individual') {
      return refuse('controlled_by_administrator');
    }
    await writer.supersedeConsents(principal.tenantId, principal.memberId, SUPERSEDED);
    return { kind: 'applied', receiptIds: await applySelection(ports, writer, principal, change) };
  });
}

/** What a consent was for. What it left out because it was revoked at Microsoft stays chosen, and off for that reason. */
export async function applyConsent(
  ports: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: ConsentReader & ChoiceWriter & ConnectionWriter & StoredWriter & ChangeFeed,
  { tenantId, memberId, selection, erase }: Pick<ConsentTransaction, 'tenantId' | 'memberId' | 'selection' | 'erase'>,
): Promise<void> {
  const { revokedScopes = [] } = (await writer.lockConnection(tenantId, memberId)) ?? {};
  const preference = (await writer.member(tenantId, memberId))?.preference ?? EMPTY_SELECTION;
  const isLeftOut = (category: Category) =>
    isOff(selection[category]) &&
    scopesForLevel(category, preference[category]).some((scope) => revokedScopes.includes(scope));
  const asked = CATEGORIES.filter((category) => !isLeftOut(category));
  const change = Object.fromEntries(asked.map((category) => [category, selection[category]]));
  await applySelection(ports, writer, { tenantId, memberId }, { selection: change, erase });
}

/**
 * Writes a member's change with everything that follows from it, inside the caller's transaction and after
 * the organization was locked. Answers the receipts of what is being erased.
 */
export async function applySelection(
  ports: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: ConsentReader & ChoiceWriter & ConnectionWriter & StoredWriter & ChangeFeed,
  { tenantId, memberId }: MemberName,
  change: SyncChange,
): Promise<readonly string[]> {
  const at = ports.now();
  const connection = await writer.lockConnection(tenantId, memberId);
  const member = await writer.member(tenantId, memberId);
  if (member === null) {
    return [];
  }
  const next = withChanges(member.preference, change.selection);
  const changed = CATEGORIES.filter((category) => !sameLevel(next[category], member.preference[category]));
  const erase = await erasable(writer, member, connection, change.erase, next);
  const pauses = pausesAfter(member, change, next, at);
  const before = pausesAt(member.pauses, at);
  const held = CATEGORIES.filter((category) => pauses[category]?.until !== before[category]?.until);
  if (changed.length === 0 && erase.length === 0 && held.length === 0) {
    return [];
  }
  await writer.setPreference(tenantId, memberId, next);
  await writer.setPauses(tenantId, memberId, pauses);
  await writer.raiseEpoch(tenantId, memberId);
  const own = { actorId: memberId, target: memberId };
  const isChosen = changed.length > 0 || erase.length > 0;
  const acts = [
    ...(isChosen ? [selectionAct(changed, next)] : []),
    ...held.map((category) => pauseAct(category, pauses)),
  ];
  await writer.record({
    tenantId,
    at,
    acts: acts.map((act) => ({ ...own, ...act })),
    tell: [memberId],
    wake: [memberId],
  });
  return connection === null || erase.length === 0
    ? []
    : [await startErasing(ports, writer, { tenantId, memberId, connectionId: connection.connectionId }, erase, at)];
}

type WhatHappened = Pick<RecordedAct, 'action' | 'detail'>;

function selectionAct(changed: readonly Category[], next: Selection): WhatHappened {
  const detail = Object.fromEntries(changed.map((category) => [category, { ...next[category] }]));
  return { action: 'sync.changed', detail };
}

function pauseAct(category: Category, pauses: Pauses): WhatHappened {
  const until = pauses[category]?.until;
  return until === undefined
    ? { action: 'sync.resumed', detail: { category } }
    : { action: 'sync.paused', detail: { category, until } };
}

/** What is off then; of a connection that has ended, only what was kept of it. */
async function erasable(
  writer: StoredWriter,
  { tenantId, memberId }: Member,
  connection: Connection | null,
  asked: readonly Category[],
  next: Selection,
): Promise<readonly Category[]> {
  const wanted = asked.filter((category) => isOff(next[category]));
  if (connection?.status !== 'removed' || wanted.length === 0) {
    return wanted;
  }
  const stored = await writer.storedCategories(tenantId, memberId);
  return wanted.filter((category) => stored.includes(category));
}

/** What is turned off, or on again, is not paused any more; what is on at another level is. */
function pausesAfter(
  { preference, pauses: before }: Member,
  { pauses }: SyncChange,
  next: Selection,
  at: Date,
): Pauses {
  const kept = Object.entries(pausesAt(before, at)).filter(([category]) => isOn(preference, category));
  const asked = CATEGORIES.flatMap((category) => {
    const pause = pauses?.[category];
    return pause === undefined ? [] : [[category, pauseAt(pause, at)] as const];
  });
  const all = Object.entries({ ...Object.fromEntries(kept), ...Object.fromEntries(asked) });
  return Object.fromEntries(all.filter(([category, pause]) => pause !== null && isOn(next, category)));
}

function isOn(selection: Selection, name: string): boolean {
  return CATEGORIES.some((category) => category === name && !isOff(selection[category]));
}
