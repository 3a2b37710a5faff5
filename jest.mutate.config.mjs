/** The tests by which mutants are judged: those of the files that are mutated, and of nothing else. */
import everything from './jest.config.mjs';

const unit = everything.projects.find(({ displayName }) => displayName === 'unit');

export default {
  ...unit,
  testMatch: [
    '<rootDir>/test/domain/**/*.test.ts',
    '<rootDir>/test/consent/transaction.test.ts',
    '<rootDir>/test/microsoft/entra/validateToken.test.ts',
  ],
};
