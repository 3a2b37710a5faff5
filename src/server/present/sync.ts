import type { ConsentReader } from '../../consent/store.ts';
import type {
  Offer,
  Progress,
  ReceiptDocument,
  SharedMailboxDocument,
  StreamDocument,
  Sync,
} from '../../contract/api/sync.ts';
import type { MailboxProgress, StreamProgress } from '../../db/sync/progress.ts';
import { decide, type DecisionFacts } from '../../domain/decision.ts';
import { missingScopes, scopesForLevel } from '../../domain/permissions.ts';
import { type Refused, refuse } from '../../domain/problems.ts';
import type { Member, MemberName, Receipt } from '../../domain/records.ts';
import { isOff } from '../../domain/levels.ts';
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
import { CONTAINER_LIST, DEFAULT_CONTACTS, DRIVE_ROOT } from '../../domain/containers.ts';
import { likelyRefusedSince, canUsersConsent } from '../../domain/userConsent.ts';
import { syncErrorTraits } from '../../domain/syncErrors.ts';

export interface SyncSources {
  readonly consents: ConsentReader;
  progress(tenantId: string, memberId: string): Promise<MailboxProgress>;
  readonly now: () => Date;
}

/** Nobody's who is not known here. */
export async function presentSync(sources: SyncSources, { tenantId, memberId }: MemberName): Promise<Sync | Refused> {
  const facts = await sources.consents.decisionFacts(tenantId, memberId);
  const connection = await sources.consents.connection(tenantId, memberId);
  const member = await sources.consents.member(tenantId, memberId);
  if (facts === null || member === null) {
    return refuse('tenant_not_onboarded');
  }
  const decisions = Object.fromEntries(
    CATEGORIES.map((category) => {
      const { notes, ...decision } = decide(category, facts);
      return [category, { ...decision, notes: [...notes] }];
    }),
  );
  const progress = await sources.progress(tenantId, memberId);
  const isOn = (category: Category) => decisions[category]?.effective.sync !== 'off';
  return {
    mode: facts.organization.mode,
    decisions,
    preference: facts.preference.selection,
    connection: CONNECTION[connection?.status ?? 'removed'],
    offers: Object.fromEntries(
      CATEGORIES.map((category) => [
        category,
        { limited: offerOf(category, 'limited', facts), full: offerOf(category, 'full', facts) },
      ]),
    ),
    prompt: shouldPrompt(member, facts, sources.now()),
    granted: [...facts.grant.value.scopes],
    streams: CATEGORIES.filter(isOn).map((category) => progressOf(category, progress, sources.now())),
    mailboxes: mailboxesOf(progress),
  };
}

const CONNECTION = { live: 'connected', lost: 'lost', removed: 'none' } as const;

/** Whether this member may grant a level alone, from what is known before anyone clicks. */
function offerOf(category: Category, sync: 'limited' | 'full', facts: DecisionFacts): Offer {
  const wanted = scopesForLevel(category, { sync, act: 'none', shared: false });
  const missing = missingScopes(facts.grant.value.scopes, wanted);
  if (missing.length === 0) {
    return { mayConsent: 'granted', source: null, checkedAt: facts.grant.checkedAt };
  }
  const { value, source, checkedAt } = canUsersConsent(facts.userConsent, missing);
  const likelySince = likelyRefusedSince(facts.userConsent, missing);
  return likelySince === null
    ? { mayConsent: value, source, checkedAt }
    : { mayConsent: 'no', source: 'likely', checkedAt: likelySince };
}

/** Whether to prompt: the member can turn something on, hasn't yet, and hasn't dismissed the prompt. */
function shouldPrompt({ prompt }: Member, facts: DecisionFacts, now: Date): boolean {
  const isFree = CATEGORIES.some((category) => decide(category, facts).reason === 'offByOwnChoice');
  const isEmpty = CATEGORIES.every((category) => isOff(facts.preference.selection[category]));
  const isQuiet = prompt.state === 'never' || (prompt.state === 'later' && (prompt.after ?? now) > now);
  return isFree && isEmpty && !isQuiet;
}

function progressOf(category: Category, { streams: all, mailboxes, setAside }: MailboxProgress, now: Date): Progress {
  const addresses = new Map(mailboxes.map(({ id, address }) => [id, address]));
  const streams = all.filter((stream) => stream.category === category);
  // Those of others have lines of their own.
  const own = streams.filter(({ sharedMailbox }) => sharedMailbox === null);
  const reading = own.filter(({ succeededAt }) => succeededAt === null);
  const items = sum(streams.map(({ itemsSeen }) => itemsSeen));
  const expected = streams.some(({ itemsExpected }) => itemsExpected !== null)
    ? sum(streams.map(({ itemsExpected }) => itemsExpected ?? 0))
    : null;
  const seconds = (now.getTime() - Math.min(...reading.map(({ startedAt }) => startedAt.getTime()))) / 1000;
  const rate = reading.length > 0 && seconds > 0 && items > 0 ? items / seconds : null;
  const left = rate !== null && expected !== null ? Math.ceil(Math.max(0, expected - items) / rate) : null;
  return {
    category,
    ...healthOfCategory(own),
    items,
    expected,
    rate,
    secondsLeft: left,
    failing: own.filter(({ error }) => error !== null).length,
    setAside: setAside.get(category) ?? 0,
    lastSuccessAt: newest(streams.map(({ succeededAt }) => succeededAt)),
    parts: streams
      .map((stream) => partOf(stream, addresses))
      .toSorted(byUrgency)
      .slice(0, MAX_LISTED_STREAMS),
    partCount: streams.length,
  };
}

const MAX_LISTED_STREAMS = 50;
const URGENCY: readonly Progress['stage'][] = ['failing', 'first', 'waiting', 'current'];

function partOf(stream: StreamProgress, addresses: ReadonlyMap<string, string>): StreamDocument {
  const { container, sharedMailbox, name, itemsSeen, itemsExpected } = stream;
  return {
    kind: KINDS[container] ?? 'folder',
    name,
    mailbox: addresses.get(sharedMailbox ?? '') ?? null,
    ...healthOf([stream]),
    items: itemsSeen,
    expected: itemsExpected,
  };
}

const KINDS: Readonly<Record<string, StreamDocument['kind']>> = {
  [CONTAINER_LIST]: 'list',
  [DEFAULT_CONTACTS]: 'contacts',
  [DRIVE_ROOT]: 'drive',
};

function mailboxesOf({ streams, mailboxes }: MailboxProgress): SharedMailboxDocument[] {
  return mailboxes.map(({ id, address }) => ({
    id,
    address,
    ...healthOf(streams.filter(({ sharedMailbox }) => sharedMailbox === id)),
  }));
}

/** A part that fails is told beside how the others are doing, and speaks for all only where nothing else is read. */
function healthOfCategory(own: readonly StreamProgress[]): Health {
  const told = healthOf(own);
  const content = own.filter(({ container }) => container !== CONTAINER_LIST);
  const good = content.filter(({ error }) => error === null);
  if (told.error === null || good.length === 0 || syncErrorTraits(told.error).affectsMailbox) {
    return told;
  }
  return { ...told, stage: healthOf(good).stage };
}

type Health = Pick<StreamDocument, 'stage' | 'nextAttemptAt' | 'error'>;

/** How streams are doing together: one that fails is what is told. */
function healthOf(streams: readonly StreamProgress[]): Health {
  const failing = streams.find(({ error }) => error !== null);
  const reading = streams.filter(({ succeededAt }) => succeededAt === null);
  return {
    stage: stageOf(streams.length, reading.length, failing !== undefined),
    nextAttemptAt: failing?.dueAt.toISOString() ?? null,
    error: failing?.error ?? null,
  };
}

function byUrgency(first: StreamDocument, second: StreamDocument): number {
  return (
    URGENCY.indexOf(first.stage) - URGENCY.indexOf(second.stage) ||
    (first.mailbox ?? '').localeCompare(second.mailbox ?? '') ||
    (first.name ?? '').localeCompare(second.name ?? '')
  );
}

function stageOf(streams: number, reading: number, isFailing: boolean): Progress['stage'] {
  if (isFailing) {
    return 'failing';
  }
  if (streams === 0) {
    return 'waiting';
  }
  return reading > 0 ? 'first' : 'current';
}

function newest(dates: readonly (Date | null)[]): string | null {
  const times = dates.flatMap((date) => (date === null ? [] : [date.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Those of `ids` that are the member's own. */
export async function receiptsOf(
  consents: Pick<ConsentReader, 'receipt'>,
  { tenantId, memberId }: MemberName,
  ids: readonly string[],
): Promise<ReceiptDocument[]> {
  const receipts = await Promise.all(ids.map((id) => consents.receipt(tenantId, memberId, id)));
  return receipts.flatMap((receipt) => (receipt === null ? [] : [presentReceipt(receipt)]));
}

export function presentReceipt(receipt: Receipt): ReceiptDocument {
  return {
    id: receipt.receiptId,
    state: receipt.state,
    startedAt: receipt.startedAt.toISOString(),
    endedAt: receipt.endedAt?.toISOString() ?? null,
    items: { ...receipt.items },
  };
}
