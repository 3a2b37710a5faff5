/**
 * `npm run check`: everything but the tests: types, lint, format, import rules, dead code, the production build. Words after
 * it name some of them; `--write` has the formatter write what it would only ask for.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

installIfNeeded();
const node = requireNode();
const modules = (path) => join(ROOT, 'node_modules', path);

const [asked, writes] = [process.argv.slice(2).filter((word) => word !== '--write'), process.argv.includes('--write')];

const CHECKS = [
  ['types', modules('typescript/bin/tsc'), '--noEmit', '-p', ROOT],
  ['lint', modules('oxlint/bin/oxlint'), '--type-aware', '-c', '.oxlintrc.json', 'src', 'test', 'scripts'],
  ['format', modules('prettier/bin/prettier.cjs'), writes ? '--write' : '--check', '--log-level', 'warn', '.'],
  ['imports', modules('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.cjs', 'src'],
  ['dead code', modules('knip/bin/knip.js')],
  ['build', join(ROOT, 'scripts', 'build.mjs')],
];

const chosen = CHECKS.filter(([name]) => asked.length === 0 || asked.includes(name));
const failed = chosen.filter(([name, script, ...args]) => {
  const began = Date.now();
  const { status } = spawnSync(node, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
  return status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
