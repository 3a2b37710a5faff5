/** While Microsoft is asked, the dialog shows that and nothing that could be pressed or changed beside it. */
import { FluentProvider, webLightTheme } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { Api } from '../../../../src/client/api/client.ts';
import { ApiContext, makeQueryClient } from '../../../../src/client/api/queries.ts';
import { TurnOnDialog } from '../../../../src/client/features/mySync/TurnOnDialog.tsx';
import type { PopupEnd } from '../../../../src/client/hosts/host.ts';
import { ScreenTextProvider } from '../../../../src/client/text/ScreenTextProvider.tsx';
import type { Sync } from '../../../../src/contract/api/sync.ts';
import { EMPTY_SELECTION } from '../../../../src/domain/selection.ts';
import { aHost } from '../../../support/aHost.ts';

const MAIL = { sync: 'full', act: 'none', shared: false } as const;
const BEFORE: Sync = {
  mode: 'individual',
  decisions: {},
  preference: EMPTY_SELECTION,
  connection: 'none',
  offers: {},
  prompt: false,
  granted: [],
  streams: [],
  mailboxes: [],
};
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
  const documents: Readonly<Record<string, object>> = {
    '/api/me/consents': started,
    '/api/me/consents/a-consent': { id: 'a-consent', ...consent },
  };
  const answer = <T,>(path: string): Promise<T> => Promise.resolve(JSON.parse(JSON.stringify(documents[path] ?? {})));
  const api: Api = {
    get: answer,
    send: (_method, path) => answer(path),
    answerChallenge: () => Promise.resolve(false),
    open: () => Promise.reject(new Error('not here')),
  };
  const host = aHost({ openPopup: () => ({ ended, close: () => undefined }) });
  let closed = 0;
  const close = () => {
    closed += 1;
  };
  const client = makeQueryClient();
  const dialog = (sync: Sync) => (
    <FluentProvider theme={webLightTheme}>
      <ScreenTextProvider>
        <QueryClientProvider client={client}>
          <ApiContext.Provider value={api}>
            <TurnOnDialog isOpen host={host} category="mail" sync={sync} onClose={close} />
          </ApiContext.Provider>
        </QueryClientProvider>
      </ScreenTextProvider>
    </FluentProvider>
  );
  const { rerender } = render(dialog(BEFORE));
  return { end, update: (sync: Sync) => rerender(dialog(sync)), closings: () => closed };
}

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
