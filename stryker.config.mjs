/** Small faults put into the code one by one, each of which a test should notice. Run by `npm run mutate`. */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { projectType: 'custom', configFile: 'jest.mutate.config.mjs', enableFindRelatedTests: false },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  coverageAnalysis: 'perTest',
  // TypeScript 7 has no API for Stryker to read its settings with, and nothing here is compiled by them.
  tsconfigFile: 'none',
  ignorePatterns: ['dist', 'docs', 'test/e2e', 'test/integration', 'test/fixtures'],
  tempDirName: 'test-results/mutants',
  reporters: ['json'],
  jsonReporter: { fileName: 'test-results/mutation.json' },
  fileLogLevel: 'off',
  logLevel: 'error',
  concurrency: 2,
};
