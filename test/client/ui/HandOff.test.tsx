/** A link for an administrator: made of one request, shown with how long it works, and taken back. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { HandOff } from '../../../src/client/ui/HandOff.tsx';
import { type Answer, anApi, aProblem } from '../../support/anApi.ts';
import { inApp } from '../../support/inApp.tsx';
import { isEnabled, press, textsOf } from '../../support/onScreen.ts';

const PATH = '/api/me/consents/c1/link';
const EXPIRES = '2026-11-28T13:00:00.000Z';
const URL_OF_LINK = 'https://assent.test/link/1';
const MADE = { url: URL_OF_LINK, expiresAt: EXPIRES };
const MAKE = 'Make a link for an administrator';
const TAKE_BACK = 'Take the link back';

afterEach(() => {
  Reflect.deleteProperty(navigator, 'clipboard');
});

function show(answers: Readonly<Record<string, Answer>>, consentId: string | null = 'c1') {
  const { api, calls } = anApi(answers);
  const handOff = (id: string | null) => <HandOff consentType="me" consentId={id} />;
  const { rerender } = render(handOff(consentId), { wrapper: inApp(api) });
  return { calls, change: (id: string | null) => rerender(handOff(id)) };
}

describe('making a link', () => {
  test('is not possible before there is a request', () => {
    const { calls } = show({}, null);

    expect(isEnabled('button', MAKE)).toBe(false);
    expect(calls).toEqual([]);
  });

  test('shows its address and until when it works', async () => {
    const { calls } = show({ [`POST ${PATH}`]: MADE });
    await press(MAKE);
    const field = await screen.findByLabelText<HTMLInputElement>('Link for an administrator');
    const date = new Date(EXPIRES).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });

    expect([field.value, field.readOnly]).toEqual([URL_OF_LINK, true]);
    expect(
      screen.getByText(`Works until ${date}, as often as needed. Nothing happens by opening it.`).textContent,
    ).toBeTruthy();
    expect(textsOf('button')).toEqual(['Copy the link', TAKE_BACK]);
    expect(calls).toEqual([{ method: 'POST', path: PATH }]);
  });

  test('that fails is said, and can be tried again', async () => {
    show({ [`POST ${PATH}`]: aProblem('too_many', 'There are too many links.', 'Take one back.') });
    await press(MAKE);

    expect(await screen.findByText('There are too many links. Take one back.')).toBeTruthy();
    expect(isEnabled('button', MAKE)).toBe(true);
  });
});

describe('taking it back', () => {
  test('is said, and another can be made', async () => {
    const { calls } = show({ [`POST ${PATH}`]: MADE, [`DELETE ${PATH}`]: null });
    await press(MAKE);
    await press(TAKE_BACK);
    await screen.findByText('The link was taken back and does not work any more.');
    const offered = textsOf('button');
    await press(MAKE);
    await screen.findByLabelText('Link for an administrator');

    expect(offered).toEqual([MAKE]);
    expect(screen.queryByText(/does not work any more/)).toBeNull();
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${PATH}`,
      `DELETE ${PATH}`,
      `POST ${PATH}`,
    ]);
  });

  test('takes back the link that is shown, also when the request beside it has changed', async () => {
    const { calls, change } = show({ [`POST ${PATH}`]: MADE, [`DELETE ${PATH}`]: null });
    await press(MAKE);
    await screen.findByLabelText('Link for an administrator');
    change('c2');
    await press(TAKE_BACK);
    await screen.findByText(/does not work any more/);

    expect(calls.at(-1)).toEqual({ method: 'DELETE', path: PATH });
  });

  test('that fails is said, and the link is shown still, since it works', async () => {
    show({ [`POST ${PATH}`]: MADE, [`DELETE ${PATH}`]: aProblem('unavailable', 'Not now.', 'Try again.') });
    await press(MAKE);
    await press(TAKE_BACK);

    expect(await screen.findByText('Not now. Try again.')).toBeTruthy();
    expect(screen.getByDisplayValue(URL_OF_LINK)).toBeTruthy();
    expect(screen.queryByText(/does not work any more/)).toBeNull();
  });
});

test.each([
  ['is said', () => Promise.resolve(), 'Copied'],
  ['is not claimed where the host refuses it', () => Promise.reject(new Error('not allowed')), 'Copy the link'],
])('that it was copied %s', async (_what, answer, name) => {
  const copied: string[] = [];
  const writeText = (text: string) => {
    copied.push(text);
    return answer();
  };
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  show({ [`POST ${PATH}`]: MADE });
  await press(MAKE);
  const button = await screen.findByRole('button', { name: 'Copy the link' });
  await act(() => {
    fireEvent.click(button);
    return Promise.resolve();
  });

  expect(textsOf('button')).toEqual([name, TAKE_BACK]);
  expect(copied).toEqual([URL_OF_LINK]);
});
