/** Whether what is stored is what Microsoft has, and whether the feed tells the same. */
import { deepStrictEqual } from 'node:assert/strict';
import { sql } from 'kysely';
import { readDecisionFacts } from '../../src/db/consent/decisionFacts.ts';
import { readItems } from '../../src/db/content/items.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import { readMemberRules } from '../../src/db/organization/memberRulesStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { decide } from '../../src/domain/decision.ts';
import { OFF } from '../../src/domain/levels.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories/categories.ts';
import { folderIdIn, type SharedMailbox, supportsSharedMailboxes } from '../../src/domain/sharedMailboxes.ts';
import { folderId } from '../../src/sandbox/graph/folders.ts';
import type { Mailbox } from '../../src/sandbox/graph/mailbox.ts';
import { occurrencesOf } from '../../src/sandbox/graph/recurrence.ts';
import { DEFAULT_CONTACT_FOLDER } from '../../src/sandbox/seed/generateOtherContent.ts';
import type { StoredMessage } from '../../src/sandbox/graph/stored.ts';
import { keptBy, type Sketch } from './referenceFilter.ts';
import type { SimulatedMicrosoft, SimulatedPerson } from './microsoft.ts';

const DAY = 86_400_000;
/** Every window that may have been laid holds at least this much around today. */
const CERTAIN_DAYS = 364;

export async function compare(
  database: Database,
  keyring: Keyring,
  microsoft: SimulatedMicrosoft,
  person: SimulatedPerson,
  now: Date,
): Promise<void> {
  const { tenantId, memberId, upn } = person;
  const facts = await readDecisionFacts(database.kysely, tenantId, memberId, now);
  const isKept = await keptBy(database, keyring, person, now);
  const { mailboxes } = await readMemberRules(database.kysely, keyring, tenantId, memberId);
  for (const category of CATEGORIES) {
    const owner = { tenantId, memberId, category };
    const key = await keyring.forReading({ ...owner, purpose: category });
    const level = facts === null ? OFF : decide(category, facts).effective;
    const { items } = key === null ? { items: [] } : await readItems(database.kysely, owner, key, null, 10_000);
    const stored = items.filter(({ at }) => category !== 'calendar' || isNear(at, now));
    if (level.sync !== 'off') {
      const places = [null, ...(level.shared && supportsSharedMailboxes(category) ? mailboxes : [])];
      const truth = places.flatMap((place) => {
        const mailbox = microsoft.mailbox(place?.address ?? upn);
        return truthOf(category, { mailbox, id: place?.id ?? null }, isKept, now);
      });
      const lines = stored.map(({ itemId, folderId, content }) => `${itemId} ${folderId} ${content.subject}`);
      deepStrictEqual(lines.toSorted(), truth.toSorted(), category);
    }
  }
  await expectNothingLeftBehind(database);
  await expectNothingOfOthers(database, mailboxes);
  await expectFeedToTellTheSame(database, tenantId);
}

type IsKept = (sketch: Sketch) => boolean;

function isNear(at: Date | null, now: Date): boolean {
  return at !== null && Math.abs(at.getTime() - now.getTime()) < CERTAIN_DAYS * DAY;
}

/** A mailbox, and by what id it is known where it is someone else's. */
interface Place {
  readonly mailbox: Mailbox;
  readonly id: string | null;
}

function truthOf(category: Category, { mailbox, id: place }: Place, isKept: IsKept, now: Date): readonly string[] {
  switch (category) {
    case 'mail':
      return [...mailbox.allMessages()]
        .filter((message) => isKept(sketchOfMessage({ mailbox, id: place }, message)))
        .map(({ id, folder, subject }) => `${id} ${folderIdIn(place, folderId(folder))} ${subject}`);
    case 'calendar':
      return eventsOf(mailbox, isKept, now);
    case 'contacts':
      return mailbox.contacts
        .all()
        .map(({ id, container, displayName }) => `${id} ${folderIdIn(place, listed(container))} ${displayName}`);
    case 'tasks':
      return mailbox.tasks.all().map(({ id, container, title }) => `${id} ${container} ${title}`);
    case 'files':
      return mailbox.driveItems.all().map(({ id, name }) => `${id} root ${name}`);
  }
}

function listed(container: string): string {
  return container === DEFAULT_CONTACT_FOLDER ? 'default' : container;
}

function sketchOfMessage(
  { mailbox, id: place }: Place,
  { from, to, cc, receivedAt, conversationId, folder }: StoredMessage,
): Sketch {
  const named = mailbox.folders().find(({ name }) => name === folder);
  return {
    addresses: [...(from === null ? [] : [from]), ...to, ...cc].map(({ address }) => address),
    at: receivedAt,
    conversation: conversationId,
    folder: { id: folderIdIn(place, folderId(folder)), name: named?.displayName ?? '' },
  };
}

function eventsOf(mailbox: Mailbox, isKept: IsKept, now: Date): readonly string[] {
  const [from, to] = [new Date(now.getTime() - 400 * DAY), new Date(now.getTime() + 400 * DAY)];
  return mailbox
    .events()
    .flatMap((event) => {
      const { organizer, attendees, calendar, rule } = event;
      const addresses = [...(organizer === null ? [] : [organizer]), ...attendees].map(({ address }) => address);
      const folder = { id: calendar, name: '' };
      const occurrences = rule === null ? [{ ...event, exception: null }] : occurrencesOf(event, from, to);
      return occurrences.map(({ id, start, exception }) => ({
        sketch: { addresses, at: start, folder },
        line: `${id} ${calendar} ${exception?.subject ?? event.subject}`,
      }));
    })
    .filter(({ sketch }) => isNear(new Date(sketch.at), now) && isKept(sketch))
    .map(({ line }) => line);
}

/** Nothing waits to be deleted, nothing is set aside of what is still read, and nothing belongs to a connection that is no more. */
async function expectNothingLeftBehind({ kysely }: Database): Promise<void> {
  const { rows } = await sql<{ what: string; count: number }>`
    select 'gone' as what, count(*)::int as count from items
      join streams on streams.tenant_id = items.tenant_id and streams.mailbox_id = items.member_id
        and streams.category = items.category
      where gone_round is not null
    union all select 'quarantined', count(*)::int from quarantine
      where exists (select 1 from streams where streams.tenant_id = quarantine.tenant_id
        and streams.mailbox_id = quarantine.member_id and streams.category = quarantine.category)
    union all select 'erasing', count(*)::int from erasures where state = 'erasing'
    union all select 'streams without a connection', count(*)::int from streams
      join connections on connections.tenant_id = streams.tenant_id and connections.member_id = streams.mailbox_id
      where connections.status <> 'live'
    union all select 'items in two containers', count(*)::int from items where elsewhere <> '{}' and gone_round is null
      and exists (select 1 from streams where streams.category = items.category)
  `.execute(kysely);
  deepStrictEqual(
    rows.filter(({ count }) => count > 0),
    [],
  );
}

/** Of a mailbox that its member has forgotten nothing is kept, whether its category is on or off. */
async function expectNothingOfOthers({ kysely }: Database, named: readonly SharedMailbox[]): Promise<void> {
  const rows = await kysely.selectFrom('items').select('folder_id').execute();
  const known = named.map(({ id }) => folderIdIn(id, ''));
  const isOfOthers = (folder: string) => folder.startsWith('~') && !known.some((prefix) => folder.startsWith(prefix));
  const forgotten = rows.filter(({ folder_id: folder }) => isOfOthers(folder));
  deepStrictEqual(forgotten, [], 'something is kept of a mailbox that was forgotten');
}

/** Whoever follows the feed from its beginning has the same items, and no number is missing. */
async function expectFeedToTellTheSame({ kysely }: Database, tenantId: string): Promise<void> {
  const entries = await kysely
    .selectFrom('outbox')
    .select(['sequence', 'kind', 'category', 'item_id'])
    .where('tenant_id', '=', tenantId)
    .orderBy('sequence')
    .execute();
  const told = new Set<string>();
  for (const [index, { sequence, kind, category, item_id: itemId }] of entries.entries()) {
    deepStrictEqual(sequence, index + 1, 'the feed has a gap');
    const name = `${category} ${itemId}`;
    if (kind === 'upserted') {
      told.add(name);
    } else if (kind === 'removed') {
      told.delete(name);
    } else if (kind === 'erased') {
      [...told].filter((each) => each.startsWith(`${category} `)).forEach((each) => told.delete(each));
    }
  }
  const rows = await kysely.selectFrom('items').select(['category', 'item_id']).execute();
  deepStrictEqual(
    [...told].toSorted(),
    rows.map(({ category, item_id: itemId }) => `${category} ${itemId}`).toSorted(),
  );
}

/** Ids are never used again, so whatever is still there was never away, and no one may have been told that it was. */
export async function expectNoMoveToldAsRemoval({ kysely }: Database, mailbox: Mailbox): Promise<void> {
  const removed = await kysely
    .selectFrom('outbox')
    .select(['category', 'item_id'])
    .where('kind', '=', 'removed')
    .where('category', '<>', 'calendar')
    .execute();
  const stillThere = removed.filter(
    ({ item_id: id }) => id !== null && (mailbox.message(id) !== null || mailbox.holderOf(id) !== null),
  );
  deepStrictEqual(stillThere, [], 'the feed was told of a removal that was none');
}
