/** Starts the application: the shell at once, the rest beside it. */
import { createRoot, type Root } from 'react-dom/client';
import { App } from './app/App.tsx';
import { awaitHost } from './hosts/awaitHost.ts';
import { openHost } from './hosts/openHost.ts';
import { readPageSettings } from './settings.ts';

const container = document.getElementById('root');
if (container !== null) {
  const path = location.pathname;
  // Host and screens load beside each other; until the host answers, the page's own skeleton stands.
  const screens = import('./app/Screens.tsx');
  let root: Root | undefined;
  void awaitHost(openHost(path), (host) => {
    root ??= createRoot(container);
    root.render(<App host={host} path={path} settings={readPageSettings()} screens={screens} />);
  });
}
