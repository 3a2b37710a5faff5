import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import screens from '../../src/text/en/screens.json' with { type: 'json' };
import shell from '../../src/text/en/shell.json' with { type: 'json' };

const CLIENT = resolve(import.meta.dirname, '../../src/client');

const ID = /['"]([a-z]\w*(?:\.\w+)+)['"]/gi;
/** An id that is put together, as a template or by its family. */
const COMPOSED = /`([a-z]\w*\.[^`\s/]*\$\{[^`]*)`/gi;
const FAMILY = /\bids?Of\('([\w.]+)'/g;

function code(): string {
  return readdirSync(CLIENT, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(CLIENT, name), 'utf8'))
    .join('\n');
}

function found(pattern: RegExp, text: string): readonly string[] {
  return [...text.matchAll(pattern)].map(([, match = '']) => match);
}

test('every text on screen is said somewhere', () => {
  const said = code();
  const ids = new Set(found(ID, said));
  const composed = [...found(COMPOSED, said), ...found(FAMILY, said).map((family) => `${family}.\${word}`)].map(
    (text) => new RegExp(`^${text.replaceAll('.', String.raw`\.`).replaceAll(/\$\{[^}]*\}/g, String.raw`[\w.]+`)}$`),
  );
  const unsaid = Object.keys({ ...shell, ...screens }).filter(
    (id) => !ids.has(id) && !composed.some((pattern) => pattern.test(id)),
  );

  expect(unsaid).toEqual([]);
});
