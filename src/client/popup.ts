/**
 * The last page of a popup: tells Teams that it is done, which closes it. In Outlook the pane closes the
 * dialog when it sees the outcome, and a window that a browser opened closes itself.
 *
 * Whether Teams listens is the library's word: a sign-in page with Cross-Origin-Opener-Policy cuts the opener
 * off, and on phones there is none but a bridge.
 */
import { within } from './hosts/openHost.ts';

const PATIENCE_MILLISECONDS = 3_000;

async function finish(): Promise<void> {
  const { app, authentication } = await import('./hosts/teamsSdk.ts');
  const started = await within(
    PATIENCE_MILLISECONDS,
    app.initialize().then(() => true),
  );
  if (started === true) {
    authentication.notifySuccess('done');
  }
  // Does nothing in a tab that the person opened, and the page says that the window can be closed.
  window.close();
}

// Only the page to which Microsoft sends people back is the end of a popup.
if (location.pathname === '/consent/return' || location.pathname.startsWith('/consent/start/')) {
  void finish();
}
