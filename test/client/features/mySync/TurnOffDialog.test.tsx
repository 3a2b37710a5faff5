/** Turning off keeps what is stored unless the person says otherwise, and the button says which of the two it does. */
import { expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { TurnOffDialog } from '../../../../src/client/features/mySync/TurnOffDialog.tsx';
import { OFF } from '../../../../src/domain/levels.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { aReceipt, aSync } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

function open(answer: Answer) {
  const { api, sent } = anApi({ 'PATCH /api/me/sync': answer });
  const ends: unknown[] = [];
  render(
    <TurnOffDialog isOpen category="calendar" onClose={() => ends.push('closed')} onErased={(ids) => ends.push(ids)} />,
    { wrapper: inApp(api) },
  );
  return { sent, ends };
}

const chosen = () =>
  screen.getAllByRole<HTMLInputElement>('radio').map(({ value, checked }) => `${value}: ${String(checked)}`);

test('keeping is what is chosen at first, and nothing is sent before the click', async () => {
  const { sent, ends } = open(aSync());

  expect(screen.getByRole('heading').textContent).toBe('Turn off calendar?');
  expect(chosen()).toEqual(['keep: true', 'erase: false']);
  expect(textsOf('button')).toEqual(['Turn off', 'Cancel']);
  expect(sent()).toEqual([]);
  await press('Turn off');
  await waitFor(() => {
    expect(ends).toEqual([[], 'closed']);
  });
  expect(sent()).toEqual([
    { method: 'PATCH', path: '/api/me/sync', body: { selection: { calendar: OFF }, data: { calendar: 'keep' } } },
  ]);
});

test('erasing is said on the button, and hands on its receipts', async () => {
  const { sent, ends } = open(aSync({ receipts: [aReceipt({ id: 'r1' }), aReceipt({ id: 'r2' })] }));
  fireEvent.click(screen.getByRole('radio', { name: /^Erase it/ }));
  expect(textsOf('button')).toEqual(['Turn off and erase', 'Cancel']);
  await press('Turn off and erase');
  await waitFor(() => {
    expect(ends).toEqual([['r1', 'r2'], 'closed']);
  });

  expect(sent()).toEqual([
    { method: 'PATCH', path: '/api/me/sync', body: { selection: { calendar: OFF }, data: { calendar: 'erase' } } },
  ]);
});

test('what fails is said, keeps the choice, and can be tried again', async () => {
  const { sent, ends } = open(aProblem('busy', 'It is being changed.', 'Try again in a moment.'));
  fireEvent.click(screen.getByRole('radio', { name: /^Erase it/ }));
  await press('Turn off and erase');

  expect(await screen.findByText('It is being changed. Try again in a moment.')).toBeTruthy();
  expect(chosen()).toEqual(['keep: false', 'erase: true']);
  expect(ends).toEqual([]);
  await press('Turn off and erase');
  await waitFor(() => {
    expect(sent()).toHaveLength(2);
  });
});

test('a second click while the first is under way sends nothing', async () => {
  const { sent } = open(() => new Promise(() => undefined));
  await press('Turn off');
  await waitFor(() => {
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Turn off' }).disabled).toBe(true);
  });
  fireEvent.click(screen.getByRole('button', { name: 'Turn off' }));

  expect(sent()).toHaveLength(1);
});

test('canceling sends nothing', async () => {
  const { sent, ends } = open(aSync());
  await press('Cancel');

  expect([sent(), ends]).toEqual([[], ['closed']]);
});
