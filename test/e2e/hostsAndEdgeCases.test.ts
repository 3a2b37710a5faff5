/** The other ways in and the other ways out: Outlook, older hosts, closed popups, organizations that are not in. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { answerPopup, card, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

const EML = (id: string, more: readonly string[] = []) =>
  [
    'From: Nora Whitfield <nora@quillworks.example>',
    `Message-ID: <${id}@x>`,
    `Subject: ${id}`,
    ...more,
    'Date: Sat, 21 Nov 2026 10:00:00 +0000',
    '',
    'Hello',
  ].join('\r\n');

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: 12, events: 4, officeFromMicrosoft: true });
  browser = await openBrowser(world);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});
beforeEach(async () => {
  context = await browser.context();
});
afterEach(() => context.close());

describe('the Outlook pane', () => {
  test('follows the selection: synchronized, not by its rule, a draft, none at all', async () => {
    const { body } = await world.control('POST', '/messages', { to: PEOPLE.tom, eml: EML('first') });
    await world.control('POST', '/messages', { to: PEOPLE.tom, eml: EML('unsent'), folder: 'drafts' });
    const { page, app } = await openHost(context, 'outlook', PEOPLE.tom, { item: readField(body, 'id') });
    await app.getByText('Not synchronized: mail is off.').waitFor();
    await app.getByRole('switch', { name: 'Mail sync' }).click();
    const go = app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(page, () => go.click(), 'Accept');
    await app.getByText(/^Synchronized since/).waitFor();

    await page.getByRole('button', { name: '[Draft]' }).or(page.getByText('unsent').first()).first().click();
    await app.getByText('This is a draft that you are writing.').waitFor();
    await page.getByRole('button', { name: 'No message selected' }).click();
    await app.getByText('Select a message to see whether it is synchronized.').waitFor();
    expect(await app.getByRole('switch', { name: 'Mail sync' }).isChecked()).toBe(true);
  });

  test('a message that was never stored has its answer, too', async () => {
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    const organization = await world.as(PEOPLE.owen, 'GET', '/api/organization');
    const version = `"${organization.headers.get('etag')?.replaceAll('"', '') ?? ''}"`;
    const relevance = { ignoredDomains: ['quillworks.example', 'harborreed.example'] };
    await world.as(PEOPLE.owen, 'PATCH', '/api/organization', { relevance }, { 'if-match': version });
    await world.settle();
    const to = [`To: ${PEOPLE.tom}`];
    const { body } = await world.control('POST', '/messages', { to: PEOPLE.tom, eml: EML('inside', to) });
    await world.settle();
    const { app } = await openHost(context, 'outlook', PEOPLE.tom, { item: readField(body, 'id') });

    await app.getByText('everyone on it is inside a domain that your organization ignores').waitFor();
    expect(await app.getByRole('region', { name: 'This message' }).count()).toBe(1);
  });
});

describe('in Teams', () => {
  test('a host without nested app authentication signs in by its own token', async () => {
    const { app } = await openHost(context, 'teams', PEOPLE.mara, { legacy: '1' });

    await app.getByText('You decide for yourself what is synchronized.').waitFor();
    expect(await app.getByRole('switch', { name: 'Mail sync' }).count()).toBe(1);
  });

  test('a popup that was closed proves nothing and changes nothing, and can be opened again', async () => {
    const { page, app } = await openHost(context, 'teams', PEOPLE.ines);
    await app.getByRole('switch', { name: 'Calendar sync' }).click();
    const go = app.getByRole('button', { name: 'Continue to Microsoft' });
    const [popup] = await Promise.all([page.waitForEvent('popup'), go.click()]);
    await popup.close();
    await app.getByText('Microsoft has given no answer yet.').waitFor();
    await app.getByRole('button', { name: 'Try again' }).click();
    await answerPopup(page, () => go.click(), 'Accept');

    await card(app, 'Calendar').getByText('On. You turned this on.').waitFor();
    expect(await app.getByRole('switch', { name: 'Mail sync' }).isChecked()).toBe(false);
  });

  test('a request that was cancelled at Microsoft says so', async () => {
    const { page, app } = await openHost(context, 'teams', PEOPLE.ines);
    await app.getByRole('switch', { name: 'Mail sync' }).click();
    const go = app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(page, () => go.click(), 'Cancel');

    await app.getByText('The request was cancelled at Microsoft.').waitFor();
    await app.getByRole('button', { name: 'Try again' }).waitFor();
  });

  test("where Microsoft's default keeps mail from users, the refusal says who can", async () => {
    const { page, app } = await openHost(context, 'teams', PEOPLE.priya);
    await app.getByRole('switch', { name: 'Mail sync' }).click();
    const go = app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(page, () => go.click(), 'Return to the application without granting consent');

    await app.getByText(/grant this\. Ask one of them/).waitFor();
    await app.getByRole('button', { name: 'Try again' }).waitFor();
  });

  test('a disabled account is not told that its organization is not in', async () => {
    const { app } = await openHost(context, 'teams', PEOPLE.felix);

    await app.getByRole('heading', { name: 'You could not be signed in' }).waitFor();
    expect(await app.getByText('has not admitted').count()).toBe(0);
  });
});

test('an organization that has not admitted the app: its administrator admits it, and the member continues', async () => {
  const daniel = await openHost(context, 'teams', PEOPLE.daniel);
  await daniel.app.getByRole('heading', { name: 'Your organization has not admitted Assent' }).waitFor();
  const link = await daniel.app.getByRole('link', { name: 'Open the page for administrators' }).getAttribute('href');
  const ruth = await (await browser.context()).newPage();
  await ruth.goto(link ?? '');
  await ruth.getByRole('button', { name: 'Continue to Microsoft' }).click();
  for (const button of ['Ruth Okafor', 'Accept', 'Ruth Okafor', 'Accept']) {
    await ruth.getByRole('button', { name: button }).click();
  }
  await ruth.getByRole('heading', { name: 'Your organization has admitted Assent' }).waitFor();
  await daniel.app.getByRole('button', { name: 'Try again' }).click();

  await daniel.app.getByText('You decide for yourself what is synchronized.').waitFor();
  expect(await daniel.app.getByRole('switch').count()).toBe(5);
});
