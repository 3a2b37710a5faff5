/** What every text keeps to, whoever says it. */
import { describe, expect, test } from '@jest/globals';
import { PROBLEM_CODES } from '../../src/domain/problems.ts';
import { PAGE_TEXTS } from '../../src/text/pages.ts';
import { PROBLEM_TEXTS } from '../../src/text/problems.ts';

describe('problems', () => {
  test.each(PROBLEM_CODES)('%s has a sentence and a next action', (code) => {
    expect(PROBLEM_TEXTS[code]).toEqual({
      sentence: expect.stringMatching(/^[A-Z].*\.$/),
      action: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  test('no text is left of a problem that is not there any more', () => {
    expect(Object.keys(PROBLEM_TEXTS).toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  });
});

test.each(Object.entries(PAGE_TEXTS))('the page text %s holds no HTML', (_id, text) => {
  expect(text).not.toMatch(/[<>]|&\w+;/);
  expect(text.trim()).toBe(text);
});
