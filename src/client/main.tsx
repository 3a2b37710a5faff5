/** Starts the application: the shell at once, the rest beside it. */
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { openHost } from './hosts/openHost.ts';
import { readPageSettings } from './settings.ts';

const container = document.getElementById('root');
if (container !== null) {
  const path = location.pathname;
  // Host and screens load beside each other; until the host answers, the page's own skeleton stands.
  const host = openHost(path);
  const screens = import('./app/Screens.tsx');
  void host.then((found) => {
    createRoot(container).render(<App host={found} path={path} settings={readPageSettings()} screens={screens} />);
  });
}
