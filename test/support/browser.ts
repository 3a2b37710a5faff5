/**
 * A real Chromium in which Microsoft's names lead to the test's listener, so that the production bundle runs
 * inside `https://teams.microsoft.com` and `https://outlook.office.com`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { MICROSOFT_NAMES, ROOT, type World } from './createWorld.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TIMEOUT_MILLISECONDS = 10_000;

const SHOTS = join(ROOT, 'test-results', 'screenshots');

export interface TestBrowser {
  readonly browser: Browser;
  /** A window of its own, with cookies of its own. */
  context(): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function openBrowser(world: World): Promise<TestBrowser> {
  const rules = MICROSOFT_NAMES.map((name) => `MAP ${name}:443 127.0.0.1:${world.port}`);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [...FLAGS, `--host-resolver-rules=${rules.join(', ')}, MAP * ~NOTFOUND, EXCLUDE localhost`],
  });
  return {
    browser,
    context: async () => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1200, height: 1000 } });
      context.setDefaultTimeout(TIMEOUT_MILLISECONDS);
      return context;
    },
    close: () => browser.close(),
  };
}

export interface HostPage {
  readonly page: Page;
  readonly app: Frame;
}

/** Opens the application inside the host that the sandbox plays, under the host's real name. */
export async function openHost(
  context: BrowserContext,
  host: 'teams' | 'outlook',
  upn: string,
  query: Readonly<Record<string, string>> = {},
): Promise<HostPage> {
  const page = await context.newPage();
  const name = host === 'teams' ? 'teams.microsoft.com' : 'outlook.office.com';
  await page.goto(`https://${name}/sandbox/hosts/${host}?${new URLSearchParams({ as: upn, ...query }).toString()}`);
  const element = await page.waitForSelector('iframe');
  const app = await element.contentFrame();
  if (app === null) {
    throw new Error('The host shows no application');
  }
  return { page, app };
}

/** The part of *My sync* about one category. */
export function card(app: Frame | Page, name: string): Locator {
  return app.getByRole('region', { name, exact: true });
}

/** Answers the popup that `opener` opens by pressing one button after another. */
export async function answerPopup(page: Page, opener: () => Promise<unknown>, ...buttons: string[]): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), opener()]);
  for (const name of buttons) {
    await popup.getByRole('button', { name }).click();
  }
}

/** Leaves a picture of the application for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' });
}
