/** Starts the application: the shell at once, the rest beside it. */
import { createRoot, type Root } from 'react-dom/client';
import { App, type AppProps } from './app/App.tsx';
import { openHost, within } from './hosts/openHost.ts';
import { readPageSettings } from './settings.ts';

/** How long the skeleton says enough; then it is said what is waited for. */
const HINT_MILLISECONDS = 4000;

const container = document.getElementById('root');
if (container !== null) {
  const path = location.pathname;
  // Host and screens load beside each other; until the host answers, the page's own skeleton stands.
  const host = openHost(path);
  const screens = import('./app/Screens.tsx');
  let root: Root | undefined;
  const show = (found: AppProps['host']) => {
    root ??= createRoot(container);
    root.render(<App host={found} path={path} settings={readPageSettings()} screens={screens} />);
  };
  void within(HINT_MILLISECONDS, host.then(show)).then((isShown) => {
    if (isShown === null) {
      show('opening');
    }
  });
}
