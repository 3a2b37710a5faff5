/**
 * The rows of what products of this field do, walked in a browser: each test is one of them, in the hosts where
 * it applies. What needs no screen is in the integration tests.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { answerPopup, type HostPage, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { MAIL, oidOf, organizationOf, readList, reasonOf, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, LINDQVIST, PEOPLE, readField, type World } from '../support/createWorld.ts';

const HOSTS = ['teams', 'outlook'] as const;

function withWorld(prepare: (world: World) => Promise<void> = () => Promise.resolve()) {
  const held: { world?: World; browser?: TestBrowser } = {};
  const windows: BrowserContext[] = [];
  /** A window with cookies of its own, as another person's computer has. */
  const open = async (): Promise<BrowserContext> => {
    const window = await (held.browser ?? never()).context();
    windows.push(window);
    return window;
  };
  beforeAll(async () => {
    held.world = await createWorld({ messages: 8, events: 4, officeFromMicrosoft: true });
    await prepare(held.world);
    held.browser = await openBrowser(held.world);
  });
  // A page that stays open goes on asking.
  afterEach(() => Promise.all(windows.splice(0).map((window) => window.close())));
  afterAll(async () => {
    await held.browser?.close();
    await held.world?.close();
  });
  return {
    get world(): World {
      return held.world ?? never();
    },
    window: open,
    open: async (host: 'teams' | 'outlook', upn: string, page = 'me'): Promise<HostPage> =>
      openHost(await open(), host, upn, { page }),
  };
}

function never(): never {
  throw new Error('The world is not there yet');
}

async function choose({ app }: HostPage, item: string): Promise<void> {
  await app.getByRole('button', { name: 'More' }).click();
  await app.getByRole('menuitem', { name: item }).click();
}

/** Presses the buttons of a page of Microsoft's or ours that is open in a tab of its own. */
async function press(page: Page, ...buttons: string[]): Promise<void> {
  for (const name of buttons) {
    await page.getByRole('button', { name }).first().click();
  }
}

describe.each(HOSTS)('users authorize individually, under a policy that keeps mail from them, in %s', (host) => {
  const story = withWorld();

  test('a closed window proves nothing; what the person says is believed', async () => {
    const { page, app } = await story.open(host, PEOPLE.priya);
    await app.getByRole('switch', { name: 'Mail sync' }).click();
    const go = app.getByRole('button', { name: 'Continue to Microsoft' });
    const [popup] = await Promise.all([page.waitForEvent('popup'), go.click()]);
    await popup.getByText('Need admin approval').waitFor();
    await popup.close();
    await app.getByText('Microsoft has given no answer yet.').waitFor();
    await app.getByRole('button', { name: 'Microsoft asked for an administrator' }).click();
    await app.getByRole('button', { name: 'Make a link for an administrator' }).waitFor();

    const again = await story.open(host, PEOPLE.priya);
    await again.app.getByText('Your organization lets only administrators grant this.').first().waitFor();
  });

  test('the link opens without a sign-in; the waiting page changes by itself', async () => {
    const waiting = await story.open(host, PEOPLE.priya);
    await waiting.app.getByRole('button', { name: 'Ask an administrator' }).first().click();
    await waiting.app.getByRole('button', { name: 'Make a link for an administrator' }).click();
    const link = await waiting.app.getByLabel('Link for an administrator').inputValue();
    await waiting.app.getByRole('button', { name: 'Close', exact: true }).click();

    const administrator = await (await story.window()).newPage();
    await administrator.goto(link);
    await administrator.getByText('Priya Nair asks for this in Assent.').waitFor();
    await press(administrator, 'Continue to Microsoft', 'Astrid Lindqvist', 'Accept', 'Astrid Lindqvist');
    await administrator.getByText('Microsoft accepted').waitFor();

    await waiting.app.getByText('On. You turned this on.').waitFor();
    await waiting.app.getByText('Up to date.').waitFor();
  });
});

describe('administrator configured', () => {
  const story = withWorld((world) => turnOn(world, PEOPLE.mara));

  test('a manager without a directory role hands it on; both roles are needed', async () => {
    const { world } = story;
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await owen.app.getByRole('tab', { name: 'People' }).click();
    await owen.app.getByRole('button', { name: 'Role of Mara Ellis: No role' }).click();
    await owen.app.getByRole('menuitemradio', { name: 'Manager' }).click();
    await owen.app.getByRole('button', { name: 'Role of Mara Ellis: Manager' }).waitFor();

    const tab = await story.open('teams', PEOPLE.mara, 'organization');
    await tab.app.getByRole('button', { name: 'Decide for everyone' }).click();
    await tab.app.getByRole('checkbox', { name: 'I am an administrator of this organization' }).click();
    await tab.app.getByText('Microsoft lets only an administrator of your organization grant this.').waitFor();
    await tab.app.getByRole('button', { name: 'Make a link for an administrator' }).click();
    const link = await tab.app.getByLabel('Link for an administrator').inputValue();

    const administrator = await (await story.window()).newPage();
    await administrator.goto(link);
    await press(administrator, 'Continue to Microsoft', 'Owen Park', 'Accept', 'Owen Park');
    await administrator.getByText('Microsoft accepted').waitFor();
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ mode: 'organization' });
  });

  test.each(HOSTS)('in %s: a member is connected without being asked, and the switches are locked', async (host) => {
    const { app } = await story.open(host, PEOPLE.tom);
    await app.getByText('On. Your administrator turned this on for everyone.').first().waitFor();
    await app.getByText('Owen Park granted this on').waitFor();

    expect(await app.getByRole('switch').count()).toBe(0);
  });

  test('less is chosen at once, and what is too wide is narrowed at Microsoft from here', async () => {
    const { world } = story;
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await owen.app.getByRole('button', { name: 'Change what is granted' }).click();
    await owen.app.getByRole('radiogroup').nth(1).getByRole('radio', { name: 'Off' }).click();
    await owen.app.getByText('Whom this affects').waitFor();
    await owen.app.getByRole('button', { name: 'Apply' }).click();
    await owen.app.getByText('More is granted than is used: Calendars.Read.').waitFor();

    await choose(owen, 'Narrow the grant at Microsoft…');
    const go = owen.app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(owen.page, () => go.click(), 'Accept');
    await owen.app.getByText('More is granted than is used').waitFor({ state: 'detached' });
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ grant: { scopes: ['Mail.Read'], unused: [] } });
  });

  test('revoked at Microsoft: open pages say so in time and offer Grant again', async () => {
    const { world } = story;
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    const tom = await story.open('outlook', PEOPLE.tom);
    await tom.app.getByText('On. Your administrator turned this on for everyone.').first().waitFor();
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    // A look that began before it was revoked may still show it; the one after it does not.
    world.advance(6 * 60_000);
    await world.settle();
    world.advance(6 * 60_000);
    await world.settle();

    await tom.app.getByText("Microsoft's permission was taken back there.").waitFor();
    await owen.app.getByText("Microsoft's grant was changed there").waitFor();
    await owen.app.getByRole('button', { name: 'Grant again' }).waitFor();
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(16 * 60_000);
    await world.settle();
    await tom.app.getByText('On. Your administrator turned this on for everyone.').first().waitFor();
  });

  test('the whole organization is switched off and on, with its effect stated', async () => {
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await choose(owen, 'Switch off for everyone');
    await owen.app.getByText('Synchronizing stops within seconds').waitFor();
    await owen.app.getByRole('button', { name: 'Switch off for everyone' }).click();
    await owen.app.getByText('The connection is switched off for your whole organization.').waitFor();

    expect(await reasonOf(story.world, PEOPLE.tom)).toBe('integrationOff');
    await choose(owen, 'Switch on for everyone');
    await owen.app.getByRole('button', { name: 'Switch on for everyone' }).click();
    await owen.app.getByText('The connection is switched off').waitFor({ state: 'detached' });
    expect(await reasonOf(story.world, PEOPLE.tom)).toBe('onByAdministrator');
  });

  test('what is among the own domains is left out; how much of it there is, is said before', async () => {
    const { world } = story;
    const headers = ['From: Tom <tom.whitaker@harborreed.example>', 'To: Mara <mara.ellis@harborreed.example>'];
    const letter = [...headers, 'Subject: Lunch', 'Message-ID: <lunch@harborreed.example>', '', 'At one?'].join('\r\n');
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: letter });
    world.advance(11 * 60_000);
    await world.settle();
    const people = [PEOPLE.mara, PEOPLE.tom, PEOPLE.owen];
    const stored = (await Promise.all(people.map((upn) => storedOf(world, upn)))).flat();
    const isInside = (item: unknown) =>
      readList(item, 'people').every((person) => readField(person, 'address').endsWith('@harborreed.example'));
    const inside = stored.filter(isInside).length;

    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    const panel = owen.app.getByRole('region', { name: 'What is left out' });
    await panel.getByRole('button', { name: 'Change' }).click();
    await owen.app.getByLabel('Ignored domains').fill('harborreed.example');
    const sentence = `Of ${stored.length} stored items, this would have left out ${inside}.`;
    await owen.app.getByText(sentence).waitFor();
    expect(inside).toBeGreaterThan(0);
    await owen.app.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('harborreed.example').waitFor();
  });

  test('history is a timeline, and the whole log is a file', async () => {
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await owen.app.getByRole('tab', { name: 'History' }).click();
    await owen.app.getByText('Owen Park changed the role of Mara Ellis to manager').waitFor();
    const [download] = await Promise.all([
      owen.page.waitForEvent('download'),
      owen.app.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');

    expect(text.split('\r\n')[0]).toBe('sequence,at,actorId,actor,action,targetId,target,detail,previousHash,hash');
    expect(text).toContain('organization.modeChanged');
  });

  test('the grant is removed from here, and everyone decides alone again', async () => {
    const { world } = story;
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await choose(owen, 'Remove the grant at Microsoft…');
    const go = owen.app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(owen.page, () => go.click(), 'Accept');
    await owen.app.getByRole('heading', { name: 'Everyone decides for themselves' }).waitFor();
    await world.settle();

    expect(await reasonOf(world, PEOPLE.tom)).toBe('offByOwnChoice');
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
  });
});

describe('service account', () => {
  const story = withWorld(async (world) => {
    await turnOn(world, PEOPLE.mara);
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  });

  test('an administrator chooses whom it covers and what must stay closed, and grants once', async () => {
    const { world } = story;
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await choose(owen, 'Change who is covered');
    await owen.app.getByRole('checkbox', { name: 'Mara Ellis' }).first().click();
    await owen.app.getByRole('checkbox', { name: 'Tom Whitaker' }).first().click();
    await owen.app.getByRole('radio', { name: 'Owen Park' }).click();
    await owen.app.getByRole('button', { name: 'Save' }).click();
    await owen.app.getByText('Must stay closed: Owen Park.').waitFor();
    // What an Exchange admin does there, before or after.
    await world.control('PUT', '/exchange-roles', {
      tenant: HARBOR_REED,
      roles: ['Application Mail.Read', 'Application Calendars.Read'],
      mailboxes: [PEOPLE.mara, PEOPLE.tom],
    });

    await choose(owen, 'Connect as a whole (service)…');
    await owen.app.getByRole('checkbox', { name: 'I am an administrator of this organization' }).click();
    const go = owen.app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(owen.page, () => go.click(), 'Owen Park', 'Accept');
    await owen.app.getByText('Checking what can be reached').waitFor();
    await world.control('DELETE', '/grants', {
      tenant: HARBOR_REED,
      for: 'everyone',
      roles: ['Mail.ReadBasic.All', 'Mail.Read', 'Calendars.ReadBasic.All', 'Calendars.Read'],
    });
    world.advance(61_000);
    await world.settle();

    await owen.app.getByRole('heading', { name: 'Connected as a whole' }).waitFor();
    await owen.app.getByText('The mailbox that must stay closed is refused, as it must be.').waitFor();
  });

  test.each(HOSTS)('in %s: a covered member sees that they are, and by whom', async (host) => {
    const { app } = await story.open(host, PEOPLE.tom);
    await app.getByText('Your administrator connected Harbor Reed Partners as a whole.').waitFor();
    await app.getByText('Owen Park granted this on').waitFor();
    await app.getByText('Up to date.').first().waitFor();
  });
});

describe('the whole firm', () => {
  const story = withWorld(async (world) => {
    await world.as(PEOPLE.owen, 'GET', '/api/session');
    await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
    await world.as(PEOPLE.tom, 'GET', '/api/session');
  });

  test('people are asked to connect in tab and pane, and can put it off in one for both', async () => {
    const tab = await story.open('teams', PEOPLE.tom);
    const pane = await story.open('outlook', PEOPLE.tom);
    await pane.app.getByText('Nothing of yours is synchronized yet').waitFor();
    await tab.app.getByRole('button', { name: 'Remind me later' }).click();

    await tab.app.getByText('Nothing of yours is synchronized yet').waitFor({ state: 'detached' });
    await pane.app.getByText('Nothing of yours is synchronized yet').waitFor({ state: 'detached' });
    story.world.advance(3 * 86_400_000 + 1_000);
    expect((await story.world.as(PEOPLE.tom, 'GET', '/api/me/sync')).body).toMatchObject({ prompt: true });
    story.world.advance(-(3 * 86_400_000 + 1_000));
  });

  test('who may connect is limited to people; the others are told by the page and by the server', async () => {
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    const panel = owen.app.getByRole('region', { name: 'Who may connect' });
    await panel.getByRole('button', { name: 'Change' }).click();
    await owen.app.getByRole('radio', { name: 'Chosen people' }).click();
    await owen.app.getByRole('checkbox', { name: 'Owen Park' }).click();
    await owen.app.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('1 chosen person.').waitFor();

    const tom = await story.open('outlook', PEOPLE.tom);
    await tom.app.getByText('Your administrator has not included you.').first().waitFor();
    const refused = await story.world.as(PEOPLE.tom, 'POST', '/api/me/consents', { selection: MAIL });
    expect(refused.status).toBe(403);
  });

  test('every permission is there in plain language, searchable, with the name that Microsoft shows', async () => {
    const tom = await story.open('teams', PEOPLE.tom, 'organization');
    await tom.app.getByRole('tab', { name: 'Permissions' }).click();
    await tom.app.getByLabel('Search the permissions').fill('mail in all');
    await tom.app.getByText('Read mail in all mailboxes').waitFor();

    expect(await tom.app.getByText('Read your calendars').count()).toBe(0);
  });

  test('checks say what is known, since when, and the remedy', async () => {
    const owen = await story.open('teams', PEOPLE.owen, 'organization');
    await owen.app.getByRole('tab', { name: 'Checks' }).click();
    await owen.app.getByRole('button', { name: 'Check with Microsoft' }).click();
    const go = owen.app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(owen.page, () => go.click(), 'Accept');

    await owen.app.getByText('Verified: Assent.').waitFor();
    await owen.app.getByText('People may not grant mail and calendar for themselves.').waitFor({ state: 'detached' });
    await owen.app.getByText('Off at Microsoft since 2026-10-01').waitFor();
  });
});

describe('a policy asks for one more step', () => {
  const story = withWorld();

  test.each(HOSTS)('in %s: it is taken in place, and the page continues', async (host) => {
    await story.world.control('PUT', '/application', { tenant: LINDQVIST, stepUp: true });
    const { app, page } = await story.open(host, host === 'teams' ? PEOPLE.sam : PEOPLE.priya);
    await app.getByText('Your organization asks for one more step').waitFor();
    const take = app.getByRole('button', { name: 'Take the step' });
    await answerPopup(page, () => take.click(), 'Approve');

    await app.getByText('You decide for yourself what is synchronized.').waitFor();
  });
});

describe.each(HOSTS)('a person leaves, in %s', (host) => {
  const story = withWorld((world) => turnOn(world, PEOPLE.mara));

  test('what stays at Microsoft is named, and opening the page connects no one again', async () => {
    const { world } = story;
    const mara = await story.open(host, PEOPLE.mara);
    await mara.app.getByRole('button', { name: 'Disconnect from Microsoft 365' }).click();
    await mara.app.getByRole('radio', { name: 'Erase it' }).click();
    await mara.app.getByRole('button', { name: 'Disconnect and erase' }).click();
    await mara.app.getByText('Microsoft still has these permissions on record.').waitFor();
    await mara.app.getByText(/erased: 8 items/).waitFor();

    const again = await story.open(host, PEOPLE.mara);
    await again.app.getByText('Off, by your own choice.').first().waitFor();
    const rows = await world.product.database.kysely
      .selectFrom('connections')
      .select('credential')
      .where('member_id', '=', await oidOf(world, PEOPLE.mara))
      .execute();
    expect(rows).toEqual([{ credential: null }]);
  });
});
