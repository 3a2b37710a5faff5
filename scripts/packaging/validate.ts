/** `npm run validate [-- FILE …]`: checks app packages (zip) and Outlook manifests (xml), offline. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { report } from './report.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MADE = ['assent.zip', 'outlook.xml'].map((name) => join(ROOT, 'dist', 'package', name));

const named = process.argv.slice(2);
const files = named.length === 0 ? MADE : named;
const missing = files.filter((file) => !existsSync(file));
if (missing.length > 0) {
  process.stderr.write(`Not there: ${missing.join(', ')}. Make them with \`npm run package\`.\n`);
  process.exitCode = 1;
} else {
  process.exitCode = await report(files);
}
