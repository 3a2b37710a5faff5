/** Naming a shared mailbox as people do it, and every screen that shows one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { answerPopup, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { READ, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { examineIn, HOST_THEMES } from '../support/inspectPage.ts';

const CAREERS = 'careers@harborreed.example';
const OWN = 4;

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: OWN, events: 2, contacts: 2, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  context = await browser.context();
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

test('the story: included, consented to, named by its address, and taken off the list', async () => {
  const { app, page } = await openHost(context, 'teams', PEOPLE.mara, { theme: 'default', width: '1200' });
  await app.getByRole('button', { name: 'Change level' }).click();
  await app.getByRole('checkbox', { name: 'Also shared mailboxes, each named by its address' }).check();
  await app.getByText('Reads messages in mailboxes that others share with you').waitFor();
  await answerPopup(page, () => app.getByRole('button', { name: 'Continue to Microsoft' }).click(), 'Accept');
  const panel = app.getByRole('region', { name: 'Shared mailboxes' });
  const field = panel.getByLabel('Address of a shared mailbox');
  await field.fill(PEOPLE.owen);
  await panel.getByRole('button', { name: 'Add' }).click();
  await panel.getByText('Microsoft does not open a mailbox of this address to you.').waitFor();
  await field.fill(CAREERS);
  await panel.getByRole('button', { name: 'Add' }).click();
  await panel.getByText('Up to date').waitFor();
  await world.settle();
  const stored = await storedOf(world, PEOPLE.mara);
  await panel.getByRole('button', { name: `Take ${CAREERS} off the list` }).click();
  await panel.getByText(CAREERS).waitFor({ state: 'detached' });
  await world.settle();
  await world.nextRound();
  await page.close();

  expect(stored).toHaveLength(OWN * 2);
  expect(await storedOf(world, PEOPLE.mara)).toHaveLength(OWN);
});

test.each(HOST_THEMES)('in $host, $themes.0: one that is read, and one that is closed', async (looks) => {
  const open = () => openHost(context, looks.host, PEOPLE.mara, { theme: looks.themes[0] });
  await world.control('PUT', `/mailboxes/${CAREERS}/shared`, { sharedWith: [PEOPLE.mara] });
  await world.as(PEOPLE.mara, 'PUT', '/api/me/mailboxes', { address: CAREERS });
  await world.settle();
  const read = await open();
  const panel = read.app.getByRole('region', { name: 'Shared mailboxes' });
  await panel.getByText('Up to date').waitFor();
  await examineIn(read, 'shared-mailbox', { ...looks, bring: () => panel.scrollIntoViewIfNeeded() });

  await world.control('PUT', `/mailboxes/${CAREERS}/shared`, { sharedWith: [] });
  world.advance(6 * 60_000);
  await world.nextRound();
  const closed = await open();
  const failing = closed.app.getByRole('region', { name: 'Shared mailboxes' });
  await failing.getByText('Microsoft refused access.').waitFor();
  await failing.getByLabel('Address of a shared mailbox').fill('careers');
  await examineIn(closed, 'shared-mailbox-closed', { ...looks, bring: () => failing.scrollIntoViewIfNeeded() });

  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
  const mailboxes: unknown = Reflect.get(Object(body), 'mailboxes');
  const [mailbox]: readonly unknown[] = Array.isArray(mailboxes) ? mailboxes : [];
  await world.as(PEOPLE.mara, 'DELETE', '/api/me/mailboxes', { id: readField(mailbox, 'id') });
});
