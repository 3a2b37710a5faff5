/** TeamsFx signs in inside the Teams host that the sandbox plays: its token is for our own API, and is taken there. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import webpack from 'webpack';
import { openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { CLIENT_ID, createWorld, PEOPLE, ROOT, type World } from '../support/createWorld.ts';
import { readFile } from 'node:fs/promises';

const FOLDER = join(ROOT, 'test', 'interop', 'teamsfx');

let world: World;
let browser: TestBrowser;

beforeAll(async () => {
  const script = await bundle();
  world = await createWorld({
    startWorker: false,
    pages: {
      '/tab/me': (origin) =>
        `<!doctype html><title>Tab</title><body data-client-id="${CLIENT_ID}" data-origin="${origin}"><script type="module">${script}</script></body>`,
    },
  });
  browser = await openBrowser(world);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('TeamsUserCredential is signed in by the host, and asks a person before it goes to Microsoft', async () => {
  const { app } = await openHost(await browser.context(), 'teams', PEOPLE.mara);
  // It tries Microsoft in a frame that no one sees, and gives up after a while.
  await app.locator('#result').waitFor({ timeout: 40_000 });
  const result = JSON.parse((await app.locator('#result').textContent()) ?? '{}');
  const session = await world.request('/api/session', { headers: { authorization: `Bearer ${result.own}` } });

  expect(result).toMatchObject({
    user: { displayName: 'Mara Ellis', preferredUserName: PEOPLE.mara },
    graph: { refused: 'UiRequiredError' },
  });
  expect(session.status).toBe(200);
});

/** The tab with everything it imports, as one script that may stand inside a page. */
async function bundle(): Promise<string> {
  const compiler = webpack({
    mode: 'production',
    context: FOLDER,
    entry: join(FOLDER, 'tab.mjs'),
    output: { path: join(FOLDER, 'dist'), filename: 'tab.js', module: true, chunkFormat: 'module' },
    experiments: { outputModule: true, topLevelAwait: true },
    performance: { hints: false },
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error !== null || stats?.hasErrors() === true) {
        reject(error ?? new Error(stats?.toString({ all: false, errors: true })));
      } else {
        resolve();
      }
    });
  });
  const text = await readFile(join(FOLDER, 'dist', 'tab.js'), 'utf8');
  return text.replaceAll('</script', '<\\/script');
}
