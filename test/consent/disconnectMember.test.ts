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

  test('leaves no copy of the refresh token that could be opened, not even from a backup', async () => {
    const sealed = await story.sealedCredential(MARA);
    const opens = await story.restoresCredential(MARA, sealed);
    await disconnect('keep');

    expect(opens).toBe(`${MARA}/1`);
    expect(await story.sealedCredential(MARA)).toBeNull();
    expect(await story.restoresCredential(MARA, sealed)).toBeNull();
  });

  test.each([
    ['keep', true],
    ['erase', false],
  ] as const)('with %s leaves rules that open: %j', async (data, opens) => {
    await changeRules(story.ports, story.as(MARA), { kind: 'settings', settings: { retentionDays: 30 } });
    const sealed = await story.ports.store.transact((writer) => writer.sealedRules(story.tenantId, MARA));
    await disconnect(data);
    const vault = await story.ports.rules.open(story.tenantId, MARA);

    expect(vault.opens(sealed)).toBe(opens);
  });

  test('is told once to their own screens, and stops late writers', async () => {
    const before = await story.epochs();
    story.recorded();
    await disconnect('erase');

    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'sync.changed', MARA, { mail: OFF, calendar: OFF }]], tell: [MARA], wake: [MARA] },
      { acts: [[MARA, 'data.eraseStarted', A_RECEIPT, { categories: CATEGORIES }]], tell: [], wake: [] },
      { acts: [[MARA, 'connection.removed', MARA, { data: 'erase' }]], tell: [MARA], wake: [] },
    ]);
    expect(await story.epochs()).not.toEqual(before);
  });

  test('twice at once ends once', async () => {
    story.recorded();
    const left = expect.arrayContaining(['Mail.Read']);
    const results = await Promise.all([disconnect('keep'), disconnect('keep')]);

    // Whichever comes first.
    expect(results).toHaveLength(2);
    expect(results).toContainEqual({ kind: 'disconnected', receiptIds: [], left });
    expect(results).toContainEqual({ kind: 'disconnected', receiptIds: [], left: [] });
    expect(story.recorded()).toHaveLength(2);
  });

  test('does not touch the connection of a colleague', async () => {
    await story.opensThePage(TOM);
    const before = await story.ports.store.connection(story.tenantId, TOM);
    await disconnect('erase');

    expect(await story.ports.store.connection(story.tenantId, TOM)).toEqual(before);
    expect(await story.ports.vault.read(story.tenantId, TOM)).toBe(`${TOM}/1`);
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

    story.recorded();
    expect(await disconnect('erase')).toEqual(refuse('controlled_by_administrator'));
    expect(await story.ports.vault.read(story.tenantId, MARA)).toBe(`${MARA}/1`);
    expect([await story.erasing(), story.recorded()]).toEqual([[], []]);
    expect(await disconnectMember(stranger.ports, stranger.as(MARA), 'keep')).toEqual(refuse('tenant_not_onboarded'));
    expect(await connection()).toMatchObject({ status: 'live' });
  });

  test('who was never here has nothing to end', async () => {
    expect(await disconnect('erase', TOM)).toEqual({ kind: 'disconnected', receiptIds: [], left: [] });
  });
});
