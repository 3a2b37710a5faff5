import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACTIONS, REASON_WORDS } from '../../src/domain/reasons.ts';
import { REFUSAL_WORDS } from '../../src/domain/refusals.ts';
import { CATEGORIES, definitionOf } from '../../src/domain/categories/categories.ts';

const ROOT = resolve(import.meta.dirname, '../..');

function foldersBelow(path: string): readonly string[] {
  return readdirSync(join(ROOT, path))
    .filter((name) => statSync(join(ROOT, path, name)).isDirectory())
    .flatMap((name) => [`${path}/${name}`, ...foldersBelow(`${path}/${name}`)]);
}

test('every folder of src has its line in docs/architecture.md, and every line its folder', () => {
  const text = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');
  const described = [...text.matchAll(/^\| `(src\/[^`]+)`/gm)].map(([, folder = '']) => folder);

  expect(new Set(described)).toEqual(new Set(foldersBelow('src')));
});

describe('every word that is put together at run time exists', () => {
  const words = new Set(Object.keys(JSON.parse(readFileSync(join(ROOT, 'src/client/text/en.json'), 'utf8'))));

  test.each([
    ['reason', REASON_WORDS.map((reason) => `reason.${reason}`)],
    ['refused', REFUSAL_WORDS.map((refusal) => `refused.${refusal}`)],
    ['category', CATEGORIES.map((category) => `category.${category}`)],
    [
      'meaning',
      CATEGORIES.flatMap((category) =>
        ['off', ...definitionOf(category).levels].map((level) => `meaning.${category}.${level}`),
      ),
    ],
    [
      'level',
      CATEGORIES.flatMap((category) => definitionOf(category).levels.map((level) => `level.${category}.${level}`)),
    ],
  ])('%s', (_kind, ids) => {
    expect(ids.filter((id) => !words.has(id))).toEqual([]);
  });

  test('the vocabulary of actions has no duplicate', () => {
    expect(new Set(ACTIONS).size).toBe(ACTIONS.length);
  });
});
