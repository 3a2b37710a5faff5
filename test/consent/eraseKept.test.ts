/** A member erases what was kept: when they may, what begins, and what is left alone. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import { eraseKept } from '../../src/consent/eraseKept.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { OFF } from '../../src/domain/levels.ts';
import { refuse } from '../../src/domain/problems.ts';
import { type ConsentStory, MAIL, MAIL_AND_CALENDAR, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const A_RECEIPT = expect.stringMatching(/^[0-9a-f-]{36}$/);
const NOTHING = { kind: 'erasing', receiptId: null };

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  await story.turnsOn(MARA, MAIL_AND_CALENDAR);
  await story.hasStored(MARA, 'mail');
  await story.hasStored(MARA, 'calendar');
  story.recorded();
});

const erase = (...categories: readonly Category[]) => eraseKept(story.ports, story.as(MARA), categories);

async function turnOff(...categories: readonly Category[]): Promise<void> {
  await story.changesSync(MARA, { selection: Object.fromEntries(categories.map((category) => [category, OFF])) });
  story.recorded();
}

describe('what was turned off', () => {
  test('is erased at once: late writers are refused, and screen, history and mailbox of the member hear of it', async () => {
    await turnOff('calendar');
    const before = await story.epochs();
    const result = await erase('calendar');
    const receiptId = result.kind === 'erasing' ? result.receiptId : null;

    expect(result).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
    expect(await story.erasing()).toEqual(['calendar']);
    expect(await story.epochs()).toEqual({ ...before, [MARA]: 4 });
    expect(story.recorded()).toEqual([
      {
        acts: [[MARA, 'data.eraseStarted', receiptId, { categories: ['calendar'] }]],
        tell: [],
        wake: [],
      },
      { acts: [], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('goes together under one receipt, whatever is asked for that is not stored', async () => {
    await turnOff('mail', 'calendar');

    expect(await erase('files', 'calendar', 'mail')).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
    expect(await story.erasing()).toEqual(['calendar', 'mail']);
    expect(story.recorded()).toMatchObject([
      { acts: [[MARA, 'data.eraseStarted', A_RECEIPT, { categories: ['calendar', 'mail'] }]] },
      {},
    ]);
  });

  test('is erased where the administrator turned it off as well', async () => {
    await story.decides(MAIL);
    await story.opensThePage(MARA);

    expect(await story.reason(MARA, 'calendar')).toBe('offByAdministrator');
    expect(await erase('calendar')).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
  });

  test('is erased for who may not connect any more', async () => {
    await story.changes({ access: { kind: 'people', memberIds: [OWEN] } });

    expect(await story.reason(MARA)).toBe('notAllowed');
    expect(await erase('mail')).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
  });
});

describe('what is not erased', () => {
  test.each([
    ['is read', () => Promise.resolve()],
    ['waits for the switch', () => story.changes({ enabled: false })],
    ['is paused by the member', () => story.changesSync(MARA, { pauses: { mail: { until: null } } })],
    ['is paused by an administrator', () => story.changes({ pause: { until: null } })],
  ])('what %s', async (_what, happens) => {
    await happens();
    story.recorded();
    const before = await story.epochs();

    expect(await erase('mail')).toEqual(refuse('still_on'));
    expect(await story.erasing()).toEqual([]);
    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([]);
  });

  test('anything of a request in which one category is still on', async () => {
    await turnOff('calendar');

    expect(await erase('calendar', 'mail')).toEqual(refuse('still_on'));
    expect(await story.erasing()).toEqual([]);
  });

  test.each([
    ['nothing at all', []],
    ['what is not stored', ['tasks', 'files']],
  ] as const)('%s: no epoch is raised and nothing is told', async (_what, categories) => {
    const before = await story.epochs();

    expect(await erase(...categories)).toEqual(NOTHING);
    expect(await story.epochs()).toEqual(before);
    expect(story.recorded()).toEqual([]);
  });

  test('what is being erased already, although it is asked for twice at once', async () => {
    await turnOff('calendar');
    const results = await Promise.all([erase('calendar'), erase('calendar')]);

    expect(results).toHaveLength(2);
    expect(results).toContainEqual({ kind: 'erasing', receiptId: A_RECEIPT });
    expect(results).toContainEqual(NOTHING);
    expect(await story.erasing()).toEqual(['calendar']);
    expect(story.recorded()).toHaveLength(2);
  });

  test("a colleague's", async () => {
    expect(await eraseKept(story.ports, story.as(TOM), ['mail', 'calendar'])).toEqual(NOTHING);
    expect(await story.erasing()).toEqual([]);
  });
});

describe('after leaving', () => {
  test('what was kept is erased without a connection, and in any mode', async () => {
    await disconnectMember(story.ports, story.as(MARA), 'keep');
    await story.decides(MAIL);
    story.recorded();

    expect(await story.ports.store.connection(story.tenantId, MARA)).toMatchObject({ status: 'removed' });
    expect(await erase('mail', 'files')).toEqual({ kind: 'erasing', receiptId: A_RECEIPT });
    expect(await story.erasing()).toEqual(['mail']);
  });

  test('who never had a connection has nothing to erase', async () => {
    await story.database.kysely
      .deleteFrom('connections')
      .where('tenant_id', '=', story.tenantId)
      .where('member_id', '=', TOM)
      .execute();

    expect(await eraseKept(story.ports, story.as(TOM), ['mail'])).toEqual(NOTHING);
  });
});

test('a stranger, and everyone of an organization that is not known, is refused', async () => {
  const stranger = newStory();

  expect(await eraseKept(stranger.ports, stranger.as(OWEN), ['mail'])).toEqual(refuse('tenant_not_onboarded'));
  expect(
    await eraseKept(story.ports, { ...story.as(OWEN), memberId: '7c2a9e10-0001-4c3d-8e5f-100000000009' }, []),
  ).toEqual(refuse('tenant_not_onboarded'));
});
