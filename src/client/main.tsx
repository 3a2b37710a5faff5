/** Starts the application: the shell at once, the rest beside it. */
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { openHost } from './hosts/openHost.ts';
import { readPageSettings } from './settings.ts';

const container = document.getElementById('root');
if (container !== null) {
  const path = location.pathname;
  // The host and the screens load while React starts.
  const host = openHost(path);
  const screens = import('./app/Screens.tsx');
  void host.then((found) => {
    createRoot(container).render(<App host={found} path={path} settings={readPageSettings()} screens={screens} />);
  });
}
