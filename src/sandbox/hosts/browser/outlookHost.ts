/**
 * Plays Outlook on the web around a pinned task pane: answers the messages of the unmodified office.js.
 *
 * Source  the wire format of @microsoft/office-js 1.1.110 (Outlook on the web), observed.
 */
import { askToken, misbehave, readSettings } from './hostToken.ts';
import { answerNested } from './nestedAppAuth.ts';
import { initialData, type MailItem, type OutlookSettings } from './openItem.ts';

interface OfficeMessage {
  readonly _messageType: number;
  readonly _actionType: number;
  readonly _actionName: string;
  readonly _conversationId: string;
  readonly _correlationId: number;
  readonly _data: unknown;
}

const settings = readSettings<OutlookSettings>();
const appOrigin = new URL(settings.appUrl).origin;
const conversationId = 'sandbox_conversation';
let selected = settings.items.find(({ id }) => id === settings.item) ?? null;
let frame: HTMLIFrameElement;
let itemChanged: OfficeMessage | null = null;

function appContext(): object {
  return {
    _id: 'assent',
    _appName: 64,
    _appVersion: '16.01',
    _appMinorVersion: 0,
    _appUILocale: 'en-US',
    _dataLocale: 'en-US',
    _docUrl: '',
    _clientMode: 0,
    _settings: {},
    _reason: 'documentOpened',
    _osfControlType: 1,
    _eToken: '',
    _correlationId: 'sandbox',
    _appInstanceId: 'sandbox',
    _requirementMatrix: JSON.stringify({
      Mailbox: '1.14',
      IdentityAPI: '1.3',
      DialogApi: '1.2',
      ...(settings.legacy ? {} : { NestedAppAuth: '1.1' }),
    }),
    _hostFullVersion: '16.0.0.0',
    _addinName: 'Assent',
    _appDomains: [appOrigin],
    _dialogRequirementMatrix: '{}',
    _featureGates: {},
    _initialDisplayMode: 0,
  };
}

async function accessToken(): Promise<object> {
  const instead = await misbehave(settings.badly.own);
  if (instead !== null) {
    return { Version: 1, Error: Number(instead) };
  }
  const answer = await askToken(settings, 'host', { clientId: settings.clientId, scope: 'access_as_user' });
  return answer.ok
    ? { Version: 1, Error: 0, accessToken: answer.accessToken, AccessToken: answer.accessToken }
    : { Version: 1, Error: 13005 };
}

function dispatchIdIn(data: unknown): number {
  const text = JSON.stringify(data);
  return Number(/"DispatchId":(\d+)/.exec(text)?.[1] ?? 0);
}

async function dataFor(message: OfficeMessage): Promise<unknown> {
  switch (message._actionName) {
    case 'ContextActivationManager_getAppContextAsync':
      return appContext();
    case 'GetInitialData':
      return initialData(settings, selected);
    case 'executeMethod':
      return dispatchIdIn(message._data) === 98 ? accessToken() : { Version: 1, Error: 0 };
    case 'ExecuteMethod':
      return { wasSuccessful: false, error: true, errorCode: 5001 };
    case 'olkItemSelectedChanged':
      return { Error: 0 };
    default:
      return null;
  }
}

function reply(message: OfficeMessage, responseType: 0 | 1, data: unknown): void {
  const answer = {
    _messageType: 1,
    _responseType: responseType,
    _actionName: message._actionName,
    _conversationId: message._conversationId,
    _correlationId: message._correlationId,
    _errorCode: 0,
    _data: data,
    _serializerVersion: 1,
  };
  frame.contentWindow?.postMessage(JSON.stringify(answer), appOrigin);
}

/** The sandbox's own stand-in for the bridge, which the library of 2022 lacks. */
async function answerAdapter(event: MessageEvent<unknown>): Promise<boolean> {
  const { data } = event;
  if (typeof data !== 'object' || data === null || !('assentSandboxNested' in data)) {
    return false;
  }
  const answer = await answerNested(settings, String(data.assentSandboxNested));
  frame.contentWindow?.postMessage({ assentSandboxNestedAnswer: answer }, appOrigin);
  return true;
}

async function receive(event: MessageEvent<unknown>): Promise<void> {
  if (event.source !== frame.contentWindow || event.origin !== appOrigin || (await answerAdapter(event))) {
    return;
  }
  if (typeof event.data !== 'string' || !event.data.startsWith('{')) {
    return;
  }
  const message = readMessage(event.data);
  if (message._actionType === 1 && message._actionName === 'olkItemSelectedChanged') {
    itemChanged = message;
  }
  if (message._actionName === 'ContextActivationManager_getAppContextAsync') {
    await new Promise((resolve) => setTimeout(resolve, settings.badly.start ?? 0));
  }
  reply(message, 0, await dataFor(message));
}

function readMessage(text: string): OfficeMessage {
  return JSON.parse(text);
}

function select(item: MailItem | null): void {
  selected = item;
  showItem();
  if (itemChanged !== null) {
    reply(itemChanged, 1, item === null ? '' : initialData(settings, selected));
  }
}

function showItem(): void {
  const reading = document.getElementById('reading');
  if (reading === null) {
    return;
  }
  reading.replaceChildren();
  const title = document.createElement('h2');
  title.textContent = selected?.subject ?? 'Select an item to read';
  const from = document.createElement('p');
  from.textContent =
    selected?.from === null || selected === null ? '' : `${selected.from.name} <${selected.from.address}>`;
  from.className = 'quiet';
  const body = document.createElement('p');
  body.className = 'mail-body';
  body.textContent = selected?.body ?? '';
  reading.append(title, from, body);
  document.querySelectorAll('[data-item]').forEach((button) => {
    button.setAttribute('aria-current', String(button.getAttribute('data-item') === selected?.id));
  });
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  void receive(event);
});
frame = document.createElement('iframe');
frame.title = 'Assent';
frame.name = JSON.stringify({
  baseFrameName: `_xdm_${conversationId}`,
  hostInfo: 'Outlook|Web|16.01|en-US|sandbox||disableLogging|0',
  xdmInfo: `${conversationId}|assent|${location.origin}`,
  serializerVersion: '1',
  flights: '[]',
});
frame.allow = 'clipboard-write';
frame.src = `${settings.appUrl}/pane?${new URLSearchParams({
  theme: settings.theme,
  // What the stand-in for today's office.js answers about the account.
  account: [settings.badly.account ?? settings.oid, settings.tenantId, settings.as].join(' '),
}).toString()}`;
document.getElementById('app')?.append(frame);
document.querySelectorAll('[data-item]').forEach((button) => {
  button.addEventListener('click', () => {
    select(settings.items.find(({ id }) => id === button.getAttribute('data-item')) ?? null);
  });
});
document.getElementById('no-item')?.addEventListener('click', () => {
  select(null);
});
showItem();
