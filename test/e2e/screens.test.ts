/**
 * Every screen in every theme, at desktop and phone width: usable without a mouse's precision, without a
 * serious finding of axe, without scrolling sideways; and a picture of each for people to look at.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Frame } from 'playwright-core';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ } from '../support/grantConsent.ts';
import { press, visit } from '../support/browserConsent.ts';
import { openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { examine, examineIn, HOST_THEMES, LIGHT_AND_DARK } from '../support/inspectPage.ts';

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

describe.each(HOST_THEMES)('in $host, $themes.0', (looks) => {
  const open = (upn: string) => openHost(context, looks.host, upn, { theme: looks.themes[0] });

  test('my sync, with mail on', async () => {
    const shown = await open(PEOPLE.mara);
    await shown.app.getByText('On. You turned this on.').waitFor();
    await shown.app.getByRole('listitem').nth(7).waitFor();

    await examineIn(shown, 'my-sync', looks);
  });

  test('turning a category on', async () => {
    const shown = await open(PEOPLE.mara);
    await shown.app.getByRole('switch', { name: 'Calendar sync' }).click();
    await shown.app.getByRole('button', { name: 'Continue to Microsoft' }).waitFor();

    await examineIn(shown, 'turn-on', looks);
  });

  test('turning a category off', async () => {
    const shown = await open(PEOPLE.mara);
    await shown.app.getByRole('switch', { name: 'Mail sync' }).click();
    await shown.app.getByRole('radio', { name: 'Erase it' }).click();

    await examineIn(shown, 'turn-off', looks);
  });

  test('an organization that has not admitted the app', async () => {
    const shown = await open(PEOPLE.daniel);
    await shown.app.getByRole('heading', { name: 'Your organization has not admitted Assent' }).waitFor();

    await examineIn(shown, 'blocked', looks);
  });

  test('a member without a mailbox to synchronize', async () => {
    const shown = await open(PEOPLE.guest);
    await shown.app.getByText('You are a guest here').first().waitFor();

    await examineIn(shown, 'guest', looks);
  });
});

describe('the organization page in Teams', () => {
  const open = (upn: string) => openHost(context, 'teams', upn, { page: 'organization' });

  test('offered to the first administrator, and read-only for a member', async () => {
    const owen = await open(PEOPLE.owen);
    await owen.app.getByRole('button', { name: 'Become the owner' }).waitFor();
    await examineIn(owen, 'organization-admin', LIGHT_AND_DARK);

    const tom = await open(PEOPLE.tom);
    await tom.app.getByText('You can look at this page.').waitFor();
    await examineIn(tom, 'organization-member', LIGHT_AND_DARK);
  });

  test("the administrator's dialog", async () => {
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    const shown = await open(PEOPLE.owen);
    await shown.app.getByRole('button', { name: 'Decide for everyone' }).click();
    await shown.app.getByRole('radio', { name: 'Headers only' }).click();
    await shown.app.getByText('Microsoft will ask you for').waitFor();

    await examineIn(shown, 'administrator-dialog', LIGHT_AND_DARK);
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

  test.each(HOST_THEMES)('the locked page in $host, $themes.0', async (looks) => {
    const shown = await openHost(context, looks.host, PEOPLE.tom, { theme: looks.themes[0] });
    await shown.app.getByRole('img', { name: 'Only an administrator can change this' }).first().waitFor();
    await shown.app.getByText('Up to date.').first().waitFor();

    await examineIn(shown, 'locked', looks);
  });

  test('the granted organization in Teams', async () => {
    const shown = await openHost(context, 'teams', PEOPLE.owen, { page: 'organization' });
    await shown.app.getByRole('heading', { name: 'An administrator decides for everyone' }).waitFor();

    await examineIn(shown, 'organization-granted', LIGHT_AND_DARK);
  });

  test('a screen changes its theme with its host', async () => {
    const { app, page } = await openHost(context, 'teams', PEOPLE.mara);
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

function background(app: Frame): Promise<string> {
  return app.evaluate(() => getComputedStyle(document.querySelector('[data-page]') ?? document.body).backgroundColor);
}

async function turnMailOn(upn: string): Promise<void> {
  await world.as(upn, 'GET', '/api/session');
  const { body } = await world.as(upn, 'POST', '/api/me/consents', { selection: { ...EMPTY_SELECTION, mail: READ } });
  await press(world, await visit(world, new URL(readField(body, 'startUrl')).pathname), 'answer', 'accept');
  await world.settle();
}
