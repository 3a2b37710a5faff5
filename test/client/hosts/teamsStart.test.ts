import { expect, test } from '@jest/globals';
import { isTeamsAround } from '../../../src/client/hosts/teamsStart.ts';

/** As teams-js fails, in its own words. */
const NO_PARENT = new Error('Initialization Failed. No Parent window found.');
const GAVE_UP = new Error('SDK initialization timed out.');

function answers(...failures: readonly Error[]): () => Promise<void> {
  let calls = 0;
  return () => {
    const failure = failures[calls];
    calls += 1;
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  };
}

test.each([
  ['answers', [], true],
  ['answers after teams-js has given up twice', [GAVE_UP, GAVE_UP], true],
  ['is not there', [NO_PARENT], false],
  ['is not there, as turns out late', [GAVE_UP, NO_PARENT], false],
])('Teams %s', async (_what, failures, isAround) => {
  await expect(isTeamsAround(answers(...failures))).resolves.toBe(isAround);
});

test('another failure is not taken for an absent host', async () => {
  const failure = new Error('Received runtime config is invalid');

  await expect(isTeamsAround(answers(failure))).rejects.toBe(failure);
});
