/** Draws the icons of the manifests from their one source in `assets/`. Run by hand when a drawing changes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath } from './chromium.mjs';
import { ROOT } from './root.mjs';

const SIZES = [16, 25, 32, 48, 50, 64, 75, 80, 96, 128, 144, 192];

const browser = await chromium.launch({ executablePath: (await chromiumPath()) ?? undefined, args: ['--no-sandbox'] });
mkdirSync(join(ROOT, 'assets', 'icons'), { recursive: true });
for (const size of SIZES) {
  await draw('icon.svg', size, join('assets', 'icons', `${size}.png`));
}
await draw('icon.svg', 192, join('appPackage', 'color.png'));
await draw('outline.svg', 32, join('appPackage', 'outline.png'));
await browser.close();

async function draw(source, size, target) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = readFileSync(join(ROOT, 'assets', source), 'utf8').replace(
    '<svg',
    `<svg width="${size}" height="${size}"`,
  );
  await page.setContent(`<style>*{margin:0}svg{display:block}</style>${svg}`);
  writeFileSync(join(ROOT, target), await page.screenshot({ omitBackground: true }));
  await page.close();
}
