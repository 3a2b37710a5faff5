/** What stands on the page while no one is signed in: why, what can be done, and what a support desk asks for. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import { SignInState, type SignInProgress } from '../../../src/client/app/SignInState.tsx';
import { failureOf, type SignInCause } from '../../../src/client/hosts/signInFailure.ts';
import { TextProvider } from '../../../src/client/text/TextProvider.tsx';
import { press, textsOf } from '../../support/onScreen.ts';

function show(state: SignInProgress) {
  const clicks: string[] = [];
  const { container } = render(
    <SignInState
      state={state}
      host="Outlook"
      onSignIn={() => clicks.push('sign in')}
      onStartOver={() => clicks.push('start over')}
    />,
    { wrapper: TextProvider },
  );
  return { clicks, text: () => container.textContent };
}

afterEach(() => {
  Reflect.deleteProperty(navigator, 'clipboard');
});

function putClipboard(writeText: (text: string) => Promise<void>): void {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
}

describe('on the way', () => {
  test.each(['asking', 'token'] as const)('%s offers nothing to press', (kind) => {
    const { text } = show({ kind });

    expect(text()).toBe('Signing you in…');
    expect(textsOf('button')).toEqual([]);
  });

  test('a window of the host can be given up', async () => {
    const { clicks, text } = show({ kind: 'prompting' });
    await press('Start over');

    expect(text()).toBe('Go on in the window of Outlook…Start over');
    expect(clicks).toEqual(['start over']);
  });

  test('a host that is slow is waited for, and can be asked again only when it is overdue', async () => {
    show({ kind: 'opening' });
    expect([textsOf('heading'), textsOf('button')]).toEqual([['Waiting for Outlook…'], []]);
    const { clicks } = show({ kind: 'overdue' });
    await press('Try again');

    expect(clicks).toEqual(['start over']);
  });
});

describe('without a host', () => {
  test('it is said where Assent lives, and nothing can be pressed', () => {
    show({ kind: 'none' });

    expect(textsOf('heading')).toEqual(['Assent lives in Teams and Outlook']);
    expect(textsOf('button')).toEqual([]);
  });

  test.each([
    [{ kind: 'notLoaded' }, 'Code for support: notLoaded'],
    [{ kind: 'broken', code: 'RangeError' }, 'Code for support: RangeError'],
  ] as const)('for %j there is a code, and another try', async (state, code) => {
    const { clicks } = show(state);
    await press('Try again');

    expect(screen.getByText(code)).toBeTruthy();
    expect(clicks).toEqual(['start over']);
  });
});

describe('after a failure', () => {
  test.each<[SignInCause, string, string]>([
    ['cancelled', 'Sign in to go on', 'Sign in'],
    ['unsupported', 'Sign in to go on', 'Sign in'],
    ['offline', 'You could not be signed in', 'Try again'],
    ['accountDisabled', 'You could not be signed in', 'Try again'],
  ])('%s: “%s”, and a click on “%s” signs in', async (cause, title, button) => {
    const { clicks } = show(failureOf(cause));
    const offered = [textsOf('heading'), textsOf('button'), textsOf('link')];
    await press(button);

    expect(offered).toEqual([[title], [button], []]);
    expect(clicks).toEqual(['sign in']);
  });

  test('the number of the attempt is said where Microsoft gave one', () => {
    show(failureOf('unknown', 'AADSTS50000', 'request-1'));

    expect(screen.getByText('Code for support: AADSTS50000, request request-1')).toBeTruthy();
  });

  test.each<[SignInCause, readonly string[]]>([
    ['consentRequired', ['Copy the link', 'Try again']],
    ['notAssigned', ['Copy the link', 'Try again']],
    // It may help to sign in, and if not an administrator has to.
    ['notPreauthorized', ['Sign in', 'Copy the link']],
  ])('%s leads to the page for administrators', (cause, buttons) => {
    show(failureOf(cause));

    expect(textsOf('button')).toEqual(buttons);
    expect(screen.getByRole('link', { name: 'Open the page for administrators' }).getAttribute('href')).toBe(
      'http://localhost/connect',
    );
  });

  test('the address is copied, and that is said', async () => {
    const copied: string[] = [];
    putClipboard((text) => {
      copied.push(text);
      return Promise.resolve();
    });
    show(failureOf('consentRequired'));
    await press('Copy the link');

    expect(await screen.findByRole('button', { name: 'Copied' })).toBeTruthy();
    expect(copied).toEqual(['http://localhost/connect']);
    expect(screen.queryByText('http://localhost/connect')).toBeNull();
  });

  test('where the host lets no page copy, the address is there to be selected and nothing is said to be copied', async () => {
    putClipboard(() => Promise.reject(new Error('not allowed')));
    show(failureOf('consentRequired'));
    const before = screen.queryByText('http://localhost/connect');
    fireEvent.click(screen.getByRole('button', { name: 'Copy the link' }));

    expect(before).toBeNull();
    expect(await screen.findByText('http://localhost/connect')).toBeTruthy();
    expect(textsOf('button')).toEqual(['Copy the link', 'Try again']);
  });
});
