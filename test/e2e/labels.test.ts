/** CLI-17 Every label of every dialog, clicked by its words: the thing named changes, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Frame } from 'playwright-core';
import { type HostPage, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { decideForEveryone, MAIL_AND_CALENDAR, oidOf, READ, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';
import { clickEveryLabel, controlsIn, idsTwice } from '../support/labels.ts';

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: 6, events: 3, contacts: 2, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  context = await browser.context();
  await turnOn(world, PEOPLE.mara, { ...MAIL_AND_CALENDAR, contacts: READ });
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
    selection: { contacts: { sync: 'off', act: 'none', shared: false } },
    data: { contacts: 'keep' },
  });
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

type Opening = readonly [name: string, open: (app: Frame) => Promise<unknown>];

const press = (name: string) => (app: Frame) => app.getByRole('button', { name }).first().click();
const fromMenu = (name: string) => async (app: Frame) => {
  await app.getByRole('button', { name: 'More' }).click();
  await app.getByRole('menuitem', { name }).click();
};

const OWN: readonly Opening[] = [
  ['changing the level of mail', press('Change level')],
  ['turning tasks on', (app) => app.getByRole('switch', { name: 'Tasks sync' }).click()],
  ['turning calendar off', (app) => app.getByRole('switch', { name: 'Calendar sync' }).click()],
  ['pausing mail', press('Pause Mail')],
  ['erasing what was kept', press('Erase Contacts')],
  ['disconnecting', press('Disconnect')],
];

const ORGANIZATION: readonly Opening[] = [
  ['deciding for everyone', press('Decide for everyone')],
  ['permitting people to connect', fromMenu('Only permit people to connect')],
  ['connecting as a whole', fromMenu('Connect as a whole (service)…')],
  ['whose mailboxes are covered', fromMenu('Change who is covered')],
  ['pausing everybody', fromMenu('Pause for everyone…')],
];

async function look({ app, page }: HostPage, open: Opening[1]): Promise<void> {
  await open(app);
  await app.getByRole('dialog').waitFor();
  await app.evaluate(`document.querySelectorAll('[role=dialog] details').forEach((part) => { part.open = true; })`);
  const controls = await controlsIn(app);
  const labels = controls.map(({ label }) => label);
  const ids = controls.map(({ id }) => id);
  const outcomes = await clickEveryLabel(app);
  const twice = await idsTwice(app);
  await page.close();

  expect(twice).toEqual([]);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).not.toContain('');
  expect(labels.filter((label) => label === '' || label.includes(' / '))).toEqual([]);
  expect(outcomes).toEqual(outcomes.map(({ label }) => ({ label, changed: [label] })));
}

// Each dialog in the narrower of the hosts that have it.
describe('my sync, in Outlook', () => {
  test.each(OWN)('%s', async (_name, open) => {
    await look(await openHost(context, 'outlook', PEOPLE.mara), open);
  });
});

describe('the organization, in Teams', () => {
  test.each(ORGANIZATION)('%s', async (_name, open) => {
    await look(await openHost(context, 'teams', PEOPLE.owen, { page: 'organization' }), open);
  });

  test('who may connect', async () => {
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    await look(await openHost(context, 'teams', PEOPLE.owen, { page: 'organization' }), async (app) => {
      await app.getByRole('region', { name: 'Who may connect' }).getByRole('button', { name: 'Change' }).click();
      await app.getByRole('radio', { name: 'Chosen people' }).click();
      await app.getByRole('checkbox', { name: 'Mara Ellis' }).waitFor();
    });
  });

  test('changing what was granted', async () => {
    await decideForEveryone(world, PEOPLE.owen, MAIL_AND_CALENDAR);
    await world.as(PEOPLE.owen, 'PUT', '/api/organization/coverage', {
      coverage: { kind: 'people', memberIds: [await oidOf(world, PEOPLE.mara)] },
      canary: null,
    });
    await look(
      await openHost(context, 'teams', PEOPLE.owen, { page: 'organization' }),
      press('Change what is granted'),
    );
  });
});
