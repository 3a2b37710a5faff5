/** The story of the README, in Teams: a member decides, then an admin decides for everyone. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { answerPopup, type HostPage, openBrowser, openHost, type TestBrowser } from '../support/browser.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';

describe('the main story in Teams', () => {
  let world: World;
  let browser: TestBrowser;
  let marasWindow: BrowserContext;
  let mara: HostPage;

  beforeAll(async () => {
    world = await createWorld({ messages: 30, events: 20, officeFromMicrosoft: true });
    browser = await openBrowser(world);
    marasWindow = await browser.context();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  test('Mara is signed in by the host and sees that she decides', async () => {
    mara = await openHost(marasWindow, 'teams', PEOPLE.mara);

    await mara.app.getByText('You decide for yourself what is synchronized.').waitFor();
    expect(await mara.app.getByRole('switch', { name: 'Mail sync' }).isChecked()).toBe(false);
  });

  test('she turns mail on, accepts at Microsoft, and sees her mail arrive', async () => {
    await mara.app.getByRole('switch', { name: 'Mail sync' }).click();
    await mara.app.getByText('Reads messages, their text included').waitFor();
    const go = mara.app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(mara.page, () => go.click(), 'Accept');

    await mara.app.getByText('On. You turned this on.').waitFor();
    await mara.app.getByText('Up to date.').waitFor();
    const recent = mara.app.getByRole('region', { name: 'Recently synchronized' }).getByRole('listitem');
    await recent.nth(7).waitFor();
    expect(await recent.count()).toBe(8);
  });

  test('she turns calendar on and off again, erasing it, and gets a receipt', async () => {
    await mara.app.getByRole('switch', { name: 'Calendar sync' }).click();
    const go = mara.app.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(mara.page, () => go.click(), 'Accept');
    await mara.app.getByText('Up to date.').nth(1).waitFor();

    await mara.app.getByRole('switch', { name: 'Calendar sync' }).click();
    await mara.app.getByRole('radio', { name: 'Erase it' }).click();
    await mara.app.getByRole('button', { name: 'Turn off and erase' }).click();

    await mara.app.getByText(/^Calendar erased: \d+ items/).waitFor();
  });

  test('Owen takes the organization over and decides for everyone', async () => {
    const owen = await openHost(await browser.context(), 'teams', PEOPLE.owen, { page: 'organization' });
    await owen.app.getByRole('button', { name: 'Become the owner' }).click();
    await owen.app.getByRole('button', { name: 'Decide for everyone' }).click();
    const go = owen.app.getByRole('button', { name: 'Continue to Microsoft' });
    expect(await go.isEnabled()).toBe(false);
    await owen.app.getByRole('checkbox', { name: 'I am an administrator of this organization' }).click();
    await answerPopup(owen.page, () => go.click(), 'Owen Park', 'Accept');

    await owen.app.getByRole('heading', { name: 'An administrator decides for everyone' }).waitFor();
    await owen.app.getByText('Verified', { exact: true }).waitFor();
    await owen.app.getByText(/^Granted by Owen Park on/).waitFor();
  });

  test("Mara's open page locks by itself and says who decided", async () => {
    await mara.app.getByText('Your administrator decides for everyone at Harbor Reed Partners.').waitFor();

    expect(await mara.app.getByRole('switch').count()).toBe(0);
    expect(await mara.app.getByRole('img', { name: 'Only an administrator can change this' }).count()).toBe(5);
  });

  test('Tom, who never consented, is connected without being asked', async () => {
    const tom = await openHost(await browser.context(), 'teams', PEOPLE.tom);

    await tom.app.getByText('On. Your administrator turned this on for everyone.').first().waitFor();
    await tom.app.getByText('Up to date.').first().waitFor();
  });
});
