/** The tests by which mutants are judged: those that `scripts/mutate.mjs` names. */
import everything from './jest.config.mjs';

const unit = everything.projects.find(({ displayName }) => displayName === 'unit');

export default { ...unit, testMatch: [process.env.MUTATION_TESTS ?? ''] };
