/**
 * Builds the client, and the pages of the sandbox's hosts, with webpack.
 *
 * With `--if-changed` nothing is built when no file that goes in has changed since.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import webpack from 'webpack';
import configurations from '../webpack.config.js';
import { ROOT } from './root.mjs';

const INPUTS = [
  'src/client',
  'src/contract',
  'src/domain',
  'src/text',
  'src/sandbox/hosts/browser',
  'webpack.config.js',
  'scripts',
  'package-lock.json',
];
const MARK = join(ROOT, 'dist', 'inputs');

const digest = digestOf(INPUTS);
const isCurrent = existsSync(MARK) && readFileSync(MARK, 'utf8') === digest;
if (!process.argv.includes('--if-changed') || !isCurrent) {
  await build();
  writeFileSync(MARK, digest);
}

async function build() {
  process.stdout.write('Building the client …\n');
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const stats = await new Promise((resolve, reject) => {
    webpack(configurations, (error, result) => (error ? reject(error) : resolve(result)));
  });
  if (stats.hasErrors()) {
    process.stderr.write(`${stats.toString({ all: false, errors: true, colors: false })}\n`);
    process.exit(1);
  }
  const client = stats.stats.find(({ compilation }) => compilation.name === 'client');
  writeFileSync(join(ROOT, 'dist', 'client', 'assets.json'), JSON.stringify(assetsOf(client)));
  compress(join(ROOT, 'dist', 'client'));
}

/** The files of every entry in the order in which the page needs them. */
function assetsOf(stats) {
  const { entrypoints } = stats.toJson({ all: false, entrypoints: true });
  return Object.fromEntries(
    Object.entries(entrypoints).map(([name, { assets }]) => {
      const files = assets.map((asset) => `/assets/${asset.name}`);
      return [
        name,
        { js: files.filter((file) => file.endsWith('.js')), css: files.filter((file) => file.endsWith('.css')) },
      ];
    }),
  );
}

function compress(folder) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const content = readFileSync(join(folder, name));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, quality));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

function digestOf(inputs) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      readdirSync(path)
        .sort()
        .forEach((name) => add(join(path, name)));
    } else {
      hash.update(path.slice(ROOT.length)).update(readFileSync(path));
    }
  };
  inputs.forEach((input) => add(join(ROOT, input)));
  return hash.digest('hex');
}
