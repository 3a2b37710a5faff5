/** The closed vocabularies, each with its one table. */
import { describe, expect, test } from '@jest/globals';
import { AUDIT_ACTIONS, AUDIT_ACTS } from '../../src/domain/audit.ts';
import { CHECK_NAMES, CHECKS } from '../../src/domain/checks.ts';
import { definedOnly } from '../../src/domain/definedOnly.ts';
import { PROBLEM_CODES, refuse } from '../../src/domain/problems.ts';
import { mapWords, wordsOf } from '../../src/domain/vocabulary.ts';

const TABLE = { second: 2, first: 1 } as const;

test('the words of a table are in its order', () => {
  expect(wordsOf(TABLE)).toEqual(['second', 'first']);
});

test('a value is made for each word', () => {
  expect(mapWords(TABLE, (word) => `${word}!`)).toEqual({ second: 'second!', first: 'first!' });
});

test('what is not defined is left out, and null is kept', () => {
  expect(Object.entries(definedOnly({ one: 1, two: undefined, three: null, four: false }))).toEqual([
    ['one', 1],
    ['three', null],
    ['four', false],
  ]);
});

test('a refusal is a value with its code', () => {
  expect(refuse('last_owner')).toEqual({ kind: 'problem', code: 'last_owner' });
});

test('codes of problems are stable words, each there once', () => {
  expect(new Set(PROBLEM_CODES).size).toBe(PROBLEM_CODES.length);
  expect(PROBLEM_CODES.filter((code) => !/^[a-z]+(?:_[a-z]+)*$/.test(code))).toEqual([]);
});

describe('acts of the history', () => {
  test('are named by what they are about and what was done', () => {
    expect(AUDIT_ACTIONS.filter((action) => !/^[a-z]+\.[a-zA-Z]+$/.test(action))).toEqual([]);
    expect([...new Set(AUDIT_ACTIONS.map((action) => action.split('.')[0]))]).toEqual([
      'organization',
      'consent',
      'link',
      'grant',
      'sync',
      'connection',
      'data',
    ]);
  });

  test('tell from what to what, in the same vocabulary, where they change one', () => {
    const vocabularies = AUDIT_ACTIONS.map((action) => ({ ...AUDIT_ACTS[action] })).filter((each) => 'from' in each);

    expect(vocabularies).toEqual([
      { from: 'mode', to: 'mode' },
      { from: 'role', to: 'role' },
    ]);
  });
});

test('every check can find nothing wrong', () => {
  expect(CHECK_NAMES.filter((name) => !Object.values<string>(CHECKS[name]).includes('none'))).toEqual([]);
});

test('what is found has one name, whichever check finds it, but that nobody has looked', () => {
  const found = CHECK_NAMES.flatMap((name) => Object.keys(CHECKS[name])).filter((each) => each !== 'notChecked');

  expect(new Set(found).size).toBe(found.length);
});
