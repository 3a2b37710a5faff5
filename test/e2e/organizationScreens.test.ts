/** The organization page in its states: every part and dialog, each seen light and dark, at desktop and phone width. */
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { type HostPage, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { changeSettings, decideForEveryone, MAIL, MAIL_AND_CALENDAR, oidOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';
import { examine, examineIn, HOST_THEMES, LIGHT_AND_DARK } from '../support/inspectPage.ts';

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: 12, events: 6, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  context = await browser.context();
  await turnOn(world, PEOPLE.mara);
  await decideForEveryone(world, PEOPLE.owen, MAIL_AND_CALENDAR);
  await changeSettings(world, PEOPLE.owen, { selection: MAIL });
  await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
    coverage: { kind: 'people', memberIds: [await oidOf(world, PEOPLE.mara)] },
    canary: { id: await oidOf(world, PEOPLE.tom), name: 'Tom Whitaker' },
  });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

describe('in Teams', () => {
  const open = (): Promise<HostPage> => openHost(context, 'teams', PEOPLE.owen, { page: 'organization' });

  test.each([
    ['People', 'Never opened'],
    ['Checks', 'Exchange Web Services'],
    ['History', 'Owen Park became the owner'],
    ['Permissions', 'Manage all delegated permission grants'],
  ])('the part %s', async (part, text) => {
    const page = await open();
    await page.app.getByRole('tab', { name: part }).click();
    await page.app.getByText(text).first().waitFor();

    await examineIn(page, `organization-${part.toLowerCase()}`, LIGHT_AND_DARK);
  });

  test('the overview, granted wider than it is used', async () => {
    const page = await open();
    await page.app.getByText('More is granted than is used').waitFor();
    await page.app.getByText('Must stay closed: Tom Whitaker.').waitFor();

    await examineIn(page, 'organization-overview', LIGHT_AND_DARK);
  });

  test('everything else in a menu', async () => {
    const page = await open();
    await page.app.getByRole('button', { name: 'More' }).click();
    await page.app.getByRole('menuitem', { name: 'Remove the grant at Microsoft…' }).waitFor();

    await examineIn(page, 'organization-menu', LIGHT_AND_DARK);
  });

  test('removing the grant', async () => {
    const page = await open();
    await page.app.getByRole('button', { name: 'More' }).click();
    await page.app.getByRole('menuitem', { name: 'Remove the grant at Microsoft…' }).click();
    await page.app.getByText('Manage all delegated permission grants').waitFor();

    await examineIn(page, 'organization-remove', LIGHT_AND_DARK);
  });

  test('back to everyone for themselves, with whom it affects', async () => {
    const page = await open();
    await page.app.getByRole('button', { name: 'More' }).click();
    await page.app.getByRole('menuitem', { name: 'Let everyone decide for themselves' }).click();
    await page.app.getByText('Whom this affects').waitFor();

    await examineIn(page, 'organization-back', LIGHT_AND_DARK);
  });

  test('whose mailboxes are covered', async () => {
    const page = await open();
    await page.app.getByRole('button', { name: 'More' }).click();
    await page.app.getByRole('menuitem', { name: 'Change who is covered' }).click();
    await page.app.getByText('A mailbox that must stay closed').waitFor();

    await examineIn(page, 'organization-coverage', LIGHT_AND_DARK);
  });

  test('connecting as a whole', async () => {
    const page = await open();
    await page.app.getByRole('button', { name: 'More' }).click();
    await page.app.getByRole('menuitem', { name: 'Connect as a whole (service)…' }).click();
    await page.app.getByText('Read mail in all mailboxes').waitFor();

    await examineIn(page, 'organization-service', LIGHT_AND_DARK);
  });

  test('who may connect', async () => {
    const page = await open();
    await page.app.getByRole('region', { name: 'Who may connect' }).getByRole('button', { name: 'Change' }).click();
    await page.app.getByRole('radio', { name: 'Chosen people' }).click();
    await page.app.getByRole('checkbox', { name: 'Mara Ellis' }).waitFor();

    await examineIn(page, 'organization-access', LIGHT_AND_DARK);
  });

  test('changed at Microsoft behind our back', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(6 * 60_000);
    await world.settle();
    const page = await open();
    await page.app.getByText("Microsoft's grant was changed there").waitFor();
    await examineIn(page, 'organization-drift', LIGHT_AND_DARK);
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(16 * 60_000);
    await world.settle();
  });
});

describe('a member who may not consent', () => {
  beforeAll(async () => {
    await world.as(PEOPLE.priya, 'GET', '/api/session');
    await world.as(PEOPLE.priya, 'POST', '/api/me/refusals', { selection: MAIL_AND_CALENDAR });
    await world.as(PEOPLE.priya, 'POST', '/api/me/refusals', { selection: MAIL });
  });

  test.each(HOST_THEMES)('sees it before the click, in $host, $themes.0', async (looks) => {
    const page = await openHost(context, looks.host, PEOPLE.priya, { theme: looks.themes[0] });
    await page.app.getByText('Your organization lets only administrators grant this.').first().waitFor();

    await examineIn(page, 'blocked-before', looks);
  });

  test('hands the request on', async () => {
    const page = await openHost(context, 'outlook', PEOPLE.priya, { theme: 'light', width: '360' });
    await page.app.getByRole('button', { name: 'Ask an administrator' }).first().click();
    await page.app.getByRole('button', { name: 'Make a link for an administrator' }).click();
    await page.app.getByLabel('Link for an administrator').waitFor();

    await examine(page, 'hand-off outlook light 360');
  });
});
