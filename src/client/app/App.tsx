/** The shell: theme, words, and what is shown until someone is signed in. */
import { FluentProvider, makeStyles, tokens, type Theme } from '@fluentui/react-components';
import {
  teamsDarkTheme,
  teamsHighContrastTheme,
  teamsLightTheme,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import { type ComponentType, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { openApi } from '../api/client.ts';
import { openTokenSource } from '../auth/tokenSource.ts';
import type { Host, HostTheme, HostToken } from '../hosts/host.ts';
import type { HostState } from '../hosts/awaitHost.ts';
import type { PageSettings } from '../settings.ts';
import { TextProvider } from '../text/TextProvider.tsx';
import { RecipientContext } from '../ui/Recipient.tsx';
import { type SignInProgress, SignInState } from './SignInState.tsx';
import type { ScreensProps } from './Screens.tsx';

export interface AppProps {
  readonly host: HostState;
  readonly path: string;
  readonly settings: PageSettings;
  /** The screens, loading beside the shell. */
  readonly screens: Promise<{ readonly Screens: ComponentType<ScreensProps> }>;
}

const THEMES: Readonly<Record<HostTheme, Theme>> = {
  teamsLight: teamsLightTheme,
  teamsDark: teamsDarkTheme,
  teamsContrast: teamsHighContrastTheme,
  outlookLight: webLightTheme,
  outlookDark: webDarkTheme,
};

const useStyles = makeStyles({
  page: {
    minHeight: '100vh',
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
  },
  content: {
    boxSizing: 'border-box',
    maxWidth: '760px',
    marginInline: 'auto',
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalL}`,
  },
});

export function App({ host, path, settings, screens }: AppProps) {
  const styles = useStyles();
  const theme = useHostTheme(host, path);
  return (
    <FluentProvider theme={THEMES[theme]}>
      <TextProvider>
        {/* Not on the provider: what it wears, every dialog and menu wears too. */}
        <div className={styles.page} data-page>
          <main className={styles.content}>
            {!isHost(host) ? (
              <SignInState
                state={host}
                host={path.startsWith('/pane') ? 'Outlook' : 'Teams'}
                onSignIn={reload}
                onStartOver={reload}
              />
            ) : (
              <RecipientContext value={settings.recipient}>
                <SignedIn host={host} path={path} settings={settings} screens={screens} />
              </RecipientContext>
            )}
          </main>
        </div>
      </TextProvider>
    </FluentProvider>
  );
}

function isHost(state: HostState): state is Host {
  return state.kind === 'teams' || state.kind === 'outlook';
}

function reload(): void {
  location.reload();
}

function useHostTheme(host: HostState, path: string): HostTheme {
  const known = isHost(host) ? host : null;
  const [changed, setChanged] = useState<HostTheme | null>(null);
  useEffect(() => known?.onThemeChange(setChanged), [known]);
  return changed ?? known?.theme ?? themeBefore(path);
}

/** Until a host says which it has. */
function themeBefore(path: string): HostTheme {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  if (path.startsWith('/pane')) {
    return isDark ? 'outlookDark' : 'outlookLight';
  }
  return isDark ? 'teamsDark' : 'teamsLight';
}

function SignedIn({ host, path, settings, screens }: AppProps & { readonly host: Host }) {
  const tokenSource = useMemo(() => openTokenSource(host, settings), [host, settings]);
  const api = useMemo(() => openApi(tokenSource), [tokenSource]);
  const Screens = useMemo(() => lazy(() => screens.then((module) => ({ default: module.Screens }))), [screens]);
  const [state, setState] = useState<SignInProgress>({ kind: 'asking' });
  // What was given up must not answer for what came after it.
  const asked = useRef(0);
  const follow = useCallback(
    (kind: 'asking' | 'prompting', pending: Promise<HostToken>) => {
      asked.current += 1;
      const mine = asked.current;
      setState({ kind });
      void pending.then((answer) => {
        if (mine === asked.current) {
          setState(answer.kind === 'token' ? { kind: 'token' } : answer);
          host.ready();
        }
      });
    },
    [host],
  );
  const start = useCallback(() => {
    follow('asking', tokenSource.get());
  }, [follow, tokenSource]);
  useEffect(start, [start]);
  useEffect(
    () =>
      tokenSource.onLateToken(() => {
        asked.current += 1;
        setState({ kind: 'token' });
      }),
    [tokenSource],
  );
  useEffect(
    () =>
      tokenSource.onClickNeeded((failure) => {
        asked.current += 1;
        setState(failure);
      }),
    [tokenSource],
  );
  const signIn = () => {
    follow('prompting', tokenSource.signIn());
  };
  const name = host.kind === 'outlook' ? 'Outlook' : 'Teams';
  if (state.kind !== 'token') {
    return <SignInState state={state} host={name} onSignIn={signIn} onStartOver={start} />;
  }
  return (
    <Suspense fallback={<SignInState state={{ kind: 'asking' }} host={name} onSignIn={signIn} onStartOver={start} />}>
      <Screens host={host} api={api} path={path} />
    </Suspense>
  );
}
