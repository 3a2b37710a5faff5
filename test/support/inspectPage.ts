/** Looks at a screen as people would: a picture, axe's judgement, and that nothing hangs over the edge. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { z } from 'zod';
import { type HostPage, shoot } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fluent's focus traps end in invisible stops that move the focus on at once; they are never rested on. */
const RUN_AXE = `axe.run({ exclude: ['[data-tabster-dummy]'] }, { resultTypes: ['violations'] })`;

const Findings = z.object({
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

/** Until what moves has come to its end; what turns for ever has none. */
async function atRest(): Promise<void> {
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

/** Closes the page when it has been looked at. */
export async function examine({ page, app }: HostPage, name: string): Promise<void> {
  await app.evaluate(atRest);
  await shoot(page, name.replaceAll(' ', '_'));
  const overhang = await app.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
  await app.evaluate(AXE);
  const found = Findings.parse(await app.evaluate(RUN_AXE));
  const serious = found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  await page.close();

  expect({ name, overhang, serious }).toEqual({ name, overhang: 0, serious: [] });
}
