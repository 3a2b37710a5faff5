/** How a connection ends, what is kept and erased of it, and erasing what was kept at any time. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { changeRules } from '../../src/consent/changeRules.ts';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import { eraseKept } from '../../src/consent/eraseKept.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories/categories.ts';
import { OFF } from '../../src/domain/levels.ts';
import { refuse } from '../../src/domain/problems.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const A_RECEIPT = expect.stringMatching(/^[0-9a-f-]{36}$/);

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA);
  await story.turnsOn(MARA, MAIL_AND_CALENDAR);
  await story.history();
});

const disconnect = (data: 'keep' | 'erase', by = MARA) => disconnectMember(story.ports, story.as(by), data);
const erase = (...categories: readonly Category[]) => eraseKept(story.ports, story.as(MARA), categories);
const connection = () => story.ports.store.connection(story.tenantId, MARA);

/** As if sync had stored something. */
async function store(category: Category): Promise<void> {
  const connectionId = (await connection())?.connectionId ?? '';
  await sql`
    insert into items (tenant_id, member_id, category, item_id, connection_id, item_at, folder_id, level, generation,
      elsewhere, size, participant_hashes, sealed, stored_at)
    values (${story.tenantId}, ${MARA}, ${category}, ${`an item of ${category}`}, ${connectionId}, now(), 'a folder',
      'full', 1, '{}', 1, '{}', '\\x00', now())
  `.execute(story.database.kysely);
}

async function erasing(): Promise<readonly Category[]> {
  const rows = await story.database.kysely
    .selectFrom('erasures')
    .select('category')
    .where('tenant_id', '=', story.tenantId)
    .where('state', '=', 'erasing')
    .execute();
  return rows.map(({ category }) => category).toSorted();
}

describe('a member who leaves', () => {
  test('and keeps everything: the connection is over, nothing is erased, and the answer says what Microsoft still has', async () => {
    const result = await disconnect('keep');

    expect(result).toEqual({
      kind: 'disconnected',
      receiptIds: [],
      left: expect.arrayContaining(['Mail.Read', 'Calendars.Read']),
    });
    expect(await connection()).toMatchObject({ status: 'removed', hasCredential: false });
    expect(await story.reason(MARA)).toBe('offByOwnChoice');
    expect(await erasing()).toEqual([]);
    expect(await story.history()).toEqual([
      [MARA, 'sync.changed', { mail: OFF, calendar: OFF }],
      [MARA, 'connection.removed', { data: 'keep' }],
    ]);
  });

  test('and has everything erased: every category, under one receipt, and the rules with it', async () => {
    await changeRules(story.ports, story.as(MARA), { kind: 'settings', settings: { retentionDays: 30 } });
    await story.history();
    const result = await disconnect('erase');
    const { rows } = await sql`select rules, retention_days from members where member_id = ${MARA}
      and tenant_id = ${story.tenantId}`.execute(story.database.kysely);

    expect(result).toMatchObject({ kind: 'disconnected', receiptIds: [A_RECEIPT] });
    expect(await erasing()).toEqual([...CATEGORIES].toSorted());
    expect(rows).toEqual([{ rules: null, retention_days: null }]);
    expect((await story.history()).map(([, action]) => action)).toEqual([
      'sync.changed',
      'data.eraseStarted',
      'connection.removed',
    ]);
  });

  test('leaves no copy of the refresh token that could be opened', async () => {
    const before = await story.ports.vault.read(story.tenantId, MARA);
    await disconnect('keep');

    expect(before).not.toBeNull();
    expect(await story.ports.vault.read(story.tenantId, MARA)).toBeNull();
  });

  test('twice changes nothing, and what was kept at first can still be erased', async () => {
    await disconnect('keep');
    await store('mail');
    await story.history();
    const again = await disconnect('keep');
    const erased = await disconnect('erase');

    expect(again).toEqual({ kind: 'disconnected', receiptIds: [], left: [] });
    expect(erased).toEqual({ kind: 'disconnected', receiptIds: [A_RECEIPT], left: [] });
    expect(await erasing()).toEqual(['mail']);
  });

  test('overtakes what they had begun at Microsoft', async () => {
    const begun = await story.changesSync(MARA, { selection: { tasks: { ...OFF, sync: 'full' } } });
    const id = begun.kind === 'consentRequired' ? begun.consent.id : '';
    await disconnect('keep');

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'superseded' });
  });

  test('connects again by turning something on, under another connection', async () => {
    const before = await connection();
    await disconnect('keep');
    const opened = await story.opensThePage(MARA);
    await story.turnsOn(MARA, MAIL);

    expect(opened).toEqual({ kind: 'notConnected' });
    expect(await connection()).toMatchObject({ status: 'live' });
    expect((await connection())?.connectionId).not.toBe(before?.connectionId);
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(await story.reason(MARA, 'calendar')).toBe('offByOwnChoice');
  });

  test('cannot where an administrator decides, nor where nobody is known', async () => {
    await story.decides(MAIL);
    const stranger = newStory();

    expect(await disconnect('keep')).toEqual(refuse('controlled_by_administrator'));
    expect(await disconnectMember(stranger.ports, stranger.as(MARA), 'keep')).toEqual(refuse('tenant_not_onboarded'));
    expect(await connection()).toMatchObject({ status: 'live' });
  });

  test('who was never here has nothing to end', async () => {
    expect(await disconnect('erase', TOM)).toEqual({ kind: 'disconnected', receiptIds: [], left: [] });
  });
});

describe('erasing what was kept', () => {
  test('of what was turned off begins at once, and is in the history', async () => {
    await store('calendar');
    await story.changesSync(MARA, { selection: { calendar: OFF } });
    await story.history();
    const result = await erase('calendar');

    expect(result).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
    expect(await erasing()).toEqual(['calendar']);
    expect(await story.history()).toEqual([[MARA, 'data.eraseStarted', { categories: ['calendar'] }]]);
  });

  test('of what is read, or is on and only waits, is refused', async () => {
    await store('mail');
    const read = await erase('mail');
    await story.changes({ enabled: false });

    expect(read).toEqual(refuse('still_on'));
    expect(await erase('mail')).toEqual(refuse('still_on'));
    expect(await erasing()).toEqual([]);
  });

  test('of nothing stored, or twice, begins nothing', async () => {
    const ofNothing = await erase('tasks');
    await store('calendar');
    await story.changesSync(MARA, { selection: { calendar: OFF } });
    await erase('calendar');
    await story.history();

    expect(ofNothing).toEqual({ kind: 'erasing', receiptId: null });
    expect(await erase('calendar')).toEqual({ kind: 'erasing', receiptId: null });
    expect(await story.history()).toEqual([]);
  });

  test('after leaving needs no connection', async () => {
    await store('mail');
    await disconnect('keep');

    expect(await erase('mail', 'files')).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
    expect(await erasing()).toEqual(['mail']);
  });

  test('where nobody is known is refused', async () => {
    const stranger = newStory();

    expect(await eraseKept(stranger.ports, stranger.as(OWEN), ['mail'])).toEqual(refuse('tenant_not_onboarded'));
  });
});
