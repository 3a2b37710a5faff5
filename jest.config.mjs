/** Everything runs by Jest: in Node, in jsdom, and in a real browser. Run by `npm test`, which sets what it needs. */
import { availableParallelism } from 'node:os';

const swc = [
  '@swc/jest',
  {
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic' } },
      experimental: { keepImportAttributes: true },
    },
  },
];

const project = (displayName, testEnvironment, testMatch, extra = {}) => ({
  displayName,
  testEnvironment,
  testMatch,
  transform: { '^.+\\.tsx?$': swc },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  ...extra,
});

/** Each may have a browser, a world and its share of PostgreSQL's connections. */
const MAX_WORKERS = 4;

export default {
  // One more than can compute at once: a test of a screen waits most of its time.
  maxWorkers: Math.min(MAX_WORKERS, availableParallelism() + 1),
  // Modules of test files that are over are not always given back.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/support/longFirst.mjs',
  globalSetup: '<rootDir>/test/support/globalSetup.mjs',
  globalTeardown: '<rootDir>/test/support/globalTeardown.mjs',
  // For what hangs: several suites at a time on a slow machine take their time.
  testTimeout: 120_000,
  projects: [
    project('unit', 'node', [
      '<rootDir>/test/{domain,text,contract,content,administration,consent,delivery,outbound,sync,db,microsoft,server,sandbox,architecture,packaging,simulation}/**/*.test.ts',
    ]),
    project('client', 'jsdom', ['<rootDir>/test/client/**/*.test.{ts,tsx}'], {
      setupFiles: ['<rootDir>/test/support/jsdomSetup.ts'],
    }),
    project('integration', 'node', ['<rootDir>/test/integration/**/*.test.ts']),
    project('e2e', 'node', ['<rootDir>/test/e2e/**/*.test.ts']),
  ],
};
