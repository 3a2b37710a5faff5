/** Microsoft Teams as a host, by @microsoft/teams-js. */
import type { Host, HostTheme, HostToken, Popup, PopupEnd } from './host.ts';
import { app, authentication, nestedAppAuth } from './teamsSdk.ts';
import { expiryOf } from './tokenExpiry.ts';

/** Rejects, or never answers, where no Teams is around the page: the caller sets the time limit. */
export async function openTeams(): Promise<Host> {
  await app.initialize();
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
    hostToken,
    openPopup,
    ready: () => {
      void app.notifySuccess();
    },
    items: null,
  };
}

function themeOf(theme: string): HostTheme {
  return theme === 'dark' ? 'teamsDark' : 'teamsLight';
}

async function hostToken(claims?: string): Promise<HostToken> {
  try {
    const token = await authentication.getAuthToken(claims === undefined ? {} : { claims: [claims] });
    return { kind: 'token', token, expiresAt: expiryOf(token) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return /consent/i.test(text) ? { kind: 'blocked' } : { kind: 'unavailable' };
  }
}

function openPopup(url: string): Popup {
  const ended = authentication.authenticate({ url, width: 520, height: 680 }).then(
    (): PopupEnd => 'finished',
    (error: unknown): PopupEnd => (String(error).includes('FailedToOpenWindow') ? 'blocked' : 'closed'),
  );
  // Teams owns the popup: it closes when its page says that it is done, or by the person.
  return { ended, close: () => undefined };
}
