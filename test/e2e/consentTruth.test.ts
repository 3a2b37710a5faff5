/** What people see of what Microsoft granted, refused, took back or had yet to decide, in each host. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Frame } from 'playwright-core';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { answerPopup, card, openBrowser, openHost, shoot, type TestBrowser } from '../support/browser.ts';
import { READ, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, LINDQVIST, PEOPLE, type World } from '../support/createWorld.ts';

const IDENTITY = ['User.Read', 'openid', 'profile', 'email', 'offline_access'];
const TAKEN_BACK = "Microsoft's permission was taken back there.";

describe.each(['teams', 'outlook'] as const)('in %s', (host) => {
  let world: World;
  let browser: TestBrowser;
  let context: BrowserContext;

  beforeAll(async () => {
    world = await createWorld({ messages: 2, events: 1, contacts: 1, officeFromMicrosoft: true });
    browser = await openBrowser(world);
    context = await browser.context();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const turn = (app: Frame, name: string) => app.getByRole('switch', { name: `${name} sync` }).click();
  const go = (app: Frame) => app.getByRole('button', { name: 'Continue to Microsoft' });
  /** Taken back at Microsoft a while ago. */
  const takeBack = async (upn: string, scope: string) => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: upn, scopes: [scope] });
    world.advance(6_000);
  };

  test('T9 the first person of an organization is not sent to an administrator', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: IDENTITY });
    const { app, page } = await openHost(context, host, PEOPLE.tom);
    await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
    const blamed = await app.getByText('administrator').count();
    await turn(app, 'Mail');
    await answerPopup(page, () => go(app).click(), 'Accept');

    await card(app, 'Mail').getByText('On. You turned this on.').waitFor();
    expect(blamed).toBe(0);
  });

  test('D4 what was taken back at Microsoft can be granted again where that is said', async () => {
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, tasks: READ });
    await takeBack(PEOPLE.mara, 'Tasks.Read');
    const { app, page } = await openHost(context, host, PEOPLE.mara);
    const tasks = card(app, 'Tasks');
    await tasks.getByText(TAKEN_BACK).waitFor();
    await shoot(page, `taken-back-${host}`);
    await tasks.getByRole('button', { name: 'Grant again' }).click();
    await answerPopup(page, () => go(app).click(), 'Accept');

    await tasks.getByText('On. You turned this on.').waitFor();
  });

  test('D5, P13 what was taken back is not asked for beside something else, and what is granted not again', async () => {
    await turnOn(world, PEOPLE.ines, { ...EMPTY_SELECTION, tasks: READ });
    await takeBack(PEOPLE.ines, 'Tasks.Read');
    const { app, page } = await openHost(context, host, PEOPLE.ines);
    await card(app, 'Tasks').getByText(TAKEN_BACK).waitFor();
    await turn(app, 'Contacts');
    await go(app).waitFor();
    const asked = await app.getByRole('dialog').innerText();
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.ines, scopes: ['Contacts.Read'] });
    const [popup] = await Promise.all([page.waitForEvent('popup'), go(app).click()]);
    await card(app, 'Contacts').getByText('On. You turned this on.').waitFor();
    await (popup.isClosed() ? undefined : popup.waitForEvent('close'));

    expect(asked).toContain('contacts');
    expect(asked.toLowerCase()).not.toContain('tasks');
    expect(await card(app, 'Tasks').innerText()).toContain(TAKEN_BACK);
  });

  test("D10 after one refusal by Microsoft's managed policy the rest of it is offered by a link first", async () => {
    const { app, page } = await openHost(context, host, PEOPLE.priya);
    await turn(app, 'Mail');
    await answerPopup(page, () => go(app).click(), 'Return to the application without granting consent');
    await app.getByText('Nothing was granted').waitFor();
    await app.getByRole('button', { name: 'Close' }).click();
    await turn(app, 'Calendar');
    await app.getByRole('button', { name: 'Make a link' }).waitFor();
    await shoot(page, `link-first-${host}`);

    expect(await app.getByRole('button', { name: 'Try at Microsoft anyway' }).count()).toBe(1);
    expect(await go(app).count()).toBe(0);
  });

  test('D6 what Microsoft was sent as a request is on when it was approved, without another click', async () => {
    await world.control('PUT', '/application', {
      tenant: 'lindqvist.example',
      assignmentRequired: false,
      verifiedPublisher: null,
      requestsEnabled: true,
    });
    const { app, page } = await openHost(context, host, PEOPLE.sam);
    await turn(app, 'Mail');
    const anyway = app.getByRole('button', { name: 'Try at Microsoft anyway' });
    await answerPopup(page, () => anyway.click(), 'Request approval');
    await app.getByText('Nothing was granted').waitFor();
    await page.close();
    await world.control('POST', '/grants', { tenant: LINDQVIST, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(61_000);
    const { app: later } = await openHost(context, host, PEOPLE.sam);

    await card(later, 'Mail').getByText('On. You turned this on.').waitFor();
  });
});
