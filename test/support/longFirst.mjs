/** Begins with the suites that take longest, so that no core waits for the other at the end. */
import Sequencer from '@jest/test-sequencer';

/** By their folders: what is in them is short to read and long to run. */
const LONG = /[\\/]test[\\/](?:simulation|e2e)[\\/]/;

export default class LongFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
