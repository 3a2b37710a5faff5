/** Programs that nobody here wrote and that the project does not install with itself. Run by `npm run interop`. */
import base from './jest.config.mjs';

const e2e = base.projects.find(({ displayName }) => displayName === 'e2e');

export default {
  ...base,
  projects: [{ ...e2e, displayName: 'interop', testMatch: ['<rootDir>/test/interop/*.test.ts'] }],
};
