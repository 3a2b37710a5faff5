/** Microsoft Teams as a host, by @microsoft/teams-js. */
import type { Host, HostAccount, HostTheme, HostToken, Popup, PopupEnd } from './host.ts';
import { app, authentication, nestedAppAuth } from './teamsSdk.ts';
import { textFailure } from './signInFailure.ts';
import { isTeamsAround } from './teamsStart.ts';
import { expiryOf } from './tokenClaims.ts';

/**
 * `null` at once where there is neither a parent window nor the bridge that Teams on phones puts into its web
 * view; never answers where the parent is not Teams.
 */
export async function openTeams(): Promise<Host | null> {
  if (!(await isTeamsAround(() => app.initialize()))) {
    return null;
  }
  const context = await app.getContext();
  app.notifyAppLoaded();
  return {
    kind: 'teams',
    theme: themeOf(context.app.theme),
    onThemeChange: (change) => {
      app.registerOnThemeChangeHandler((theme) => {
        change(themeOf(theme));
      });
    },
    hasNestedAuth: nestedAppAuth.isNAAChannelRecommended(),
    loginHint: context.user?.loginHint,
    account: accountOf(context.user),
    mailboxAddress: null,
    silentToken: () => ownToken({ silent: true }),
    promptedToken: (claims) => ownToken(claims === undefined ? {} : { claims: [claims] }),
    openPopup,
    ready: () => {
      void app.notifySuccess();
    },
    items: null,
  };
}

function themeOf(theme: string): HostTheme {
  switch (theme) {
    case 'dark':
      return 'teamsDark';
    case 'contrast':
      return 'teamsContrast';
    default:
      return 'teamsLight';
  }
}

function accountOf(user: app.UserInfo | undefined): HostAccount | null {
  const tenantId = user?.tenant?.id;
  return user === undefined || tenantId === undefined ? null : { oid: user.id, tenantId };
}

async function ownToken(request: authentication.AuthTokenRequestParameters): Promise<HostToken> {
  try {
    const token = await authentication.getAuthToken(request);
    return { kind: 'token', token, expiresAt: expiryOf(token) };
  } catch (error) {
    return textFailure(error instanceof Error ? error.message : String(error));
  }
}

function openPopup(url: string): Popup {
  const ended = authentication.authenticate({ url, width: 520, height: 680 }).then(
    (message): PopupEnd => ({ kind: 'finished', message }),
    (error: unknown): PopupEnd => ({ kind: String(error).includes('FailedToOpenWindow') ? 'blocked' : 'closed' }),
  );
  // Teams owns the popup: it closes when its page says that it is done, or by the person.
  return { ended, close: () => undefined };
}
