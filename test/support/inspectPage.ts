/** Looks at a screen as people would: a picture, axe's judgement, and that nothing hangs over the edge. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { z } from 'zod';
import { type HostPage, shoot } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fluent's focus traps end in invisible stops that move the focus on at once; they are never rested on. */
const runAxe = (options: object) => `axe.run({ exclude: ['[data-tabster-dummy]'] }, ${JSON.stringify(options)})`;
const EVERY_RULE = runAxe({ resultTypes: ['violations'] });
const CONTRAST = runAxe({ resultTypes: ['violations'], runOnly: ['color-contrast'] });

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

export interface Looks {
  readonly host: 'teams' | 'outlook';
  /** The theme that the host begins with comes first; the others are those that it can change to under the page. */
  readonly themes: readonly [string, ...string[]];
  /** Of the application's frame, in pixels, by the name that its pictures have. */
  readonly widths: Readonly<Record<string, number>>;
  /** Brings what is looked at into view, after each change. */
  readonly bring?: () => Promise<void>;
}

const DESKTOP_AND_PHONE = { desktop: 1200, phone: 320 };
/** As narrow as Outlook makes it. */
const PANE = { pane: 320 };

/** Outlook keeps the theme that it begins with. */
export const HOST_THEMES = [
  { host: 'teams', themes: ['default', 'dark', 'contrast'], widths: DESKTOP_AND_PHONE },
  { host: 'outlook', themes: ['light'], widths: PANE },
  { host: 'outlook', themes: ['dark'], widths: PANE },
] as const satisfies readonly Looks[];

/** For what is in Teams alone. */
export const LIGHT_AND_DARK: Looks = { host: 'teams', themes: ['default', 'dark'], widths: DESKTOP_AND_PHONE };

/**
 * Looks at one state of a page in every width and in every theme, which its host changes under it; then closes it.
 *
 * What a theme changes are colors, and those are the same in every width: the other themes are looked at in one width,
 * and for their contrast.
 */
export async function examineIn(shown: HostPage, name: string, { host, themes, widths, bring }: Looks): Promise<void> {
  const [first, ...others] = themes;
  const seen: Seen[] = [];
  const look = async (theme: string, size: string, axe: string) => {
    await shown.app.waitForFunction(hasTheme, theme);
    await bring?.();
    seen.push(await inspect(shown, `${name} ${host} ${theme} ${size}`, axe));
  };
  for (const [size, width] of Object.entries(widths)) {
    await shown.page.evaluate(setWidth, width);
    await look(first, size, EVERY_RULE);
  }
  for (const theme of others) {
    await shown.page.evaluate(setTheme, theme);
    await look(theme, Object.keys(widths).at(-1) ?? '', CONTRAST);
  }
  await shown.page.close();

  expect(seen).toEqual(seen.map(({ name: each }) => sound(each)));
}

/** Closes the page when it has been looked at. */
export async function examine(shown: HostPage, name: string): Promise<void> {
  const seen = await inspect(shown, name, EVERY_RULE);
  await shown.page.close();

  expect(seen).toEqual(sound(name));
}

interface Seen {
  readonly name: string;
  /** By how many pixels something hangs over the edge. */
  readonly overhang: number;
  readonly serious: readonly string[];
}

function sound(name: string): Seen {
  return { name, overhang: 0, serious: [] };
}

async function inspect({ page, app }: HostPage, name: string, axe: string): Promise<Seen> {
  await app.evaluate(atRest);
  await shoot(page, name.replaceAll(' ', '_'));
  const overhang = await app.evaluate(overhangOf);
  await app.evaluate(AXE);
  const found = Findings.parse(await app.evaluate(axe));
  const serious = found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  return { name, overhang, serious };
}

/** In the application: by how much the page, or what a dialog holds, is wider than the room that it has. */
function overhangOf(): number {
  const inDialogs = [...document.querySelectorAll('[role="dialog"] .fui-DialogContent')].map(
    ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
  );
  return Math.max(0, document.documentElement.scrollWidth - window.innerWidth, ...inDialogs);
}

/** In the host, as if it were made wider or narrower. */
function setWidth(width: number): void {
  const frame = document.getElementById('app');
  if (frame !== null) {
    frame.style.width = `${width}px`;
    frame.style.maxWidth = `${width}px`;
  }
}

/** In the host; nothing is clicked, for what is open in the application would close. */
function setTheme(theme: string): void {
  const chosen = document.getElementById('theme');
  if (chosen instanceof HTMLSelectElement && chosen.value !== theme) {
    chosen.value = theme;
    chosen.dispatchEvent(new Event('change'));
  }
}

/** In the application: whether it is painted as the theme has it. */
function hasTheme(theme: string): boolean {
  const { backgroundColor } = getComputedStyle(document.querySelector('[data-page]') ?? document.body);
  const [red = 255] = /\d+/.exec(backgroundColor) ?? [];
  return Number(red) < 128 === !['default', 'light'].includes(theme);
}
