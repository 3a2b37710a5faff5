import { describe, expect, test } from '@jest/globals';
import { render, screen, waitFor } from '@testing-library/react';
import { Kept } from '../../../../src/client/features/mySync/Kept.tsx';
import type { Stored } from '../../../../src/contract/api/stored.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { aReceipt } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

const TWO: Stored = {
  kept: [
    { category: 'mail', items: 1 },
    { category: 'files', items: 12 },
  ],
  receipts: [],
};

function show(stored: Stored, more: Readonly<Record<string, Answer>> = {}) {
  const answers: Record<string, Answer> = { 'GET /api/me/stored': stored, ...more };
  const { api, calls, sent } = anApi(answers);
  const { container } = render(<Kept />, { wrapper: inApp(api) });
  return { answers, calls, sent, text: () => container.textContent };
}

describe('what is kept', () => {
  test('is a line a category, each with a button of its own', async () => {
    show(TWO);
    await screen.findByText('Mail: 1 item');

    expect(textsOf('listitem')).toEqual(['Mail: 1 itemErase…', 'Files: 12 itemsErase…']);
    expect(screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([
      'Erase Mail',
      'Erase Files',
    ]);
  });

  test('is no panel where nothing is', async () => {
    const { calls, text } = show({ kept: [], receipts: [] });
    await waitFor(() => {
      expect(calls).toHaveLength(1);
    });

    expect(text()).toBe('');
  });
});

describe('erasing', () => {
  test('asks first, then sends the one category, and shows what is left', async () => {
    const { answers, sent } = show(TWO, { 'POST /api/me/erasures': { receipt: null } });
    await press('Erase Files');
    const before = {
      title: screen.getByRole('heading', { name: 'Erase Files' }).textContent,
      sent: sent(),
    };
    answers['GET /api/me/stored'] = { ...TWO, kept: [{ category: 'mail', items: 1 }] };
    await press('Erase');
    await waitFor(() => {
      expect(textsOf('listitem')).toEqual(['Mail: 1 itemErase…']);
    });

    expect(before).toEqual({ title: 'Erase Files', sent: [] });
    expect(sent()).toEqual([{ method: 'POST', path: '/api/me/erasures', body: { categories: ['files'] } }]);
  });

  test('that fails is said, and the dialog stays', async () => {
    const { text } = show(TWO, {
      'POST /api/me/erasures': aProblem('busy', 'It is being read.', 'Turn it off first.'),
    });
    await press('Erase Mail');
    await press('Erase');

    expect(await screen.findByText('It is being read. Turn it off first.')).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Erase Mail' })).toBeTruthy();
    expect(text()).toContain('Mail: 1 item');
  });

  test('that is canceled sends nothing', async () => {
    const { sent } = show(TWO);
    await press('Erase Mail');
    await press('Cancel');

    expect(sent()).toEqual([]);
  });
});

describe('receipts', () => {
  test('say what was erased, when, and their number; one that is under way does not claim to be over', async () => {
    const { text } = show({
      kept: [],
      receipts: [
        aReceipt({ id: '12345678-rest', items: { calendar: 0, mail: 3 } }),
        aReceipt({ state: 'erasing', endedAt: null, items: { files: 1 } }),
      ],
    });
    await screen.findByText('2 receipts');
    const when = new Date('2026-11-20T10:01:00.000Z').toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });

    expect([...document.querySelectorAll('details li')].map(({ textContent }) => textContent)).toEqual([
      `Mail: 3 items, Calendar: nothingErased ${when}. Receipt 12345678`,
      'Files: 1 itemErasing…',
    ]);
    expect(text()).not.toContain('These are off.');
  });
});
