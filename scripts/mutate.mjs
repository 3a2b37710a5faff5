/**
 * `npm run mutate`: puts small faults into the domain, the two state tables and the check of tokens, one by one, and says
 * which of them no test notices. Other words are the files to do it with: `npm run mutate -- src/domain/decision.ts`.
 *
 * A file is judged by its own tests alone, which is what makes it quick: Jest loads every suite that it is given again
 * for every fault. The tables of the domain that have none are judged together, by all tests of the domain.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

const DOMAIN = readdirSync(join(ROOT, 'src', 'domain'), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/domain/${name.replaceAll('\\', '/')}`);
const MUTATED = [...DOMAIN, 'src/consent/transaction.ts', 'src/microsoft/entra/validateToken.ts'];
const LEAST_PERCENT = 85;
const REPORT = join(ROOT, 'test-results', 'mutation.json');
const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

installIfNeeded();
const words = process.argv.slice(2);
const files = words.length > 0 ? words : MUTATED;
const placeOf = (file) => file.replace(/^src/, 'test').replace(/\.ts$/, '');
const hasOwn = (file) => existsSync(join(ROOT, `${placeOf(file)}.test.ts`));
const others = files.filter((file) => !hasOwn(file));
const groups = [
  ...files.filter(hasOwn).map((file) => ({ mutated: [file], tests: `${placeOf(file)}{,.*}.test.ts` })),
  ...(others.length > 0 ? [{ mutated: others, tests: 'test/domain/**/*.test.ts' }] : []),
];

const found = groups.flatMap(mutantsOf);
const count = (statuses) => found.filter(({ status }) => statuses.includes(status)).length;
const [noticed, unnoticed] = [count(NOTICED), count(UNNOTICED)];
const percent = (100 * noticed) / (noticed + unnoticed);
process.stdout.write(`${noticed} of ${noticed + unnoticed} noticed: ${percent.toFixed(1)} %\n`);
process.exitCode = percent >= LEAST_PERCENT ? 0 : 1;

function mutantsOf({ mutated, tests }) {
  const stryker = join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const { status } = spawnSync(requireNode(), [stryker, 'run', '--mutate', mutated.join(',')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, MUTATION_TESTS: `<rootDir>/${tests}` },
  });
  if (status !== 0) {
    throw new Error(`The tests of ${mutated.join(', ')} do not run`);
  }
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  return Object.entries(report.files).flatMap(([file, { mutants }]) => {
    const left = mutants.filter(({ status: each }) => UNNOTICED.includes(each));
    process.stdout.write(`${file}: ${mutants.length - left.length} of ${mutants.length}\n`);
    left.forEach(({ location, mutatorName, replacement }) => {
      const [line = ''] = (replacement ?? '').split('\n');
      process.stdout.write(`  line ${location.start.line}: ${mutatorName} ${line}\n`);
    });
    return mutants;
  });
}
