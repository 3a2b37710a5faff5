/** Hosts that are slow, silent, on a phone, or of another mind than Microsoft: how people get in all the same. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { answerPopup, card, openBrowser, openHost, shoot, type TestBrowser } from '../support/browser.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';

const MORE_NEEDED = 'AADSTS50076: More is needed.';
const NOBODY_CONSENTED = 'AADSTS65001: Nobody has consented yet.';
const SIGNED_IN = 'You decide for yourself what is synchronized.';

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: 6, events: 4, officeFromMicrosoft: true });
  browser = await openBrowser(world);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});
beforeEach(async () => {
  context = await browser.context();
});
afterEach(async () => {
  await context.close();
  await world.control('PUT', '/sign-in-page', { isolated: false });
});

describe('Teams on a phone, where the tab is the top page', () => {
  test('opens, and a switch that is turned on there is on', async () => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${world.origin}/sandbox/hosts/phone?as=${PEOPLE.mara}`);
    await page.getByText(SIGNED_IN).waitFor();
    await page.getByRole('switch', { name: 'Calendar sync' }).click();
    const go = page.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(page, () => go.click(), 'Accept');

    await card(page, 'Calendar').getByText('On. You turned this on.').waitFor();
    await shoot(page, 'phone');
  });
});

describe('Outlook on a phone', () => {
  test('which has no identity API, opens beside the message and signs in by nested app authentication', async () => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${world.origin}/sandbox/hosts/outlook-phone?as=${PEOPLE.tom}`);
    await page.getByRole('switch', { name: 'Tasks sync' }).click();
    const go = page.getByRole('button', { name: 'Continue to Microsoft' });
    await answerPopup(page, () => go.click(), 'Accept');

    await card(page, 'Tasks').getByText('On. You turned this on.').waitFor();
    await shoot(page, 'phone-outlook');
    expect(await page.getByText('The mailbox that is open').count()).toBe(0);
  });

  test('with a mailbox of another account, both are named', async () => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${world.origin}/sandbox/hosts/outlook-phone?as=${PEOPLE.tom}&account=careers@harborreed.example`);
    await page
      .getByText(
        `You are signed in to Assent as ${PEOPLE.tom}. The mailbox that is open is careers@harborreed.example.`,
      )
      .waitFor();
    await shoot(page, 'phone-outlook-other');
  });

  test('without nested app authentication, a dialog of ours signs in', async () => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${world.origin}/sandbox/hosts/outlook-phone?as=${PEOPLE.mara}&legacy=1`);
    const signIn = page.getByRole('button', { name: 'Sign in' });
    await signIn.waitFor();
    await shoot(page, 'phone-outlook-sign-in');
    await signIn.click();

    await page.getByRole('switch', { name: 'Mail sync' }).waitFor();
  });

  test('a window of ours that opens in a browser, as on Android, says that it cannot reach Outlook', async () => {
    const page = await context.newPage();
    await page.goto(
      `${world.origin}/sign-in/start?${new URLSearchParams({ host: 'outlook', hint: PEOPLE.tom }).toString()}`,
    );
    await page.getByText('This device opened the window in a browser').waitFor();

    expect(await page.getByText('This window closes by itself.').isVisible()).toBe(false);
    await shoot(page, 'phone-not-reached');
  });
});

test.each(['/tab/me', '/pane'])('%s without any host says where Assent lives', async (path) => {
  const page = await context.newPage();
  await page.goto(`${world.origin}${path}`);

  await page.getByRole('heading', { name: 'Assent lives in Teams and Outlook' }).waitFor();
});

describe.each(['teams', 'outlook'] as const)('%s', (host) => {
  test('a slow start is waited for', async () => {
    const { app } = await openHost(context, host, PEOPLE.tom, { start: '5000' });

    await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
    expect(await app.getByText('Assent lives in').count()).toBe(0);
  });

  test('a token that comes late is used without a click', async () => {
    const { app } = await openHost(context, host, PEOPLE.tom, { own: 'ms8000', nested: MORE_NEEDED });
    await app.getByRole('heading', { name: 'Sign in to go on' }).waitFor();

    await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
  });

  test('where something is to be done, one click leads to it', async () => {
    const refusal = host === 'teams' ? 'resourceRequiresMfa' : '13001';
    const { page, app } = await openHost(context, host, PEOPLE.tom, { own: refusal, nested: MORE_NEEDED });
    await app.getByRole('heading', { name: 'Sign in to go on' }).waitFor();
    await shoot(page, `sign-in-${host}`);
    await app.getByRole('button', { name: 'Sign in' }).click();

    await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
  });

  test('that the organization keeps the app out is said, whatever the other way answers', async () => {
    const refusal = host === 'teams' ? 'internal_error' : '13000';
    const { page, app } = await openHost(context, host, PEOPLE.tom, { own: refusal, nested: NOBODY_CONSENTED });

    await app.getByRole('heading', { name: 'Your organization has not admitted Assent' }).waitFor();
    await app.getByRole('link', { name: 'Open the page for administrators' }).waitFor();
    expect(await app.getByText(/^Code for support: AADSTS65001, request [0-9a-f-]{36}$/).count()).toBe(1);
    await shoot(page, `kept-out-${host}`);
  });

  test('a sign-in page that cuts off who opened it, looks closed and is still followed to its end', async () => {
    await world.control('PUT', '/sign-in-page', { isolated: true });
    const person = host === 'teams' ? PEOPLE.ines : PEOPLE.tom;
    const { page, app } = await openHost(context, host, person);
    await app.getByRole('switch', { name: 'Contacts sync' }).click();
    const go = app.getByRole('button', { name: 'Continue to Microsoft' });
    const [popup] = await Promise.all([page.waitForEvent('popup'), go.click()]);
    await app.getByText('Microsoft has given no answer yet.').waitFor();
    await shoot(page, `isolated-${host}`);
    const closed = popup.waitForEvent('close');
    await popup.getByRole('button', { name: 'Accept' }).click();

    await card(app, 'Contacts').getByText('On. You turned this on.').waitFor();
    await closed;
  });

  test('another account than the one that is open is not used', async () => {
    const { app } = await openHost(context, host, PEOPLE.tom, { account: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a9999' });

    await app.getByText(/shows one account and signed in another/).waitFor();
    expect(await app.getByRole('switch').count()).toBe(0);
  });
});

describe.each([
  // The first click goes to the host's own prompt, which refuses as well.
  ['teams', 'internal_error', 'Try again', 2],
  ['outlook', '13000', 'Sign in', 1],
] as const)('%s without any way of its own', (host, refusal, name, clicks) => {
  /** Up to where the next click opens the window. */
  const leadToWindow = async () => {
    const { page, app } = await openHost(context, host, PEOPLE.tom, { own: refusal, legacy: '1' });
    const retry = app.getByRole('button', { name });
    for (let click = 1; click < clicks; click += 1) {
      await retry.click();
      await app.getByRole('heading', { name: 'You could not be signed in' }).waitFor();
    }
    return { page, app, retry };
  };

  test('signs in by a window of ours', async () => {
    const { page, app, retry } = await leadToWindow();
    await retry.waitFor();
    await shoot(page, `by-window-${host}`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), retry.click()]);
    if (host === 'teams') {
      await popup.getByText(`Signed in as ${PEOPLE.tom}.`).waitFor();
      await shoot(popup, 'hand-over');
      await popup.getByRole('button', { name: 'Continue to Assent' }).click();
    }

    await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
    await (popup.isClosed() ? undefined : popup.waitForEvent('close'));
  });

  test('a window that is closed leaves everything as it was', async () => {
    const { page, app, retry } = await leadToWindow();
    const [popup] = await Promise.all([page.waitForEvent('popup'), retry.click()]);
    await popup.close();

    await app.getByText('The sign-in was cancelled. Sign in whenever you are ready.').waitFor();
  });
});

test('a window that signs in another account than the one of the tab signs in no one', async () => {
  const account = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a9999';
  const { page, app } = await openHost(context, 'teams', PEOPLE.tom, { own: 'internal_error', legacy: '1', account });
  const retry = app.getByRole('button', { name: 'Try again' });
  await retry.click();
  await app.getByRole('heading', { name: 'You could not be signed in' }).waitFor();
  await answerPopup(page, () => retry.click(), 'Continue to Assent');

  await app.getByText(/shows one account and signed in another/).waitFor();
});

test('where office.js cannot be loaded that is said, and trying again may help', async () => {
  const page = await context.newPage();
  await page.route('**/office.js', (route) => route.abort());
  await page.goto(`${world.origin}/sandbox/hosts/outlook?as=${PEOPLE.tom}`);
  const app = page.frameLocator('#app iframe');
  await app.getByRole('heading', { name: 'Assent could not open' }).waitFor();
  await app.getByText('Code for support: notLoaded').waitFor();
  await shoot(page, 'no-library');
  await page.unroute('**/office.js');
  await app.getByRole('button', { name: 'Try again' }).click();

  await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
});

test('Outlook without a token call of its own, as on the Mac, signs in by nested app authentication', async () => {
  const { app } = await openHost(context, 'outlook', PEOPLE.tom, { own: '13000' });

  await app.getByRole('switch', { name: 'Mail sync' }).waitFor();
});

test('a host that never answers for nested app authentication holds up no one', async () => {
  const { app } = await openHost(context, 'outlook', PEOPLE.tom, { own: '13005', nested: 'never' });
  await app.getByText('Outlook has no permission to sign you in to Assent.').waitFor();

  expect(await app.getByText('Code for support: 13005').count()).toBe(1);
});
