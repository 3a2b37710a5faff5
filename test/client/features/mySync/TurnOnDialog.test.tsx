/** While Microsoft is asked, the dialog shows that and nothing that could be pressed or changed beside it. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { TurnOnDialog } from '../../../../src/client/features/mySync/TurnOnDialog.tsx';
import type { PopupEnd } from '../../../../src/client/hosts/host.ts';
import type { Sync } from '../../../../src/contract/api/sync.ts';
import { EMPTY_SELECTION } from '../../../../src/domain/selection.ts';
import { aHost } from '../../../support/aHost.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { aSync } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

const MAIL = { sync: 'full', act: 'none', shared: false } as const;
const BEFORE = aSync();
/** As the page's live update brings it, which may come before what the dialog asks itself. */
const GRANTED: Sync = {
  ...BEFORE,
  decisions: { mail: { effective: MAIL, control: 'member', reason: 'onByOwnChoice', action: 'turnOff', notes: [] } },
  connection: 'connected',
  preference: { ...EMPTY_SELECTION, mail: MAIL },
  granted: ['Mail.Read', 'User.Read'],
};

function open(consent: object = { state: 'started' }) {
  const { promise: ended, resolve: end } = Promise.withResolvers<PopupEnd>();
  const started = { id: 'a-consent', startUrl: 'https://assent.test/consent/start/a-consent' };
  const { api, sent } = anApi({
    'POST /api/me/consents': started,
    'GET /api/me/consents/a-consent': { id: 'a-consent', ...consent },
    'POST /api/me/refusals': {},
  });
  const host = aHost({ openPopup: () => ({ ended, close: () => undefined }) });
  let closed = 0;
  const close = () => {
    closed += 1;
  };
  const dialog = (sync: Sync) => <TurnOnDialog isOpen host={host} category="mail" sync={sync} onClose={close} />;
  const { rerender } = render(dialog(BEFORE), { wrapper: inApp(api) });
  return { end, sent, update: (sync: Sync) => rerender(dialog(sync)), closings: () => closed };
}

afterEach(() => {
  jest.useRealTimers();
});

async function enabled(name: string): Promise<HTMLElement> {
  const button = await screen.findByRole<HTMLButtonElement>('button', { name });
  await waitFor(() => {
    expect(button.disabled).toBe(false);
  });
  return button;
}

async function goToMicrosoft(): Promise<void> {
  fireEvent.click(await enabled('Continue to Microsoft'));
  await screen.findByText('Go on in the window that Microsoft opened.');
}

function offered() {
  return {
    title: screen.getByRole('heading').textContent,
    buttons: screen.getAllByRole('button').map((button) => button.textContent),
    choices: screen.queryAllByRole('radio').length,
  };
}

test('a grant that shows on the page first leaves the dialog as it is', async () => {
  const { update } = open();
  await goToMicrosoft();
  const before = offered();
  update(GRANTED);

  expect(before).toEqual({ title: 'Turn on mail', buttons: ['Close'], choices: 0 });
  expect(offered()).toEqual(before);
});

test('after a window that looked closed, what was granted meanwhile by another way can be applied', async () => {
  const { end, update } = open();
  await goToMicrosoft();
  end({ kind: 'closed' });
  await screen.findByText(/Microsoft has given no answer yet/, {}, { timeout: 10_000 });
  update({ ...GRANTED, decisions: {}, preference: EMPTY_SELECTION });
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));

  expect(await screen.findByRole('button', { name: 'Turn on' })).toBeTruthy();
});

test('a refusal is not said any more when what was wanted has come by the link, and the dialog closes', async () => {
  const { update, closings } = open({ state: 'refused', reason: 'administratorRequired' });
  fireEvent.click(await enabled('Continue to Microsoft'));
  await screen.findByText('Nothing was granted', {}, { timeout: 10_000 });
  update(GRANTED);

  await waitFor(() => {
    expect(screen.queryByText('Nothing was granted')).toBeNull();
  });
  expect(closings()).toBe(1);
});

test('a window that looks closed can be waited for or given up, and nothing else be chosen meanwhile', async () => {
  const { end } = open();
  await goToMicrosoft();
  end({ kind: 'closed' });
  await screen.findByText(/Microsoft has given no answer yet/, {}, { timeout: 10_000 });
  const waiting = offered();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('button', { name: 'Continue to Microsoft' });

  expect(waiting).toEqual({
    title: 'Turn on mail',
    buttons: ['Try again', 'Microsoft asked for an administrator', 'Close'],
    choices: 0,
  });
  expect(offered().choices).toBe(2);
});

describe('before Microsoft is asked', () => {
  const HEADERS = { sync: 'limited', act: 'none', shared: false } as const;
  const OFFER = { mayConsent: 'no', source: 'said', checkedAt: '2026-11-20T10:00:00.000Z' } as const;
  const STARTED = { id: 'c1', startUrl: 'https://assent.test/consent/start/c1', expiresAt: '2026-11-21T13:00:00.000Z' };

  function ask(sync: Partial<Sync>, answers: Readonly<Record<string, Answer>> = {}) {
    const { api, sent } = anApi({ 'POST /api/me/consents': STARTED, ...answers });
    const ends: string[] = [];
    render(
      <TurnOnDialog isOpen host={aHost({})} category="mail" sync={aSync(sync)} onClose={() => ends.push('closed')} />,
      { wrapper: inApp(api) },
    );
    return { sent, ends };
  }

  const permissions = () => textsOf('listitem').map((text) => /“(.*)”/.exec(text ?? '')?.[1]);

  test('exactly what is chosen is asked for, and said in the words of its page', async () => {
    const { sent } = ask({});
    const atFirst = permissions();
    fireEvent.click(screen.getByRole('radio', { name: /^Headers only/ }));
    await enabled('Continue to Microsoft');

    expect(atFirst[0]).toBe('Read your mail');
    expect(permissions()).toEqual([
      'Read user basic mail',
      'Sign you in and read your profile',
      'Maintain access to data you have given it access to',
    ]);
    expect(sent().at(-1)).toEqual({
      method: 'POST',
      path: '/api/me/consents',
      body: { selection: { ...EMPTY_SELECTION, mail: HEADERS } },
    });
  });

  test('what is granted already is turned on at once, and a refusal of that keeps the choice', async () => {
    const { sent, ends } = ask(
      { connection: 'connected', granted: ['Mail.Read'] },
      { 'PATCH /api/me/sync': aProblem('busy', 'It is being changed.', 'Try again.') },
    );
    fireEvent.click(screen.getByRole('radio', { name: /^Headers only/ }));
    expect(screen.getByText('Microsoft has granted this already; nothing more is asked.')).toBeTruthy();
    await press('Turn on');

    expect(await screen.findByText('It is being changed. Try again.')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^Headers only/ }).checked).toBe(true);
    expect(sent()).toEqual([{ method: 'PATCH', path: '/api/me/sync', body: { selection: { mail: HEADERS } } }]);
    expect(ends).toEqual([]);
  });

  test('a level that is on can be changed, and the dialog closes when it is', async () => {
    const { sent, ends } = ask({ ...GRANTED, granted: ['Mail.Read'] }, { 'PATCH /api/me/sync': aSync() });
    const title = screen.getByRole('heading').textContent;
    fireEvent.click(screen.getByRole('radio', { name: /^Headers only/ }));
    await press('Change');
    await waitFor(() => {
      expect(ends).toEqual(['closed']);
    });

    expect(title).toBe('Change mail');
    expect(sent()).toEqual([{ method: 'PATCH', path: '/api/me/sync', body: { selection: { mail: HEADERS } } }]);
  });

  test('what only an administrator can grant is handed on, and asking Microsoft anyway is not the first offer', async () => {
    const date = new Date(OFFER.checkedAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
    ask({ offers: { mail: { limited: OFFER, full: OFFER } } });
    await enabled('Make a link for an administrator');

    expect(textsOf('button')).toEqual(['Make a link for an administrator', 'Try at Microsoft anyway', 'Close']);
    expect(
      screen.getByText(`Somebody in your organization said on ${date} that Microsoft asked for an administrator.`, {
        exact: false,
      }),
    ).toBeTruthy();
  });

  test('an offer is that of the level which is chosen', async () => {
    const free = { mayConsent: 'yes', source: 'policy', checkedAt: null } as const;
    ask({ offers: { mail: { limited: free, full: OFFER } } });
    await enabled('Try at Microsoft anyway');
    fireEvent.click(screen.getByRole('radio', { name: /^Headers only/ }));
    await enabled('Continue to Microsoft');

    expect(textsOf('button')).toEqual(['Continue to Microsoft', 'Cancel']);
  });

  test('a transaction that cannot be started is said, and can be started again', async () => {
    const { sent } = ask(
      {},
      { 'POST /api/me/consents': aProblem('unavailable', 'Microsoft does not answer.', 'Wait.') },
    );
    await screen.findByText('Microsoft does not answer. Wait.');
    const asked = sent().length;
    await press('Try again');
    await waitFor(() => {
      expect(sent()).toHaveLength(2);
    });

    expect(asked).toBe(1);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Continue to Microsoft' }).disabled).toBe(true);
  });
});

test('who says that Microsoft asked for an administrator is reported with what they wanted', async () => {
  jest.useFakeTimers();
  const pass = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds));
  const { end, sent } = open();
  await pass(0);
  fireEvent.click(screen.getByRole('button', { name: 'Continue to Microsoft' }));
  end({ kind: 'closed' });
  await pass(10_000);
  fireEvent.click(screen.getByRole('button', { name: 'Microsoft asked for an administrator' }));
  await pass(0);

  expect(sent().filter(({ path }) => path === '/api/me/refusals')).toEqual([
    { method: 'POST', path: '/api/me/refusals', body: { selection: { ...EMPTY_SELECTION, mail: MAIL } } },
  ]);
  expect(screen.getByRole('button', { name: 'Continue to Microsoft' })).toBeTruthy();
});
