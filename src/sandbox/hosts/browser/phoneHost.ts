/**
 * Plays Microsoft Teams on a phone: the tab is the top page of a web view, there is no parent window, and Teams
 * is reached by a bridge that it put into the page.
 *
 * The tab's page takes this page's place, which keeps the window and what was put into it.
 *
 * Source  microsoft-teams-library-js, `internal/communication.ts`: `nativeInterface.framelessPostMessage` and
 * `onNativeMessage`; "Nested app authentication": the bridge that the host puts into the page.
 */
import { readSettings } from './hostToken.ts';
import { type AppMessage, openTeams, type TeamsSettings } from './teamsAnswers.ts';
import { asRecord, nestedBridge, showInPlace } from './topPage.ts';

const settings = readSettings<TeamsSettings>();
const teams = openTeams('ios');
const bridge = asRecord(window);

async function receive(message: AppMessage): Promise<void> {
  const data = await teams.answer(message, false);
  const hear = bridge['onNativeMessage'];
  if (data !== null && typeof hear === 'function') {
    hear({ data });
  }
}

/** On a phone the popup is a web view with a bridge of its own; here it is a window that has an opener. */
async function receiveFromPopup(event: MessageEvent<AppMessage>): Promise<void> {
  if (teams.isPopup(event.source) && typeof event.data?.func === 'string') {
    const answer = await teams.answer(event.data, true);
    if (answer !== null) {
      event.source?.postMessage(answer, { targetOrigin: location.origin });
    }
  }
}

async function show(): Promise<void> {
  await showInPlace(`/tab/${settings.page}`);
  // What is heard on a window ends when its document is replaced.
  window.addEventListener('message', (event: MessageEvent<AppMessage>) => {
    void receiveFromPopup(event);
  });
}

function readMessage(text: string): AppMessage {
  return JSON.parse(text);
}

bridge['nativeInterface'] = {
  framelessPostMessage: (text: string) => {
    void receive(readMessage(text));
  },
};
bridge['nestedAppAuthBridge'] = nestedBridge(settings);
void show();
