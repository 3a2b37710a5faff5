/** The organization's rules: read by everyone, changed by some, previewed before they are saved. */
import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { RulesPanel } from '../../../../src/client/features/organization/RulesPanel.tsx';
import type { OrganizationDocument } from '../../../../src/contract/api/organization.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { anOrganization, NO_RULES } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { isEnabled, press, textsOf, write } from '../../../support/onScreen.ts';

const PREVIEW = '/api/organization/relevance/preview';
const IGNORED = 'Ignored domains';
const EXCLUDED = 'People and domains to leave out';

function show(more: Partial<OrganizationDocument> = {}, answers: Readonly<Record<string, Answer>> = {}) {
  const { api, calls } = anApi({ [`POST ${PREVIEW}`]: { looked: 1_200, excluded: 7, isComplete: true }, ...answers });
  const organization = anOrganization(more);
  const { container, rerender } = render(<RulesPanel organization={organization} />, { wrapper: inApp(api) });
  return {
    text: () => container.textContent,
    changes: () => calls.filter(({ path }) => path === '/api/organization'),
    previews: () => calls.filter(({ path }) => path === PREVIEW).map(({ body }) => body),
    update: (change: Partial<OrganizationDocument>) =>
      rerender(<RulesPanel organization={{ ...organization, ...change }} />),
  };
}

describe('the panel', () => {
  test('says that nothing is left out', () => {
    expect(show().text()).toContain('None: everything is synchronized.');
  });

  test('offers no change to those who may not make one', () => {
    const { rights } = anOrganization();
    show({ rights: { ...rights, canChange: false } });

    expect(textsOf('button')).toEqual([]);
  });

  test.each([
    [null, 'Looking through what is stored: 1,200 looked at, 7 removed so far.'],
    ['2026-11-20T10:00:00.000Z', 'After the last change 1,200 stored items were looked at and 7 removed, '],
  ])('says how far a change has come, ended %j', (endedAt, sentence) => {
    const { text } = show({ review: { startedAt: '2026-11-20T09:00:00.000Z', endedAt, looked: 1_200, removed: 7 } });

    expect(text()).toContain(sentence);
  });
});

describe('changing', () => {
  test('saves what was typed on the version that was looked at, and closes', async () => {
    const { changes, update } = show(
      { relevance: { ...NO_RULES, ignoredDomains: ['harborreed.example'] } },
      {
        'PATCH /api/organization': anOrganization({ version: 9 }),
      },
    );
    await press('Change');
    write(EXCLUDED, 'Nora@Quillworks.example fernhill.example');
    // Someone else changes it while this person types.
    update({ version: 8, relevance: NO_RULES });
    await press('Save');
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });

    expect(changes()).toEqual([
      {
        method: 'PATCH',
        path: '/api/organization',
        body: {
          relevance: {
            ...NO_RULES,
            ignoredDomains: ['harborreed.example'],
            excludedDomains: ['fernhill.example'],
            excludedAddresses: ['nora@quillworks.example'],
          },
        },
        headers: { 'if-match': '"7"' },
      },
    ]);
  });

  test.each([
    [IGNORED, 'nora@quillworks.example fernhill', 'This is no domain: nora@quillworks.example, fernhill'],
    [EXCLUDED, 'fernhill nora@quillworks.example', 'This is neither an address nor a domain: fernhill'],
  ])('names in “%s” what of “%s” is not understood, and cannot be saved', async (field, typed, sentence) => {
    const { changes } = show();
    await press('Change');
    write(field, typed);

    expect(screen.getByText(sentence)).toBeTruthy();
    expect(isEnabled('button', 'Save')).toBe(false);
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(changes()).toEqual([]);
  });

  test('that is refused is said, and what was typed stays', async () => {
    show({}, { 'PATCH /api/organization': aProblem('version_mismatch', 'Somebody changed this.', 'Look again.') });
    await press('Change');
    write(IGNORED, 'harborreed.example');
    await press('Save');

    expect(await screen.findByText('Somebody changed this. Look again.')).toBeTruthy();
    expect(screen.getByLabelText<HTMLTextAreaElement>(IGNORED).value).toBe('harborreed.example');
  });
});

describe('what the rules would leave out', () => {
  test.each([
    [true, 'Of 1,200 stored items, this would have left out 7.'],
    [false, 'Of 1,200 stored items that were looked at, this would have left out 7.'],
  ])('is counted before they are saved; of everything: %j', async (isComplete, sentence) => {
    const { previews, changes } = show({}, { [`POST ${PREVIEW}`]: { looked: 1_200, excluded: 7, isComplete } });
    await press('Change');
    write(IGNORED, 'harborreed.example');

    expect(await screen.findByText(sentence)).toBeTruthy();
    expect(previews()).toEqual([{ ...NO_RULES, ignoredDomains: ['harborreed.example'] }]);
    expect(changes()).toEqual([]);
  });

  test.each(['', 'harborreed'])('is not asked for a draft that is no rule yet: %j', async (typed) => {
    const { previews } = show();
    await press('Change');
    write(IGNORED, typed);

    expect(previews()).toEqual([]);
    expect(screen.queryByText(/would have left out/)).toBeNull();
  });
});
