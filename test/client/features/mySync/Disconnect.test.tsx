import { expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Disconnect } from '../../../../src/client/features/mySync/Disconnect.tsx';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { aReceipt } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

function show(answer: Answer, isConnected = true) {
  const { api, sent } = anApi({ 'DELETE /api/me/connection': answer });
  const erased: (readonly string[])[] = [];
  render(<Disconnect isConnected={isConnected} onErased={(ids) => erased.push(ids)} />, { wrapper: inApp(api) });
  return { sent, erased };
}

const OPEN = 'Disconnect from Microsoft 365';

test('who is not connected is offered nothing', () => {
  show({}, false);

  expect(textsOf('button')).toEqual([]);
});

test('opening the dialog disconnects nothing, and it says what stays at Microsoft before the click', async () => {
  const { sent } = show({});
  await press(OPEN);

  expect(screen.getByRole('heading').textContent).toBe('Disconnect from Microsoft 365?');
  expect(
    screen.getByText('What you granted at Microsoft stays on record there until you remove it; Assent says where.'),
  ).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Disconnect' })).toBeTruthy();
  await press('Cancel');
  expect(sent()).toEqual([]);
});

test.each([
  ['keeps', null, 'Disconnect', 'keep', []],
  ['erases', 'Erase it', 'Disconnect and erase', 'erase', ['r1']],
] as const)('disconnecting %s what is stored, as chosen', async (_what, choice, button, data, ids) => {
  const { sent, erased } = show({ receipts: ids.map((id) => aReceipt({ id })), left: ['Mail.Read', 'User.Read'] });
  await press(OPEN);
  if (choice !== null) {
    fireEvent.click(screen.getByRole('radio', { name: choice }));
  }
  await press(button);
  // The page behind the dialog is given back a moment after it closes.
  const link = await screen.findByRole('link', { name: 'Open My Apps at Microsoft' });

  expect(screen.getByText('Disconnected')).toBeTruthy();
  expect(sent()).toEqual([{ method: 'DELETE', path: '/api/me/connection', body: { data } }]);
  expect(erased).toEqual([ids]);
  expect(link.getAttribute('href')).toBe('https://myapps.microsoft.com');
  expect(textsOf('listitem')).toEqual([
    expect.stringContaining('“Read your mail”'),
    expect.stringContaining('“Sign you in and read your profile”'),
  ]);
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

test('what fails is said in the dialog, which keeps the choice and does not claim to have disconnected', async () => {
  const { erased } = show(aProblem('unavailable', 'Microsoft does not answer.', 'Try again in a moment.'));
  await press(OPEN);
  fireEvent.click(screen.getByRole('radio', { name: 'Erase it' }));
  await press('Disconnect and erase');

  expect(await screen.findByText('Microsoft does not answer. Try again in a moment.')).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Erase it' }).checked).toBe(true);
  expect(screen.queryByText('Disconnected')).toBeNull();
  expect(erased).toEqual([]);
});

test('a choice that was canceled is not there when the dialog opens again', async () => {
  show({});
  await press(OPEN);
  fireEvent.click(screen.getByRole('radio', { name: 'Erase it' }));
  await press('Cancel');
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });
  await press(OPEN);

  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Keep what was synchronized' }).checked).toBe(true);
  expect(screen.getByRole('button', { name: 'Disconnect' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Disconnect and erase' })).toBeNull();
});
