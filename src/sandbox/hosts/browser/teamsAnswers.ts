/**
 * What Teams answers to the calls of the unmodified @microsoft/teams-js, on every device.
 *
 * Source  the wire format of @microsoft/teams-js 2.58, observed.
 */
import { askToken, type HostSettings, misbehave, readSettings, stepUpByPopup } from './hostToken.ts';
import { answerNested } from './nestedAppAuth.ts';

export interface TeamsSettings extends HostSettings {
  readonly theme: string;
  readonly page: 'me' | 'organization';
  /** Old Teams: no nested app authentication. */
  readonly legacy: boolean;
}

export interface AppMessage {
  readonly id: number;
  readonly uuidAsString?: string;
  readonly func: string;
  readonly args?: readonly unknown[];
  readonly data?: string;
}

export type ClientType = 'web' | 'ios';

export interface Teams {
  /** The answer to a call, or `null` where Teams answers nothing. */
  answer(message: AppMessage, isPopup: boolean): Promise<object | null>;
  /** Whether a message comes from the window that was opened last. */
  isPopup(source: unknown): boolean;
  changeTheme(theme: string): void;
}

const settings = readSettings<TeamsSettings>();
let theme = settings.theme;
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

function context(clientType: ClientType): object {
  return {
    locale: 'en-us',
    theme,
    entityId: settings.page,
    userObjectId: settings.badly.account ?? settings.oid,
    tid: settings.tenantId,
    loginHint: settings.as,
    userPrincipalName: settings.as,
    hostName: 'TeamsModern',
    hostClientType: clientType,
    appSessionId: 'sandbox',
    sessionId: 'sandbox',
    frameContext: 'content',
  };
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

async function authToken(claims: string | undefined, isSilent: boolean): Promise<readonly unknown[]> {
  const instead = await misbehave(settings.badly.own);
  if (instead !== null) {
    return [false, instead];
  }
  const request = { clientId: settings.clientId, scope: 'access_as_user', claims };
  const first = await askToken(settings, 'host', request);
  const needsStep = !isSilent && !first.ok && first.description.includes('AADSTS50079');
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

async function argumentsFor(
  message: AppMessage,
  clientType: ClientType,
  isPopup: boolean,
): Promise<readonly unknown[] | null> {
  const [first, second, third] = message.args ?? [];
  switch (message.func) {
    case 'initialize':
      await new Promise((resolve) => setTimeout(resolve, settings.badly.start ?? 0));
      return [isPopup ? 'authentication' : 'content', clientType, '2.1.2', RUNTIME];
    case 'getContext':
      return [context(clientType)];
    case 'appInitialization.appLoaded':
    case 'appInitialization.success':
      document.body.dataset['app'] = 'ready';
      return null;
    case 'appInitialization.failure':
    case 'appInitialization.expectedFailure':
      document.body.dataset['app'] = 'failed';
      return null;
    case 'authentication.getAuthToken':
      return authToken(claimsOf(second), third === true);
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

/** Teams as the client of that kind. */
export function openTeams(clientType: ClientType): Teams {
  return {
    answer: async (message, isPopup) => {
      if (message.func === 'nestedAppAuth.execute') {
        return { args: [null, await answerNested(settings, message.data ?? '{}')] };
      }
      const args = await argumentsFor(message, clientType, isPopup);
      return args === null ? null : { id: message.id, uuidAsString: message.uuidAsString, args };
    },
    isPopup: (source) => popup !== null && source === popup,
    changeTheme: (next) => {
      theme = next;
    },
  };
}
