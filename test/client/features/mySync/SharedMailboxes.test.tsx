import { describe, expect, test } from '@jest/globals';
import { render, screen, waitFor } from '@testing-library/react';
import { SharedMailboxes } from '../../../../src/client/features/mySync/SharedMailboxes.tsx';
import type { SharedMailboxDocument, Sync } from '../../../../src/contract/api/sync.ts';
import type { Category } from '../../../../src/domain/categories/categories.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { aSync } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { isEnabled, press, textsOf, write } from '../../../support/onScreen.ts';

const FIELD = 'Address of a shared mailbox';
const CAREERS: SharedMailboxDocument = {
  id: 'm1',
  address: 'careers@harborreed.example',
  stage: 'current',
  nextAttemptAt: null,
  error: null,
};

function reading(category: Category, shared = true): Partial<Sync> {
  const effective = { sync: 'full', act: 'none', shared } as const;
  return {
    decisions: { [category]: { effective, control: 'member', reason: 'onByOwnChoice', action: 'turnOff', notes: [] } },
  };
}

function show(sync: Partial<Sync>, more: Readonly<Record<string, Answer>> = {}) {
  const { api, sent } = anApi(more);
  const { container } = render(<SharedMailboxes sync={aSync(sync)} />, { wrapper: inApp(api) });
  return { sent, text: () => container.textContent };
}

describe('the panel', () => {
  test.each([
    ['mail without what is shared', reading('mail', false)],
    // Shared calendars stand in one's own list: no one names them.
    ['shared calendars', reading('calendar')],
  ])('is not there for %s', (_what, sync) => {
    expect(show(sync).text()).toBe('');
  });

  test.each(['mail', 'contacts'] as const)('offers to name a mailbox for %s', (category) => {
    show(reading(category));

    expect(screen.getByLabelText(FIELD)).toBeTruthy();
  });

  test('says of mailboxes that are not read why none can be added, and lets them be taken off', () => {
    const { text } = show({ mailboxes: [{ ...CAREERS, stage: 'failing', error: 'forbidden' }] });

    expect(text()).toBe(
      'Shared mailboxesNot read at the moment: mail and contacts above say why.careers@harborreed.example',
    );
    expect(screen.queryByLabelText(FIELD)).toBeNull();
    expect(isEnabled('button', 'Take careers@harborreed.example off the list')).toBe(true);
  });

  test.each([
    [{ stage: 'waiting' }, 'Starting…'],
    [{ stage: 'first' }, 'First sync'],
    [{ stage: 'current' }, 'Up to date'],
    [{ stage: 'failing', error: 'forbidden' }, 'Microsoft refused access. Next attempt never.'],
    [{ stage: 'failing', error: null }, 'Microsoft gave an unexpected answer. Next attempt never.'],
  ] as const)('says of a mailbox that is %j: %s', (more, state) => {
    show({ ...reading('mail'), mailboxes: [{ ...CAREERS, ...more }] });

    expect(textsOf('listitem')).toEqual([`careers@harborreed.example${state}`]);
  });
});

describe('naming a mailbox', () => {
  test('sends its address and empties the field', async () => {
    const { sent } = show(reading('mail'), { 'PUT /api/me/mailboxes': aSync() });
    write(FIELD, ' Careers@harborreed.example');
    await press('Add');
    await waitFor(() => {
      expect(screen.getByLabelText<HTMLInputElement>(FIELD).value).toBe('');
    });

    expect(sent()).toEqual([
      { method: 'PUT', path: '/api/me/mailboxes', body: { address: 'careers@harborreed.example' } },
    ]);
  });

  test('that is refused is said, and the address stays to be corrected', async () => {
    show(reading('mail'), {
      'PUT /api/me/mailboxes': aProblem('not_found', 'Microsoft knows no such mailbox.', 'Check the address.'),
    });
    write(FIELD, 'carers@harborreed.example');
    await press('Add');

    expect(await screen.findByText('Microsoft knows no such mailbox. Check the address.')).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>(FIELD).value).toBe('carers@harborreed.example');
  });

  test.each([
    ['', false],
    ['harborreed.example', true],
    ['careers@', true],
  ])('%j cannot be sent; that it is no address is said: %j', (typed, isSaid) => {
    show(reading('mail'));
    write(FIELD, typed);

    expect(isEnabled('button', 'Add')).toBe(false);
    expect(screen.queryByText('An address like careers@example.com.') !== null).toBe(isSaid);
  });
});

test('taking one off the list sends its id, and the field has the focus that its button had', async () => {
  const { sent } = show({ ...reading('mail'), mailboxes: [CAREERS] }, { 'DELETE /api/me/mailboxes': aSync() });
  await press('Take careers@harborreed.example off the list');
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByLabelText(FIELD));
  });

  expect(sent()).toEqual([{ method: 'DELETE', path: '/api/me/mailboxes', body: { id: 'm1' } }]);
});
