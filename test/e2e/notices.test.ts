/** Notices in dialogs can be read whole, however narrow the pane and however low the window. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { z } from 'zod';
import { answerPopup, openBrowser, openHost, shoot, type TestBrowser } from '../support/browser.ts';
import { createWorld, PEOPLE, type World } from '../support/createWorld.ts';

let world: World;
let browser: TestBrowser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld({ messages: 3, events: 2, officeFromMicrosoft: true });
  browser = await openBrowser(world);
  context = await browser.context();
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** Of every notice: how much of it does not fit, and how far it reaches over the next one. */
const MEASURE = `[...document.querySelectorAll('[role=dialog] .fui-MessageBar')].map((bar, index, all) => {
  const next = bar.nextElementSibling?.getBoundingClientRect();
  return {
    hidden: Math.max(0, bar.scrollHeight - bar.clientHeight),
    over: next === undefined ? 0 : Math.max(0, bar.getBoundingClientRect().bottom - next.top),
  };
})`;

/** Whether someone who has just come back from Microsoft's window sees the text without scrolling. */
const IS_IN_VIEW = (element: Element): boolean => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
};

describe.each([
  ['outlook', '320', 700],
  ['outlook', '360', 480],
  ['teams', '1000', 560],
  ['teams', '320', 640],
] as const)('in %s, %s wide and %i high', (host, width, height) => {
  test('the way from a refusal to an administrator', async () => {
    const { app, page } = await openHost(context, host, PEOPLE.priya, { width });
    await page.setViewportSize({ width: 1200, height });
    await app.getByRole('switch', { name: 'Mail sync' }).click();
    const go = app.getByRole('button', { name: /^(?:Continue to Microsoft|Try at Microsoft anyway)$/ });
    await answerPopup(page, () => go.click(), 'Return to the application without granting consent');
    const answer = app.getByRole('dialog').getByText('lets only administrators grant this').first();
    await answer.waitFor();
    const isSeen = await answer.evaluate(IS_IN_VIEW);
    await app.getByRole('button', { name: 'Make a link for an administrator' }).click();
    await app.getByLabel('Link for an administrator').waitFor();
    await shoot(page, `refusal_${host}_${width}_${height}`);
    const notices = z.array(z.object({ hidden: z.number(), over: z.number() })).parse(await app.evaluate(MEASURE));
    await page.close();

    expect(isSeen).toBe(true);
    expect(notices.length).toBeGreaterThan(0);
    expect(notices).toEqual(notices.map(() => ({ hidden: 0, over: 0 })));
  });
});
