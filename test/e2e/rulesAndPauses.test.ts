/** Leaving things out and pausing, as people do it: every screen of it, and the story in Outlook's pane. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { changeSettings, READ, readList, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { examine, examineIn, HOST_THEMES, LIGHT_AND_DARK } from '../support/inspectPage.ts';

const NORA = 'nora.whitfield@quillworks.example';
const MESSAGE_ID = '<yes@quillworks.example>';
const RULES = {
  ignoredDomains: ['harborreed.example', 'mail.harborreed.example'],
  excludedDomains: ['newsletters.example'],
  excludedAddresses: ['works.council@fernhill.example'],
  excludedFolders: ['private'],
  retentionDays: 730,
};

type Host = 'teams' | 'outlook';

let world: World;
let browser: TestBrowser;
let context: BrowserContext;
/** The message from Nora, as the host names it. */
let messageId = '';

beforeAll(async () => {
  world = await createWorld({ messages: 12, events: 6, contacts: 4, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  context = await browser.context();
  const eml = [
    `From: Nora Whitfield <${NORA}>`,
    `To: ${PEOPLE.mara}`,
    'Subject: The candidate said yes',
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: ${MESSAGE_ID}`,
    '',
    'She starts in January.',
  ].join('\r\n');
  const delivered = await world.control('POST', '/messages', { to: PEOPLE.mara, eml });
  messageId = readField(delivered.body, 'id');
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ, contacts: READ });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

function openAt(host: Host, theme: string, width: string, upn: string, query: Record<string, string> = {}) {
  return openHost(context, host, upn, { theme, width, ...query });
}

const subjects = async () => (await storedOf(world, PEOPLE.mara)).map((item) => readField(item, 'subject'));

describe('the story', () => {
  test('in the pane, a message is left out with its sender, and let in again', async () => {
    const { app, page } = await openAt('outlook', 'light', '360', PEOPLE.mara, { item: messageId });
    const panel = app.getByRole('region', { name: 'This message' });
    await panel.getByText('Synchronized since').waitFor();
    await panel.getByRole('button', { name: `Leave out ${NORA}` }).click();
    await panel.getByText('Not synchronized: you leave out somebody who takes part.').waitFor();
    await world.settle();
    const without = await subjects();
    await panel.getByRole('button', { name: 'Let it in again' }).click();
    await panel.getByText(/Synchronized since|It comes with the next round/).waitFor();
    await world.settle();
    await page.close();

    expect(without).not.toContain('The candidate said yes');
    expect(await subjects()).toContain('The candidate said yes');
  });

  test('a pause is one click and a choice, and going on another', async () => {
    const { app, page } = await openAt('teams', 'default', '1200', PEOPLE.mara);
    await app.getByRole('button', { name: 'Pause Mail' }).click();
    await app.getByRole('radio', { name: 'Until tomorrow morning' }).click();
    await app.getByRole('button', { name: 'Pause', exact: true }).click();
    await app.getByText(/Paused by you\. It resumes by itself/).waitFor();
    await app.getByRole('button', { name: 'Resume Mail' }).click();
    await app.getByText('On. You turned this on.').first().waitFor();
    await page.close();
  });

  test('an administrator pauses for everyone and continues', async () => {
    const { app, page } = await openAt('teams', 'default', '1200', PEOPLE.owen, { page: 'organization' });
    await app.getByRole('button', { name: 'More' }).click();
    await app.getByRole('menuitem', { name: 'Pause for everyone…' }).click();
    await app.getByRole('button', { name: 'Pause for everyone' }).click();
    await app.getByText('Paused for your whole organization until somebody resumes it.').waitFor();
    await app.getByRole('button', { name: 'Resume' }).click();
    await app.getByText('Paused for your whole organization').waitFor({ state: 'detached' });
    await page.close();
  });

  test('an administrator leaves out a domain and is told how many went', async () => {
    const { app, page } = await openAt('teams', 'default', '1200', PEOPLE.owen, { page: 'organization' });
    const panel = app.getByRole('region', { name: 'What is left out' });
    await panel.getByRole('button', { name: 'Change' }).click();
    await app.getByLabel('People and domains to leave out').fill('quillworks.example');
    await app.getByText(/this would have left out [1-9]/).waitFor();
    await app.getByRole('button', { name: 'Save' }).click();
    await panel.getByText(/After the last change \d+ stored items were looked at and [1-9]/).waitFor();
    await page.close();
    await world.settle();

    expect(await subjects()).not.toContain('The candidate said yes');
  });
});

describe.each(HOST_THEMES)('in $host, $themes.0', (looks) => {
  const open = () => openHost(context, looks.host, PEOPLE.mara, { theme: looks.themes[0] });

  beforeAll(async () => {
    await changeSettings(world, PEOPLE.owen, { relevance: RULES });
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');
    const [folder] = readList(body, 'folders').filter((each) => readField(each, 'name') === 'Clients');
    for (const exclusion of [
      { kind: 'address', value: 'doctor@clinic.example' },
      { kind: 'domain', value: 'bank.example' },
      ...(folder === undefined ? [] : [{ kind: 'folder', value: readField(folder, 'id') }]),
    ]) {
      await world.as(PEOPLE.mara, 'PUT', '/api/me/exclusions', exclusion);
    }
    await world.settle();
  });

  test('what is left out, and leaving out more', async () => {
    const shown = await open();
    await shown.app.getByText('doctor@clinic.example').waitFor();
    const heading = shown.app.getByRole('heading', { name: 'What is left out' });
    await examineIn(shown, 'left-out', { ...looks, bring: () => heading.scrollIntoViewIfNeeded() });

    const changed = await open();
    const panel = changed.app.getByRole('region', { name: 'What is left out' });
    await panel.getByRole('button', { name: 'Change' }).click();
    await changed.app.getByLabel('Leave out an address or a domain').fill('not an address');
    await examineIn(changed, 'left-out-dialog', looks);
  });

  test('pausing, and paused', async () => {
    const asked = await open();
    await asked.app.getByRole('button', { name: 'Pause Calendar' }).click();
    await asked.app.getByRole('radio', { name: 'For a week' }).click();
    await examineIn(asked, 'pause', looks);

    const until = new Date(Date.now() + 86_400_000).toISOString();
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { calendar: { until } } });
    const paused = await open();
    await paused.app.getByText('Paused by you.').waitFor();
    await examineIn(paused, 'paused', looks);
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { pause: { calendar: null } });
  });
});

test("the organization's rules, and everything paused", async () => {
  const open = () => openHost(context, 'teams', PEOPLE.owen, { page: 'organization' });
  await changeSettings(world, PEOPLE.owen, { relevance: RULES });
  const shown = await open();
  const panel = shown.app.getByRole('region', { name: 'What is left out' });
  await panel.getByText('private', { exact: true }).waitFor();
  await panel.getByRole('button', { name: 'Change' }).click();
  await shown.app.getByText(/this would have left out/).waitFor();
  await examineIn(shown, 'organization-rules-dialog', LIGHT_AND_DARK);

  await changeSettings(world, PEOPLE.owen, { pause: { until: null } });
  const paused = await open();
  await paused.app.getByText('Paused for your whole organization').waitFor();
  await examineIn(paused, 'organization-paused', LIGHT_AND_DARK);
  await changeSettings(world, PEOPLE.owen, { pause: null });
});

describe.each(['light', 'dark'])('an open message, %s', (theme) => {
  const open = () => openAt('outlook', theme, '360', PEOPLE.mara, { item: messageId });

  test('that is synchronized, and one that is left out', async () => {
    const synced = await open();
    await synced.app.getByText('Synchronized since').waitFor();
    await examine(synced, `open-message outlook ${theme} pane`);

    await world.as(PEOPLE.mara, 'PUT', '/api/me/exclusions', { kind: 'conversation', value: MESSAGE_ID });
    await world.settle();
    const leftOut = await open();
    await leftOut.app.getByText('Not synchronized: you leave out this conversation.').waitFor();
    await leftOut.app.getByRole('button', { name: 'Let it in again' }).click();
    await leftOut.app.getByText(/Synchronized since|It comes with the next round/).waitFor();
    await leftOut.page.close();
    await world.settle();
  });
});
