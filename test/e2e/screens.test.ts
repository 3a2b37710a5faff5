/**
 * Every screen in every theme, at desktop and phone width: usable without a mouse's precision, without a
 * serious finding of axe, without scrolling sideways; and a picture of each for people to look at.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Frame } from 'playwright-core';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ } from '../support/grantConsent.ts';
import { press, visit } from '../support/browserConsent.ts';
import { LOOKS, type HostPage, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { examine } from '../support/inspectPage.ts';

const WIDTHS = { desktop: 1200, phone: 320 } as const;

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: 30, events: 12, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  context = await browser.context();
  await turnMailOn(PEOPLE.mara);
  await world.as(PEOPLE.owen, 'GET', '/api/session');
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

describe.each(LOOKS)('in $host, $theme', ({ host, theme }) => {
  describe.each(['desktop', 'phone'] as const)('at %s width', (size) => {
    const open = (upn: string, query: Record<string, string> = {}) => openAt(host, theme, size, upn, query);

    test('my sync, with mail on', async () => {
      const { app, page } = await open(PEOPLE.mara);
      await app.getByText('On. You turned this on.').waitFor();
      await app.getByRole('listitem').nth(7).waitFor();

      await examine({ app, page }, `my-sync ${host} ${theme} ${size}`);
    });

    test('turning a category on', async () => {
      const { app, page } = await open(PEOPLE.mara);
      await app.getByRole('switch', { name: 'Calendar sync' }).click();
      await app.getByRole('button', { name: 'Continue to Microsoft' }).waitFor();

      await examine({ app, page }, `turn-on ${host} ${theme} ${size}`);
    });

    test('turning a category off', async () => {
      const { app, page } = await open(PEOPLE.mara);
      await app.getByRole('switch', { name: 'Mail sync' }).click();
      await app.getByRole('radio', { name: 'Erase it' }).click();

      await examine({ app, page }, `turn-off ${host} ${theme} ${size}`);
    });

    test('an organization that has not admitted the app', async () => {
      const { app, page } = await open(PEOPLE.daniel);
      await app.getByRole('heading', { name: 'Your organization has not admitted Assent' }).waitFor();

      await examine({ app, page }, `blocked ${host} ${theme} ${size}`);
    });

    test('a member without a mailbox to synchronize', async () => {
      const { app, page } = await open(PEOPLE.guest);
      await app.getByText('You are a guest here').first().waitFor();

      await examine({ app, page }, `guest ${host} ${theme} ${size}`);
    });
  });
});

describe.each(['default', 'dark'])('the organization page in Teams, %s', (theme) => {
  describe.each(['desktop', 'phone'] as const)('at %s width', (size) => {
    test('offered to the first administrator, and read-only for a member', async () => {
      const owen = await openAt('teams', theme, size, PEOPLE.owen, { page: 'organization' });
      await owen.app.getByRole('button', { name: /Become the owner|Decide for everyone/ }).waitFor();
      await examine(owen, `organization-admin teams ${theme} ${size}`);

      const tom = await openAt('teams', theme, size, PEOPLE.tom, { page: 'organization' });
      await tom.app.getByText('You can look at this page.').waitFor();
      await examine(tom, `organization-member teams ${theme} ${size}`);
    });

    test("the administrator's dialog", async () => {
      await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
      const { app, page } = await openAt('teams', theme, size, PEOPLE.owen, { page: 'organization' });
      await app.getByRole('button', { name: 'Decide for everyone' }).click();
      await app.getByRole('radio', { name: 'Headers only' }).click();
      await app.getByText('Microsoft will ask you for').waitFor();

      await examine({ app, page }, `administrator-dialog teams ${theme} ${size}`);
    });
  });
});

describe('once an administrator has decided', () => {
  beforeAll(async () => {
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    const { body } = await world.as(PEOPLE.owen, 'POST', '/api/organization/consents', {
      mode: 'organization',
      selection: { ...EMPTY_SELECTION, mail: READ, calendar: READ },
      confirmAdministrator: true,
    });
    const picker = await visit(world, new URL(readField(body, 'startUrl')).pathname);
    const screen = await press(world, picker, 'account', '7c2a9e10-0002-4c3d-8e5f-100000000002');
    await press(world, screen, 'answer', 'accept');
    await world.settle();
  });

  test.each(LOOKS)('the locked page in $host, $theme', async ({ host, theme }) => {
    for (const size of ['desktop', 'phone'] as const) {
      const { app, page } = await openAt(host, theme, size, PEOPLE.tom, {});
      await app.getByRole('img', { name: 'Only an administrator can change this' }).first().waitFor();
      await app.getByText('Up to date.').first().waitFor();

      await examine({ app, page }, `locked ${host} ${theme} ${size}`);
    }
  });

  test.each(['default', 'dark'])('the granted organization in Teams, %s', async (theme) => {
    for (const size of ['desktop', 'phone'] as const) {
      const { app, page } = await openAt('teams', theme, size, PEOPLE.owen, { page: 'organization' });
      await app.getByRole('heading', { name: 'An administrator decides for everyone' }).waitFor();

      await examine({ app, page }, `organization-granted teams ${theme} ${size}`);
    }
  });

  test('a screen changes its theme with its host', async () => {
    const { app, page } = await openAt('teams', 'default', 'desktop', PEOPLE.mara, {});
    await app.getByText('Your administrator decides for everyone at Harbor Reed Partners.').waitFor();
    const before = await background(app);
    await page.getByLabel('Theme').selectOption('dark');
    await app.waitForFunction(
      (old) => getComputedStyle(document.querySelector('[data-page]') ?? document.body).backgroundColor !== old,
      before,
    );

    expect(await background(app)).not.toBe(before);
  });
});

describe('without a host', () => {
  test.each(['/tab/me', '/tab/organization', '/pane', '/', '/connect', '/privacy', '/terms', '/support'])(
    '%s says what it is and where to go',
    async (path) => {
      const page = await context.newPage();
      await page.goto(`${world.origin}${path}`);
      const heading = page.getByRole('heading', { level: 1 });
      await heading.waitFor();

      expect(await heading.innerText()).not.toBe('');
      await examine({ page, app: page.mainFrame() }, `plain${path.replaceAll('/', '-')}`);
    },
  );
});

async function openAt(
  host: 'teams' | 'outlook',
  theme: string,
  size: keyof typeof WIDTHS,
  upn: string,
  query: Record<string, string>,
): Promise<HostPage> {
  const width = size === 'desktop' && host === 'outlook' ? 360 : WIDTHS[size];
  return openHost(context, host, upn, { theme, width: String(width), ...query });
}

function background(app: Frame): Promise<string> {
  return app.evaluate(() => getComputedStyle(document.querySelector('[data-page]') ?? document.body).backgroundColor);
}

async function turnMailOn(upn: string): Promise<void> {
  await world.as(upn, 'GET', '/api/session');
  const { body } = await world.as(upn, 'POST', '/api/me/consents', { selection: { ...EMPTY_SELECTION, mail: READ } });
  await press(world, await visit(world, new URL(readField(body, 'startUrl')).pathname), 'answer', 'accept');
  await world.settle();
}
