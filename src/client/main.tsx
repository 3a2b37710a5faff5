/** Starts the application: the shell at once, the rest beside it. */
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { openHost } from './hosts/openHost.ts';
import { readPageSettings } from './settings.ts';

const container = document.getElementById('root');
if (container !== null) {
  const path = location.pathname;
  // Host, screens and sign-in load beside each other; each is needed only when the one before it is there.
  const host = openHost(path);
  const screens = import('./app/Screens.tsx');
  void import('./auth/nestedToken.ts');
  void host.then((found) => {
    createRoot(container).render(<App host={found} path={path} settings={readPageSettings()} screens={screens} />);
  });
}
