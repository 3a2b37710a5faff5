/**
 * Plays Microsoft Teams around a personal tab: answers the messages of the unmodified @microsoft/teams-js.
 *
 * Source  the wire format of @microsoft/teams-js 2.58, observed.
 */
import { askToken, type HostSettings, readSettings, stepUpByPopup } from './hostToken.ts';
import { answerNested } from './nestedAppAuth.ts';

interface TeamsSettings extends HostSettings {
  readonly theme: string;
  readonly page: 'me' | 'organization';
  /** Old Teams: no nested app authentication. */
  readonly legacy: boolean;
}

interface AppMessage {
  readonly id: number;
  readonly uuidAsString?: string;
  readonly func: string;
  readonly args?: readonly unknown[];
  readonly data?: string;
}

const settings = readSettings<TeamsSettings>();
const appOrigin = new URL(settings.appUrl).origin;
let theme = settings.theme;
let frame: HTMLIFrameElement;
let popup: Window | null = null;
let popupAnswer: ((outcome: readonly unknown[]) => void) | null = null;

const RUNTIME = JSON.stringify({
  apiVersion: 4,
  hostVersionsInfo: {},
  isNAAChannelRecommended: !settings.legacy,
  isDeeplyNestedAuthSupported: false,
  isLegacyTeams: false,
  supports: {
    ...(settings.legacy ? {} : { nestedAppAuth: {} }),
    pages: { appButton: {}, backStack: {}, config: {}, currentApp: {}, tabs: {} },
    dialog: { url: {}, update: {} },
  },
});

function context(): object {
  return {
    locale: 'en-us',
    theme,
    entityId: settings.page,
    userObjectId: settings.oid,
    tid: settings.tenantId,
    loginHint: settings.as,
    userPrincipalName: settings.as,
    hostName: 'TeamsModern',
    hostClientType: 'web',
    appSessionId: 'sandbox',
    sessionId: 'sandbox',
    frameContext: 'content',
  };
}

function post(target: Window, origin: string, message: object): void {
  target.postMessage(message, origin);
}

function openPopup(url: string, width: number, height: number): Promise<readonly unknown[]> {
  popup = window.open(url, '_blank', `width=${width || 480},height=${height || 640}`);
  if (popup === null) {
    return Promise.resolve([false, 'FailedToOpenWindow']);
  }
  const opened = popup;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (opened.closed) {
        popupAnswer?.([false, 'CancelledByUser']);
      }
    }, 200);
    popupAnswer = (outcome) => {
      clearInterval(timer);
      popupAnswer = null;
      resolve(outcome);
    };
  });
}

async function authToken(claims: string | undefined): Promise<readonly unknown[]> {
  const request = { clientId: settings.clientId, scope: 'access_as_user', claims };
  const first = await askToken(settings, 'host', request);
  const needsStep = !first.ok && first.description.includes('AADSTS50079');
  if (needsStep) {
    await stepUpByPopup(settings);
  }
  const answer = needsStep ? await askToken(settings, 'host', request) : first;
  if (answer.ok) {
    return [true, answer.accessToken];
  }
  return [false, answer.code === 'interaction_required' ? 'resourceRequiresConsent' : answer.code];
}

function navigate(pageId: string): void {
  const url = new URL(location.href);
  url.searchParams.set('page', pageId === 'organization' ? 'organization' : 'me');
  location.assign(url);
}

/** The answer to a call, or `null` where Teams answers nothing. */
async function answer(message: AppMessage, isPopup: boolean): Promise<readonly unknown[] | null> {
  const [first, second, third] = message.args ?? [];
  switch (message.func) {
    case 'initialize':
      return [isPopup ? 'authentication' : 'content', 'web', '2.1.2', RUNTIME];
    case 'getContext':
      return [context()];
    case 'appInitialization.appLoaded':
    case 'appInitialization.success':
      document.body.dataset['app'] = 'ready';
      return null;
    case 'appInitialization.failure':
    case 'appInitialization.expectedFailure':
      document.body.dataset['app'] = 'failed';
      return null;
    case 'authentication.getAuthToken':
      return authToken(claimsOf(second));
    case 'authentication.authenticate':
      return openPopup(String(first), Number(second), Number(third));
    case 'authentication.authenticate.success':
      popupAnswer?.([true, first]);
      return null;
    case 'authentication.authenticate.failure':
      popupAnswer?.([false, first]);
      return null;
    case 'pages.currentApp.navigateTo':
      navigate(pageIdOf(first));
      return [null, true];
    case 'executeDeepLink':
      window.open(String(first), '_blank', 'noopener');
      return [true];
    default:
      return null;
  }
}

/** The second argument of `authentication.getAuthToken`: a list of claims challenges as JSON text. */
function claimsOf(argument: unknown): string | undefined {
  return Array.isArray(argument) && typeof argument[0] === 'string' ? argument[0] : undefined;
}

function pageIdOf(argument: unknown): string {
  return typeof argument === 'object' && argument !== null && 'pageId' in argument ? String(argument.pageId) : 'me';
}

async function receive(event: MessageEvent<AppMessage>): Promise<void> {
  const isPopup = popup !== null && event.source === popup;
  const isFrame = event.source === frame.contentWindow;
  if (event.origin !== appOrigin || (!isPopup && !isFrame) || typeof event.data?.func !== 'string') {
    return;
  }
  const target = isPopup ? popup : frame.contentWindow;
  if (target === null) {
    return;
  }
  const message = event.data;
  if (message.func === 'nestedAppAuth.execute') {
    post(target, appOrigin, { args: [null, await answerNested(settings, message.data ?? '{}')] });
    return;
  }
  const args = await answer(message, isPopup);
  if (args !== null) {
    post(target, appOrigin, { id: message.id, uuidAsString: message.uuidAsString, args });
  }
}

function changeTheme(next: string): void {
  theme = next;
  document.body.dataset['theme'] = next;
  if (frame.contentWindow !== null) {
    post(frame.contentWindow, appOrigin, { func: 'themeChange', args: [next] });
  }
}

window.addEventListener('message', (event: MessageEvent<AppMessage>) => {
  void receive(event);
});
frame = document.createElement('iframe');
frame.title = 'Assent';
frame.src = `${settings.appUrl}/tab/${settings.page}`;
frame.allow = 'clipboard-write';
document.getElementById('app')?.append(frame);
document.getElementById('theme')?.addEventListener('change', (event) => {
  if (event.target instanceof HTMLSelectElement) {
    changeTheme(event.target.value);
  }
});
