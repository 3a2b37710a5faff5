import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

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

test('relative imports name their file whole, since Node runs the sources as they are', () => {
  const nameless = ['src', 'test'].flatMap((root) =>
    readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/(?:^|[\\/])node_modules[\\/]/.test(name))
      .flatMap((name) => {
        const text = readFileSync(join(ROOT, root, name), 'utf8');
        return [...text.matchAll(/(?:from|import\() ?'(\.[^']*)'/g)]
          .map(([, path = '']) => path)
          .filter((path) => !/\.(?:tsx?|json|[cm]?js)$/.test(path))
          .map((path) => `${root}/${name}: ${path}`);
      }),
  );

  expect(nameless).toEqual([]);
});
