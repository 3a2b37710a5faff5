/** Outlook by an office.js of our own, which has as much as each version of Outlook has. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { openOutlook } from '../../../src/client/hosts/outlook.ts';
import type { Host, HostTheme, OpenItem } from '../../../src/client/hosts/host.ts';
import { failureOf } from '../../../src/client/hosts/signInFailure.ts';
import { aToken } from '../../support/aToken.ts';

type Handler = (event: object) => void;

interface OfficeParts {
  readonly sets: readonly string[];
  readonly auth: object | undefined;
  readonly color: string | undefined;
  readonly item: object | null | undefined;
}

const NEW: OfficeParts = {
  sets: ['NestedAppAuth 1.1', 'Mailbox 1.14', 'Mailbox 1.5'],
  auth: {},
  color: '#ffffff',
  item: null,
};
const MESSAGE = { itemType: 'message', internetMessageId: '<1@alderpoint.example>', subject: 'Quarter' };

function putGlobal(name: 'Office' | 'OfficeRuntime', value: object): void {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'Office');
  Reflect.deleteProperty(globalThis, 'OfficeRuntime');
});

/** Puts an Outlook around the page; what changes in it is written to `mailbox` and `theme`. */
function putOutlook(more: Partial<OfficeParts> = {}, host: string | null = 'Outlook') {
  const { sets, auth, color, item } = { ...NEW, ...more };
  const handlers = new Map<string, Handler>();
  const theme = { bodyBackgroundColor: color };
  const mailbox = {
    userProfile: { emailAddress: 'mara@alderpoint.example' },
    item,
    addHandlerAsync: (name: string, handler: Handler) => handlers.set(name, handler),
  };
  const dialogs: { url: string; options: object; end: (result: object) => void }[] = [];
  putGlobal('Office', {
    onReady: () => Promise.resolve({ host }),
    auth,
    AsyncResultStatus: { Succeeded: 'succeeded' },
    EventType: {
      OfficeThemeChanged: 'theme',
      ItemChanged: 'item',
      DialogMessageReceived: 'message',
      DialogEventReceived: 'event',
    },
    MailboxEnums: { ItemType: { Message: 'message' } },
    context: {
      mailbox,
      officeTheme: color === undefined ? undefined : theme,
      requirements: { isSetSupported: (name: string, version: string) => sets.includes(`${name} ${version}`) },
      ui: {
        displayDialogAsync: (url: string, options: object, end: (result: object) => void) =>
          dialogs.push({ url, options, end }),
      },
    },
  });
  return { handlers, mailbox, theme, dialogs };
}

async function opened(): Promise<Host> {
  const host = await openOutlook();
  if (host === null) {
    throw new Error('There is an Outlook');
  }
  return host;
}

test('without an Outlook around the page there is no host', async () => {
  putOutlook({}, null);

  expect(await openOutlook()).toBeNull();
});

describe('who is signed in', () => {
  const getAuthContext = () =>
    Promise.resolve({ userObjectId: 'mara', tenantId: 'alderpoint', userPrincipalName: 'm.ellis@alderpoint.example' });
  const known = {
    hasNestedAuth: true,
    loginHint: 'm.ellis@alderpoint.example',
    account: { oid: 'mara', tenantId: 'alderpoint' },
    mailboxAddress: null,
  };
  const byAddress = {
    hasNestedAuth: true,
    loginHint: 'mara@alderpoint.example',
    account: null,
    mailboxAddress: 'mara@alderpoint.example',
  };

  test.each([
    ['is the account that Office names, whatever the address of the mailbox', { auth: { getAuthContext } }, known],
    ['is known by address where Office cannot say it', { auth: {} }, byAddress],
    [
      'is known by address where Office fails to say it',
      { auth: { getAuthContext: () => Promise.reject(new Error()) } },
      byAddress,
    ],
    ['is known by address on phones, which have no such API', { auth: undefined }, byAddress],
    [
      'is not asked where nested app authentication is not there',
      { auth: { getAuthContext }, sets: [] },
      { ...byAddress, hasNestedAuth: false },
    ],
  ])('%s', async (_what, parts, expected) => {
    putOutlook(parts);
    const { kind, hasNestedAuth, loginHint, account, mailboxAddress } = await opened();

    expect({ kind, hasNestedAuth, loginHint, account, mailboxAddress }).toEqual({ kind: 'outlook', ...expected });
  });
});

describe('the theme', () => {
  test.each([
    ['#ffffff', 'outlookLight'],
    ['#292929', 'outlookDark'],
    // Green is bright to the eye, and blue is not.
    ['#00ff00', 'outlookLight'],
    ['#0000ff', 'outlookDark'],
    [undefined, 'outlookLight'],
  ])('of background %s is %s', async (color, theme) => {
    putOutlook({ color });

    expect((await opened()).theme).toBe(theme);
  });

  test('follows a change', async () => {
    const { handlers, theme } = putOutlook();
    const host = await opened();
    const changes: HostTheme[] = [];
    host.onThemeChange((change) => changes.push(change));
    theme.bodyBackgroundColor = '#000000';
    handlers.get('theme')?.({});

    expect([host.theme, ...changes]).toEqual(['outlookLight', 'outlookDark']);
  });

  test('is not listened to where there is no such event', async () => {
    const { handlers } = putOutlook({ sets: ['Mailbox 1.5'] });
    (await opened()).onThemeChange(() => undefined);

    expect([...handlers.keys()]).toEqual([]);
  });
});

describe('the open item', () => {
  test.each([
    ['nothing', null, { kind: 'none' }],
    ['nothing, as older versions say it', undefined, { kind: 'none' }],
    ['a message', MESSAGE, { kind: 'message', internetMessageId: '<1@alderpoint.example>', subject: 'Quarter' }],
    ['a draft', { itemType: 'message', subject: {} }, { kind: 'draft' }],
    ['a draft that has an empty id', { itemType: 'message', internetMessageId: '' }, { kind: 'draft' }],
    ['a meeting', { itemType: 'appointment' }, { kind: 'other' }],
  ])('is %s', async (_what, item, expected) => {
    putOutlook({ item });

    expect((await opened()).items?.current()).toEqual(expected);
  });

  test('follows the selection in a pinned pane', async () => {
    const { handlers, mailbox } = putOutlook({ item: MESSAGE });
    const seen: OpenItem[] = [];
    (await opened()).items?.onChange((item) => seen.push(item));
    mailbox.item = null;
    handlers.get('item')?.({});
    mailbox.item = { ...MESSAGE, internetMessageId: '<2@alderpoint.example>' };
    handlers.get('item')?.({});

    expect(seen).toEqual([
      { kind: 'none' },
      { kind: 'message', internetMessageId: '<2@alderpoint.example>', subject: 'Quarter' },
    ]);
  });

  test('is not listened to where panes cannot be pinned', async () => {
    const { handlers } = putOutlook({ sets: [] });
    (await opened()).items?.onChange(() => undefined);

    expect([...handlers.keys()]).toEqual([]);
  });
});

describe("Outlook's own token", () => {
  const TOKEN = aToken({ exp: 1_764_000_000 });

  function answering(answer: () => Promise<string>) {
    const asked: object[] = [];
    const getAccessToken = (options: object) => {
      asked.push(options);
      return answer();
    };
    return { asked, getAccessToken };
  }

  test('is asked for without a window, or from a click with one, and with the challenge of the server', async () => {
    const auth = answering(() => Promise.resolve(TOKEN));
    putOutlook({ auth });
    const host = await opened();
    const token = { kind: 'token', token: TOKEN, expiresAt: 1_764_000_000_000 };

    expect(await host.silentToken()).toEqual(token);
    expect(await host.promptedToken()).toEqual(token);
    expect(await host.promptedToken('{"acrs":"c1"}')).toEqual(token);
    expect(auth.asked).toEqual([
      { allowSignInPrompt: false, allowConsentPrompt: false },
      { allowSignInPrompt: true, allowConsentPrompt: true },
      { allowSignInPrompt: true, allowConsentPrompt: true, authChallenge: '{"acrs":"c1"}' },
    ]);
  });

  test('is asked of OfficeRuntime where that is there', async () => {
    const [older, newer] = [answering(() => Promise.resolve(TOKEN)), answering(() => Promise.resolve(TOKEN))];
    putOutlook({ auth: older });
    putGlobal('OfficeRuntime', { auth: newer });
    await (await opened()).silentToken();

    expect([older.asked.length, newer.asked.length]).toEqual([0, 1]);
  });

  test.each([undefined, {}])('cannot be had of %j, which is said as such', async (auth) => {
    putOutlook({ auth });

    expect(await (await opened()).silentToken()).toEqual(failureOf('unsupportedPlatform', 'noIdentityApi'));
  });

  test.each([
    [{ code: 13002, message: 'mara@alderpoint.example cancelled' }, failureOf('cancelled', '13002')],
    [{ code: '13006' }, failureOf('restartHost', '13006')],
    [{ code: 13009 }, failureOf('unknown', '13009')],
    [new Error('something else'), failureOf('unknown', '0')],
    ['a word', failureOf('unknown', '0')],
    [null, failureOf('unknown', '0')],
  ])('that fails with %j has a cause', async (error, expected) => {
    putOutlook({ auth: answering(() => Promise.reject(error)) });

    expect(await (await opened()).silentToken()).toEqual(expected);
  });
});

describe('a window', () => {
  async function openWindow() {
    const { dialogs } = putOutlook();
    const popup = (await opened()).openPopup('https://assent.test/consent/start/1');
    const handlers = new Map<string, Handler>();
    let closings = 0;
    const dialog = {
      addEventHandler: (name: string, handler: Handler) => handlers.set(name, handler),
      close: () => {
        closings += 1;
      },
    };
    const settle = (result: object) => dialogs[0]?.end(result);
    return {
      popup,
      dialogs,
      settle,
      show: () => settle({ status: 'succeeded', value: dialog }),
      handlers,
      closings: () => closings,
    };
  }

  test('is shown without asking the person first whether it may be', async () => {
    const { dialogs } = await openWindow();

    expect(dialogs.map(({ url, options }) => ({ url, options }))).toEqual([
      { url: 'https://assent.test/consent/start/1', options: { height: 70, width: 40, promptBeforeOpen: false } },
    ]);
  });

  test('that Office does not show is blocked, and closing it does nothing', async () => {
    const { popup, settle } = await openWindow();
    settle({ status: 'failed', error: { code: 12009 } });
    popup.close();

    expect(await popup.ended).toEqual({ kind: 'blocked' });
  });

  test.each([
    [{ message: 'done' }, 'done'],
    [{ error: 12002 }, ''],
  ])('that sends %j has finished, and is closed by the page', async (event, message) => {
    const { popup, show, handlers, closings } = await openWindow();
    show();
    handlers.get('message')?.(event);
    popup.close();

    expect(await popup.ended).toEqual({ kind: 'finished', message });
    expect(closings()).toBe(1);
  });

  test('that the person closed is not closed again, which would throw', async () => {
    const { popup, show, handlers, closings } = await openWindow();
    show();
    handlers.get('event')?.({ error: 12006 });
    popup.close();

    expect(await popup.ended).toEqual({ kind: 'closed' });
    expect(closings()).toBe(0);
  });

  test.each([{ error: 12002 }, { error: 12003 }, {}])('goes on after the event %j', async (event) => {
    const { popup, show, handlers } = await openWindow();
    show();
    handlers.get('event')?.(event);
    handlers.get('message')?.({ message: 'done' });

    expect(await popup.ended).toEqual({ kind: 'finished', message: 'done' });
  });
});
