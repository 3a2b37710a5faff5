/**
 * `npm test`: installs what npm can give, builds the client, runs every suite, and says what could not run.
 *
 * With `--complete`, a suite that could not run is a failure. With `--fast` only what needs neither browser nor database
 * server runs: `npm run test:fast`. Other words after `npm test --` go to Jest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath } from './chromium.mjs';
import { installIfNeeded } from './install.mjs';
import { requireNode } from './node24.mjs';
import { ROOT } from './root.mjs';

const FAST = [
  'test/architecture',
  'test/domain',
  'test/text',
  'test/contract',
  'test/consent/',
  'test/content/',
  'test/delivery/',
  'test/administration/',
  'test/sync/',
];

const words = process.argv.slice(2);
const isComplete = words.includes('--complete');
const isFast = words.includes('--fast');
const forJest = words.filter((word) => word !== '--complete' && word !== '--fast');

installIfNeeded();
const node = requireNode();
run(node, [join(ROOT, 'scripts', 'build.mjs'), '--if-changed']);

const browser = await chromiumPath();
const report = join(mkdtempSync(join(tmpdir(), 'assent-tests-')), 'report.json');
const tests = spawnSync(
  node,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--json',
    `--outputFile=${report}`,
    ...(browser === null ? ['--selectProjects', 'unit', 'client', 'integration'] : []),
    ...(isFast ? FAST : []),
    ...forJest,
  ],
  {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', ...(browser === null ? {} : { CHROMIUM_PATH: browser }) },
  },
);
const missing = missingParts();
summarize();
process.exitCode = tests.status === 0 && (missing.length === 0 || !isComplete) ? 0 : 1;

function missingParts() {
  const hasPostgres = (process.env.TEST_DATABASE_URL ?? '') !== '' || existsSync('/usr/lib/postgresql');
  const shared = join(ROOT, '..', 'shared', 'reference', 'data');
  return [
    ...(browser === null ? ['end to end: no browser. Install Chromium, or set CHROMIUM_PATH'] : []),
    ...(hasPostgres ? [] : ['PostgreSQL: not installed. Install PostgreSQL, or set TEST_DATABASE_URL']),
    ...(existsSync(shared) ? [] : ["comparisons with Microsoft's published data: it is not beside this checkout"]),
  ];
}

function summarize() {
  if (!existsSync(report)) {
    process.stdout.write('No test ran.\n');
    return;
  }
  const { testResults, numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  const suites = testResults.map(({ name, startTime, endTime, assertionResults }) => ({
    folder: name
      .slice(ROOT.length + 1)
      .split('/')
      .slice(1, 2)
      .join('/'),
    seconds: (endTime - startTime) / 1000,
    tests: assertionResults.length,
  }));
  const folders = [...new Set(suites.map(({ folder }) => folder))].sort((first, second) => first.localeCompare(second));
  for (const folder of folders) {
    const own = suites.filter((suite) => suite.folder === folder);
    const seconds = own.reduce((total, suite) => total + suite.seconds, 0);
    const count = own.reduce((total, suite) => total + suite.tests, 0);
    process.stdout.write(
      `${folder.padEnd(14)} ${String(count).padStart(5)} tests ${seconds.toFixed(1).padStart(7)} s\n`,
    );
  }
  missing.forEach((part) => process.stdout.write(`Did not run: ${part}.\n`));
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
}

function run(file, args) {
  const { status } = spawnSync(file, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(1);
  }
}
