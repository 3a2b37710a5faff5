/** What the browser is given. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');

/** Brotli; what everyone waits for before they see anything of ours. */
const MAX_SHELL_BYTES = 105_000;

const FOLDER = join(ROOT, 'dist', 'client');

test('the production bundle names neither the sandbox nor this machine', () => {
  const text = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
    .join('\n');

  expect(text).not.toMatch(/sandbox\/|assentSandbox|localhost:3000/);
});

test('what comes before the first content stays small', () => {
  const shell = readdirSync(FOLDER).filter((name) => /^app\..*\.js\.br$/.test(name));

  expect(shell).toHaveLength(1);
  expect(statSync(join(FOLDER, shell[0] ?? '')).size).toBeLessThanOrEqual(MAX_SHELL_BYTES);
});
