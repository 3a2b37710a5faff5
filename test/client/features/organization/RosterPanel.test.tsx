/** The table of people: its filters and search, what is left out of a long list, and who may appoint. */
import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { RosterPanel } from '../../../../src/client/features/organization/RosterPanel.tsx';
import type { Roster, RosterEntry } from '../../../../src/contract/api/people.ts';
import { OFF } from '../../../../src/domain/levels.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { anOrganization } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf, write } from '../../../support/onScreen.ts';

const OPENED = '2026-11-20T10:00:00.000Z';
const OPENED_ON = new Date(OPENED).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });

function person(name: string | null, more: Partial<RosterEntry> = {}): RosterEntry {
  return {
    id: `id of ${name ?? 'someone'}`,
    name,
    productRole: null,
    openedAt: OPENED,
    state: 'connected',
    mailbox: 'cloud',
    isGuest: false,
    isAllowed: true,
    isCovered: false,
    categories: {},
    ...more,
  };
}

const MARA = person('Mara Ellis', {
  categories: {
    mail: { effective: { sync: 'full', act: 'none', shared: false }, reason: 'onByOwnChoice' },
    files: { effective: { sync: 'full', act: 'none', shared: false }, reason: 'onByOwnChoice' },
    tasks: { effective: OFF, reason: 'offByOwnChoice' },
  },
});
const OWEN = person('Owen Park', { productRole: 'owner', state: 'signIn' });
const JONAS = person('Jonas Keller', { state: 'notConnected', isGuest: true, isAllowed: false });
const PRIYA = person('Priya Nair', { state: 'notOpened', openedAt: null });

async function show(
  members: readonly RosterEntry[],
  more: Readonly<Record<string, Answer>> = {},
  canAssignRoles = false,
) {
  const roster: Roster = { members: [...members], includesEverybody: false };
  const { api, sent } = anApi({ 'GET /api/organization/members': roster, ...more });
  const { rights } = anOrganization();
  const { container } = render(
    <RosterPanel organization={anOrganization({ rights: { ...rights, canAssignRoles } })} />,
    { wrapper: inApp(api) },
  );
  await waitFor(() => {
    expect(container.querySelector('ul')?.getAttribute('aria-busy')).toBe('false');
  });
  return { sent, text: () => container.textContent };
}

/** The filters with their counts, the pressed one in brackets. */
function filters(): readonly string[] {
  return [...document.querySelectorAll('[aria-pressed]')].map((button) =>
    button.getAttribute('aria-pressed') === 'true' ? `[${button.textContent}]` : button.textContent,
  );
}

describe('a line', () => {
  test('says what holds for each person', async () => {
    await show([MARA, OWEN, JONAS, PRIYA, person(null)]);

    expect(textsOf('listitem')).toEqual([
      `Mara Ellisopened ${OPENED_ON} · Mail, FilesConnected`,
      `Owen Parkopened ${OPENED_ON}Must sign inOwner`,
      `Jonas Kelleropened ${OPENED_ON} · guest · not included in who may connectNot connected`,
      'Priya Nairhas not opened AssentNever opened',
      `someoneopened ${OPENED_ON}Connected`,
    ]);
  });

  test.each([
    [true, 'Everybody in the directory, whether or not they have opened Assent.'],
    [
      false,
      'People who have opened Assent. The others are not visible, because Microsoft has not granted the list of all people.',
    ],
  ])('says whether it lists everyone: %j', async (includesEverybody, sentence) => {
    const { text } = await show([], { 'GET /api/organization/members': { members: [MARA], includesEverybody } });

    expect(text()).toContain(sentence);
  });
});

describe('filters', () => {
  test('count everyone, and show those of one state', async () => {
    await show([MARA, OWEN, JONAS, PRIYA]);
    const before = filters();
    fireEvent.click(screen.getByRole('button', { name: 'Must sign in 1' }));

    expect(before).toEqual(['[All 4]', 'Connected 1', 'Must sign in 1', 'Not connected 1', 'Never opened 1']);
    expect(filters()).toEqual(['All 4', 'Connected 1', '[Must sign in 1]', 'Not connected 1', 'Never opened 1']);
    expect(textsOf('listitem')).toEqual([expect.stringContaining('Owen Park')]);
  });

  test('show how many people match the search, and say so when no one does', async () => {
    const { text } = await show([MARA, OWEN, JONAS, person(null)]);
    write('Search for people', ' OWEN ');
    const found = [filters(), textsOf('listitem').length, screen.queryByText('Nobody.')];
    fireEvent.click(screen.getByRole('button', { name: 'Connected 0' }));

    expect(found).toEqual([['[All 1]', 'Connected 0', 'Must sign in 1', 'Not connected 0', 'Never opened 0'], 1, null]);
    expect(textsOf('listitem')).toEqual([]);
    expect(text()).toContain('Nobody.');
  });
});

describe('a long list', () => {
  const crowd = (count: number) => Array.from({ length: count }, (_none, index) => person(`Person ${index}`));

  test.each([
    [100, 100, null],
    [101, 100, 'and 1 more: search to find them'],
    [250, 100, 'and 150 more: search to find them'],
  ])('of %d people shows %d, and says of the others: %j', async (count, shown, more) => {
    await show(crowd(count));

    expect(textsOf('listitem')).toHaveLength(shown);
    expect(screen.queryByText(/more: search to find them/)?.textContent ?? null).toBe(more);
    expect(filters()[0]).toBe(`[All ${count}]`);
  });

  test('is searched beyond what is shown', async () => {
    await show([...crowd(150), MARA]);
    write('Search for people', 'mara');

    expect(textsOf('listitem')).toEqual([expect.stringContaining('Mara Ellis')]);
  });
});

describe('roles', () => {
  test('are changed by those who may appoint, and of those who have opened Assent', async () => {
    await show([MARA, OWEN, PRIYA], {}, true);

    expect(
      screen.getAllByRole('button', { name: /^Role of/ }).map((button) => button.getAttribute('aria-label')),
    ).toEqual(['Role of Mara Ellis: No role', 'Role of Owen Park: Owner']);
  });

  test('are read only for everyone else', async () => {
    await show([MARA, OWEN]);

    expect(screen.queryByRole('button', { name: /^Role of/ })).toBeNull();
    expect(screen.getByText('Owner')).toBeTruthy();
  });

  test.each([
    ['Mara Ellis: No role', 'Manager', 'id of Mara Ellis', 'manager'],
    ['Owen Park: Owner', 'No role', 'id of Owen Park', null],
  ] as const)('of %s to %s sends what was chosen', async (button, role, id, productRole) => {
    const path = `/api/organization/members/${id}`;
    const { sent } = await show([MARA, OWEN], { [`PATCH ${path}`]: { members: [], includesEverybody: false } }, true);
    await press(`Role of ${button}`);
    const offered = textsOf('menuitemradio');
    fireEvent.click(screen.getByRole('menuitemradio', { name: role }));
    await waitFor(() => {
      expect(sent()).toEqual([{ method: 'PATCH', path, body: { productRole } }]);
    });

    expect(offered).toEqual(['Owner', 'Manager', 'No role']);
  });

  test('that cannot be changed are said at the person, whose role stays', async () => {
    const last = aProblem('last_owner', 'Nobody else owns this.', 'Appoint somebody first.');
    await show([OWEN], { 'PATCH /api/organization/members/id of Owen Park': last }, true);
    await press('Role of Owen Park: Owner');
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'No role' }));

    expect(await screen.findByText('Nobody else owns this. Appoint somebody first.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Role of Owen Park: Owner', hidden: true })).toBeTruthy();
  });
});

test('a list that cannot be had is not said to be empty', async () => {
  const { api } = anApi({
    'GET /api/organization/members': aProblem('forbidden', 'You may not see this.', 'Ask them.'),
  });
  render(<RosterPanel organization={anOrganization()} />, { wrapper: inApp(api) });

  expect(await screen.findByText('You may not see this. Ask them.', { exact: false })).toBeTruthy();
  expect(screen.queryByText('Nobody.')).toBeNull();
});
