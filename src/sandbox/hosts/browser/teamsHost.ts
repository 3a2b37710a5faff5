/** Plays Microsoft Teams on the web around a personal tab. */
import { readSettings } from './hostToken.ts';
import { type AppMessage, openTeams, type TeamsSettings } from './teamsAnswers.ts';

const settings = readSettings<TeamsSettings>();
const appOrigin = new URL(settings.appUrl).origin;
const teams = openTeams('web');

async function receive(event: MessageEvent<AppMessage>): Promise<void> {
  const isPopup = teams.isPopup(event.source);
  const isFrame = event.source === frame.contentWindow;
  if (event.origin !== appOrigin || (!isPopup && !isFrame) || typeof event.data?.func !== 'string') {
    return;
  }
  const answer = await teams.answer(event.data, isPopup);
  if (answer !== null) {
    event.source?.postMessage(answer, { targetOrigin: appOrigin });
  }
}

function changeTheme(next: string): void {
  teams.changeTheme(next);
  document.body.dataset['theme'] = next;
  frame.contentWindow?.postMessage({ func: 'themeChange', args: [next] }, appOrigin);
}

window.addEventListener('message', (event: MessageEvent<AppMessage>) => {
  void receive(event);
});
const frame = document.createElement('iframe');
frame.title = 'Assent';
frame.src = `${settings.appUrl}/tab/${settings.page}`;
frame.allow = 'clipboard-write';
document.getElementById('app')?.append(frame);
document.getElementById('theme')?.addEventListener('change', (event) => {
  if (event.target instanceof HTMLSelectElement) {
    changeTheme(event.target.value);
  }
});
