/**
 * Plays Outlook on a phone: the pane is the top page of a web view, and office.js talks to handlers that the app has put
 * into it. There is no identity API, there are no themes, the pane belongs to the message that was open, and dialogs
 * are web views of their own.
 *
 * The pane's page takes this page's place, which keeps the window and what was put into it.
 *
 * Source  the wire format of @microsoft/office-js 1.1.110 (outlook-ios-16.00.js), observed; "Outlook JavaScript APIs
 *         supported in Outlook on mobile devices" (Mailbox 1.5); "Identity API requirement sets".
 */
import { readSettings } from './hostToken.ts';
import { initialData, type OutlookSettings } from './openItem.ts';
import { asRecord, nestedBridge, showInPlace } from './topPage.ts';

interface NativeMessage {
  readonly methodId: number;
  readonly params: unknown;
  readonly callbackId?: string;
}

const METHOD = {
  execute: 1,
  registerEvent: 2,
  unregisterEvent: 3,
  getContext: 5,
  messageParent: 7,
  messageParentAt: 9,
} as const;
/** What office.js asks for once, about mailbox and item. */
const INITIAL_DATA = 1;
const NOT_SUPPORTED = 5000;
const DIALOG_CLOSED = 12006;

const settings = readSettings<OutlookSettings>();
const opened = settings.items.find(({ id }) => id === settings.item) ?? null;
const view = asRecord(window);
let dialog: { readonly popup: Window | null; readonly callbackId: string; readonly id: number } | null = null;

/** In the order that office.js expects, which knows no names here. */
function appContext(): readonly unknown[] {
  const requirements = { Mailbox: '1.5', DialogApi: '1.1', ...(settings.legacy ? {} : { NestedAppAuth: '1.1' }) };
  const [noSettings, outlookOnIos, reason] = [[[], []], 65_536, 'documentOpened'];
  const version = [16, 0, 0, 0];
  const locales = ['en-US', 'en-US'];
  const rest = [
    0,
    '',
    reason,
    1,
    '',
    '',
    'sandbox',
    'sandbox',
    true,
    false,
    JSON.stringify(requirements),
    '',
    '16.0.0.0',
    0,
  ];
  return [noSettings, 'assent', outlookOnIos, ...version, 0, ...locales, ...rest];
}

function receive(text: string, from: Window): void {
  const { methodId, params, callbackId } = readMessage(text);
  const answer = (payload: unknown) => {
    if (callbackId !== undefined) {
      callBack(from, 'agaveHostCallback', callbackId, payload);
    }
  };
  switch (methodId) {
    case METHOD.getContext:
      setTimeout(() => {
        answer(appContext());
      }, settings.badly.start ?? 0);
      return;
    case METHOD.execute:
      answer(
        idIn(params) === INITIAL_DATA
          ? [0, [JSON.stringify(initialData(settings, opened))]]
          : [0, ['{"error":true}', NOT_SUPPORTED]],
      );
      return;
    case METHOD.registerEvent:
      answer([openDialog(params, callbackId ?? '') ? 0 : NOT_SUPPORTED]);
      return;
    case METHOD.unregisterEvent:
      dialog?.popup?.close();
      answer([0]);
      return;
    case METHOD.messageParent:
    case METHOD.messageParentAt:
      // With an origin that is to be told only, the message stands in an object of its own.
      tellOpener([0, textIn(params, 'messageToParent') ?? String(params), location.origin]);
  }
}

/** Only dialogs can be listened to: the pane of a phone ends with its item. */
function openDialog(params: unknown, callbackId: string): boolean {
  const url = textIn(Reflect.get(Object(params), 'targetId'), 'url');
  if (url === null) {
    return false;
  }
  const popup = window.open(url, '_blank', 'width=390,height=700');
  dialog = { popup, callbackId, id: idIn(params) };
  const timer = setInterval(() => {
    if (popup === null || popup.closed) {
      clearInterval(timer);
      tellOpener([DIALOG_CLOSED]);
      dialog = null;
    }
  }, 200);
  return true;
}

function tellOpener(event: readonly unknown[]): void {
  if (dialog !== null) {
    callBack(window, 'agaveHostEventCallback', dialog.callbackId, [event, dialog.id]);
  }
}

function callBack(to: Window, name: string, callbackId: string, payload: unknown): void {
  const messaging = asRecord(Object(asRecord(Object(asRecord(to)['OSF']))['ScriptMessaging']));
  const hear = messaging[name];
  if (typeof hear === 'function') {
    hear(callbackId, payload);
  }
}

function idIn(params: unknown): number {
  return Number(Reflect.get(Object(params), 'id'));
}

/** One text of what office.js hands on as JSON; `null` where it is none. */
function textIn(json: unknown, name: string): string | null {
  const value: unknown =
    typeof json === 'string' && json.startsWith('{') ? Reflect.get(Object(JSON.parse(json)), name) : null;
  return typeof value === 'string' ? value : null;
}

function readMessage(text: string): NativeMessage {
  return JSON.parse(text);
}

view['webkit'] = {
  messageHandlers: {
    Agave: {
      postMessage: (text: string) => {
        receive(text, window);
      },
    },
  },
};
view['_enableFullDialogAPI'] = true;
view['_osfEnableDialogOrigin'] = true;
/** How a dialog, whose page office.js runs in as well, reaches the app. */
view['assentSandboxPhone'] = receive;
if (!settings.legacy) {
  view['nestedAppAuthBridge'] = nestedBridge(settings);
}
void showInPlace('/pane', '?_host_Info=Outlook|iOS|16.00|en-US|sandbox||disableLogging|0');
