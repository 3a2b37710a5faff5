/** The unmodified @azure/msal-browser as an ordinary single-page application, without any host around it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLIENT_ID, createWorld, HARBOR_REED, ROOT, type World } from '../support/createWorld.ts';
import { openBrowser, type TestBrowser } from '../support/browser.ts';

const LIBRARY = readFileSync(
  join(ROOT, 'node_modules', '@azure', 'msal-browser', 'lib', 'msal-browser.min.js'),
  'utf8',
);

let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 0, events: 0, pages: { '/test/redirect': page } });
  browser = await openBrowser(world);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** A page that signs in by redirect and writes down what it got, then asks again in silence. */
function page(origin: string): string {
  return `<!doctype html><title>waiting</title><script>${LIBRARY}</script><script type="module">
    const application = new msal.PublicClientApplication({
      auth: {
        clientId: '${CLIENT_ID}',
        authority: '${origin}/${HARBOR_REED}',
        knownAuthorities: ['${new URL(origin).host}'],
        redirectUri: '${origin}/test/redirect',
      },
      cache: { cacheLocation: 'sessionStorage' },
    });
    await application.initialize();
    const result = await application.handleRedirectPromise();
    if (result === null) {
      await application.acquireTokenRedirect({ scopes: ['User.Read'] });
    } else {
      const request = { scopes: ['User.Read'], account: result.account, forceRefresh: true };
      const silent = await application.acquireTokenSilent(request);
      document.title = JSON.stringify({ name: result.account.name, scopes: result.scopes, refreshed: silent.accessToken !== '' });
    }
  </script>`;
}

test('signs in by code and PKCE, redeems the code itself, and refreshes in silence', async () => {
  const context = await browser.context();
  const tab = await context.newPage();
  await tab.goto(`${world.origin}/test/redirect`);
  await tab.getByRole('button', { name: /Mara Ellis/ }).click();
  await tab.waitForFunction(() => document.title.startsWith('{'));

  const outcome = Object(JSON.parse(await tab.title()));
  expect(outcome).toMatchObject({ name: 'Mara Ellis', refreshed: true });
  expect(outcome.scopes.join(' ')).toContain('User.Read');
});
