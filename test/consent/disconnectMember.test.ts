/** How a connection ends, and what is kept and erased of it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { changeRules } from '../../src/consent/changeRules.ts';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import { CATEGORIES } from '../../src/domain/categories/categories.ts';
import { OFF } from '../../src/domain/levels.ts';
import { refuse } from '../../src/domain/problems.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, TOM, openStories } from '../support/consentStory.ts';

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
const connection = () => story.ports.store.connection(story.tenantId, MARA);

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
    expect(await story.erasing()).toEqual([]);
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
    expect(await story.erasing()).toEqual([...CATEGORIES].toSorted());
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
    await story.hasStored(MARA, 'mail');
    await story.history();
    const again = await disconnect('keep');
    const erased = await disconnect('erase');

    expect(again).toEqual({ kind: 'disconnected', receiptIds: [], left: [] });
    expect(erased).toEqual({ kind: 'disconnected', receiptIds: [A_RECEIPT], left: [] });
    expect(await story.erasing()).toEqual(['mail']);
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
