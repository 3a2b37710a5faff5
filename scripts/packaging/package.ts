/** `npm run package`: makes both manifests of an installation from its settings, and checks them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SettingsError } from '../../src/server/settings.ts';

import { appPackage, outlookManifest } from './fill.ts';
import { report } from './report.ts';
import { valuesOf } from './values.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'dist', 'package');

async function main(): Promise<number> {
  const values = valuesOf(process.env, ROOT);
  const files = [
    [join(FOLDER, 'assent.zip'), appPackage(ROOT, values)],
    [join(FOLDER, 'outlook.xml'), outlookManifest(ROOT, values)],
  ] as const;
  mkdirSync(FOLDER, { recursive: true });
  for (const [file, content] of files) {
    writeFileSync(file, content);
    process.stdout.write(`Made ${relative(process.cwd(), file)}\n`);
  }
  process.stdout.write(`Teams app ${values.TEAMS_APP_ID}, Outlook add-in ${values.OUTLOOK_ADDIN_ID}\n`);
  return report(files.map(([file]) => file));
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
