/**
 * The last page of a popup: tells the host that it is done, which closes it. In Outlook the pane closes the
 * dialog when it sees the outcome, and a window that a browser opened closes itself. A window that signed someone in
 * hands the token over.
 *
 * Whether Teams listens is the library's word: a sign-in page with Cross-Origin-Opener-Policy cuts the opener
 * off, and on phones there is none but a bridge.
 */
import { within } from './hosts/within.ts';

const TIMEOUT_MILLISECONDS = 3_000;
/** office.js spaces what it tells native apps, so a message may leave a little after it was handed over. */
const LEAVING_MILLISECONDS = 1_000;

async function finish(message: string): Promise<void> {
  if (typeof Office === 'undefined') {
    await tellTeams(message);
  } else if (!(await tellOutlook(message))) {
    document.querySelectorAll<HTMLElement>('[data-reached]').forEach((text) => {
      text.hidden = text.dataset['reached'] === 'yes';
    });
    return;
  }
  // Does nothing in a tab that the person opened, and the page says that the window can be closed.
  window.close();
}

/**
 * Whether Outlook could be told. On Android it opens dialogs as browser tabs, from which no app can be reached.
 *
 * Source  office-js issue 3700.
 */
async function tellOutlook(message: string): Promise<boolean> {
  const { host } = await Office.onReady();
  if (host === null) {
    return false;
  }
  Office.context.ui.messageParent(message, { targetOrigin: location.origin });
  await new Promise((resolve) => setTimeout(resolve, LEAVING_MILLISECONDS));
  return true;
}

async function tellTeams(message: string): Promise<void> {
  const { app, authentication } = await import('./hosts/teamsSdk.ts');
  const started = await within(
    TIMEOUT_MILLISECONDS,
    app.initialize().then(() => true),
  );
  if (started === true) {
    authentication.notifySuccess(message);
  }
}

function handedOver(): string | null {
  const text = document.getElementById('hand-over')?.textContent;
  return text === undefined || text === null ? null : String(Object(JSON.parse(text)).token);
}

/**
 * Any app in Teams may open this address and would be told what it ends with, so a person says that it was them: the
 * page names who signed in to what. Office passes a message on to our own origin only.
 */
function handOver(token: string): void {
  const button = document.getElementById('go-on');
  if (button === null) {
    void finish(token);
    return;
  }
  button.addEventListener('click', () => void finish(token));
}

// Only the page to which Microsoft sends people back is the end of a popup; one that refuses a sign-in stays to be read.
if (/^\/consent\/(?:return|start\/)/.test(location.pathname)) {
  void finish('done');
} else if (location.pathname === '/sign-in/return') {
  const token = handedOver();
  if (token !== null) {
    handOver(token);
  }
}
