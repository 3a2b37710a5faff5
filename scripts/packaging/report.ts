/** Checks manifests and prints what is wrong with them. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { checkApp } from './checkApp.ts';
import { checkOutlook } from './checkOutlook.ts';

/** The exit code: 0 where nothing is wrong with any. */
export async function report(files: readonly string[]): Promise<number> {
  let count = 0;
  for (const file of files) {
    const content = readFileSync(file);
    const faults = file.endsWith('.xml')
      ? checkOutlook(content.toString('utf8'))
      : await checkApp(new Uint8Array(content));
    const name = relative(process.cwd(), file);
    const lines = faults.map(({ element, reason }) => `  ${element}: ${reason}\n`);
    process.stdout.write(faults.length === 0 ? `${name}: nothing is wrong\n` : `${name}:\n${lines.join('')}`);
    count += faults.length;
  }
  return count === 0 ? 0 : 1;
}
