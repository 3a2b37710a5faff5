/** Every click holds at once: what is sent, what is said of what fails, and what cannot be left out. */
import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { ExclusionsPanel } from '../../../../src/client/features/mySync/ExclusionsPanel.tsx';
import { ExclusionsDialog } from '../../../../src/client/features/mySync/ExclusionsDialog.tsx';
import type { Exclusions } from '../../../../src/contract/api/relevance.ts';
import { NO_SETTINGS } from '../../../../src/domain/ruleSettings.ts';
import { anApi, aProblem } from '../../../support/anApi.ts';
import { NO_RULES, someExclusions } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { isEnabled, optionsOf, press, textsOf, write } from '../../../support/onScreen.ts';

const PATH = '/api/me/exclusions';
const PERSON = 'Leave out an address or a domain';
const FOLDER = 'Leave out a folder, a calendar or a list';
const FULL = someExclusions({
  own: {
    addresses: ['nora@quillworks.example'],
    domains: ['fernhill.example'],
    folders: [
      { id: 'f1', name: 'Private' },
      { id: 'f2', name: null },
    ],
    conversations: [{ id: 'c1', subject: 'Quarter' }],
    ...NO_SETTINGS,
  },
  folders: [
    { id: 'f3', name: 'Archive', category: 'mail' },
    { id: 'f4', name: 'Holidays', category: 'calendar' },
  ],
});

function open(exclusions: Exclusions = someExclusions()) {
  const failure = aProblem('too_many', 'You leave out too much.', 'Let something in first.');
  const { api, sent } = anApi({
    [`PUT ${PATH}`]: exclusions,
    [`DELETE ${PATH}`]: exclusions,
    [`PATCH ${PATH}`]: failure,
  });
  render(<ExclusionsDialog isOpen exclusions={exclusions} onClose={() => undefined} />, { wrapper: inApp(api) });
  return { sent };
}

describe('leaving out a person or a domain', () => {
  test.each([
    ['Nora@Quillworks.example ', { kind: 'address', value: 'nora@quillworks.example' }],
    ['@Quillworks.example', { kind: 'domain', value: 'quillworks.example' }],
  ])('of “%s” sends %j and empties the field', async (typed, body) => {
    const { sent } = open();
    write(PERSON, typed);
    await press('Leave out');
    await waitFor(() => {
      expect(sent()).toEqual([{ method: 'PUT', path: PATH, body }]);
    });

    await waitFor(() => {
      expect(screen.getByLabelText<HTMLInputElement>(PERSON).value).toBe('');
    });
    expect(isEnabled('button', 'Leave out')).toBe(false);
  });

  test('by the return key, and the keyboard stays in the field', async () => {
    const { sent } = open();
    write(PERSON, 'nora@quillworks.example');
    const field = screen.getByLabelText<HTMLInputElement>(PERSON);
    fireEvent.submit(field);
    await waitFor(() => {
      expect(field.value).toBe('');
    });

    expect(sent()).toEqual([
      { method: 'PUT', path: PATH, body: { kind: 'address', value: 'nora@quillworks.example' } },
    ]);
    expect(document.activeElement).toBe(field);
  });

  test('by the return key is nothing where it is neither', () => {
    const { sent } = open();
    write(PERSON, 'nora@@quillworks.example');
    fireEvent.submit(screen.getByLabelText(PERSON));

    expect(sent()).toEqual([]);
  });

  test('that the server refuses keeps what was typed', async () => {
    const { api } = anApi({ [`PUT ${PATH}`]: aProblem('own_address', 'This is your own address.', 'Choose another.') });
    render(<ExclusionsDialog isOpen exclusions={someExclusions()} onClose={() => undefined} />, {
      wrapper: inApp(api),
    });
    write(PERSON, 'mara.ellis@harborreed.example');
    await press('Leave out');

    expect(await screen.findByText('This is your own address. Choose another.', { exact: false })).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>(PERSON).value).toBe('mara.ellis@harborreed.example');
  });

  test.each(['quillworks', 'nora@', 'nora @quillworks.example'])(
    '“%s” is neither: it is said and cannot be sent',
    (typed) => {
      open();
      write(PERSON, typed);

      expect(screen.getByText('An address like name@example.com, or a domain like example.com.')).toBeTruthy();
      expect(isEnabled('button', 'Leave out')).toBe(false);
    },
  );

  test.each(['', '  '])('%j is no mistake yet, and cannot be sent', (typed) => {
    open();
    write(PERSON, typed);

    expect(screen.queryByText(/An address like/)).toBeNull();
    expect(isEnabled('button', 'Leave out')).toBe(false);
  });
});

describe('leaving out a folder', () => {
  test('is not offered where there is none', () => {
    open();

    expect(screen.queryByRole('combobox', { name: FOLDER })).toBeNull();
  });

  test('sends the one that was chosen, named with what it holds', async () => {
    const { sent } = open(FULL);
    const [, button] = screen.getAllByRole<HTMLButtonElement>('button', { name: 'Leave out' });
    const before = button?.disabled;
    write(FOLDER, 'f4');
    const chosen = optionsOf(FOLDER);
    fireEvent.click(screen.getAllByRole('button', { name: 'Leave out' })[1] ?? document.body);
    await waitFor(() => {
      expect(sent()).toEqual([{ method: 'PUT', path: PATH, body: { kind: 'folder', value: 'f4' } }]);
    });

    expect(before).toBe(true);
    expect(chosen).toEqual({
      offered: [': Choose one', 'f3: Mail: Archive', 'f4: Calendar: Holidays'],
      chosen: 'f4',
    });
  });
});

describe('letting in again', () => {
  test('names each thing, one that is gone and one of each kind', () => {
    open(FULL);

    expect(textsOf('listitem')).toEqual([
      'fernhill.example',
      'nora@quillworks.example',
      'Folder: Private',
      'Folder: not there any more',
      'Conversation: Quarter',
    ]);
  });

  test.each([
    ['fernhill.example', { kind: 'domain', value: 'fernhill.example' }],
    ['nora@quillworks.example', { kind: 'address', value: 'nora@quillworks.example' }],
    ['Folder: not there any more', { kind: 'folder', value: 'f2' }],
    ['Conversation: Quarter', { kind: 'conversation', value: 'c1' }],
  ])('“%s” sends %j', async (what, body) => {
    const { sent } = open(FULL);
    await press(`Let in again: ${what}`);
    await waitFor(() => {
      expect(sent()).toEqual([{ method: 'DELETE', path: PATH, body }]);
    });
  });
});

test('a setting is sent alone, and a refusal of it is said and not shown as if it held', async () => {
  const { sent } = open();
  fireEvent.click(screen.getByRole('checkbox', { name: 'Leave out drafts until they are sent' }));

  expect(await screen.findByText('You leave out too much. Let something in first.')).toBeTruthy();
  expect(sent()).toEqual([{ method: 'PATCH', path: PATH, body: { leavesOutDrafts: true } }]);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Leave out drafts until they are sent' }).checked).toBe(
    false,
  );
});

describe('the panel', () => {
  test("says the organization's rules apart from the person's own", async () => {
    const { api } = anApi({
      [`GET ${PATH}`]: {
        ...FULL,
        organization: { ...NO_RULES, ignoredDomains: ['harborreed.example'] },
        own: { ...FULL.own, lookBackDays: 30 },
      },
    });
    const { container } = render(<ExclusionsPanel />, { wrapper: inApp(api) });
    await screen.findByText('By your organization');

    expect(container.textContent).toBe(
      'What is left outChangeBy your organizationEveryone is inside:harborreed.exampleBy youfernhill.examplenora@quillworks.exampleFolder: PrivateFolder: not there any moreConversation: QuarterOlder than 30 days at connecting',
    );
  });

  test('says that nothing is left out, and shows at once what was changed in its dialog', async () => {
    const { api } = anApi({ [`GET ${PATH}`]: someExclusions(), [`PUT ${PATH}`]: FULL });
    render(<ExclusionsPanel />, { wrapper: inApp(api) });
    await screen.findByText('By you');
    const before = screen.getAllByText('Nothing.').length;
    await press('Change');
    write(PERSON, 'fernhill.example');
    await press('Leave out');

    expect(before).toBe(2);
    expect(await screen.findByRole('button', { name: 'Let in again: fernhill.example' })).toBeTruthy();
  });

  test('says what could not be loaded', async () => {
    const { api } = anApi({ [`GET ${PATH}`]: aProblem('unavailable', 'The database does not answer.', 'Wait.') });
    render(<ExclusionsPanel />, { wrapper: inApp(api) });

    expect(await screen.findByText('The database does not answer. Wait.', { exact: false })).toBeTruthy();
    expect(screen.queryByText('Nothing.')).toBeNull();
  });
});
