/** An API key is recognized by its form, and by nothing that is nearly it. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { keyHashOf, makeKeyText, parseKeyText } from '../../src/delivery/keyText.ts';

test('a key names itself, in the form that scanners of source code look for', () => {
  const { id, text } = makeKeyText(randomBytes);

  expect(text).toMatch(new RegExp(`^assent_${id}_[0-9A-Za-z]{49}$`));
  expect(id).toMatch(/^[0-9A-Za-z]{12}$/);
  expect(parseKeyText(text)).toBe(id);
});

test('the smallest and the greatest random bytes give keys of the same form', () => {
  const zeros = makeKeyText((bytes) => new Uint8Array(bytes));
  const ones = makeKeyText((bytes) => new Uint8Array(bytes).fill(255));

  expect(parseKeyText(zeros.text)).toBe('000000000000');
  expect(parseKeyText(ones.text)).toBe(ones.id);
  expect(ones.text).toHaveLength(zeros.text.length);
});

test.each<[string, (text: string) => string]>([
  ['one character else', (text) => `${text.slice(0, 30)}${text[30] === 'a' ? 'b' : 'a'}${text.slice(31)}`],
  ['another name', (text) => text.replace(/_(.)/, (_all, first: string) => (first === 'a' ? '_b' : '_a'))],
  ['the last character missing', (text) => text.slice(0, -1)],
  ['a character more', (text) => `${text}0`],
  ['another beginning', (text) => text.replace('assent_', 'assert_')],
  ['a blank behind it', (text) => `${text} `],
  ['nothing', () => ''],
])('is no key: %s', (_what, change) => {
  expect(parseKeyText(change(makeKeyText(randomBytes).text))).toBeNull();
});

test('of a key a hash is kept that says nothing of it', () => {
  const { text } = makeKeyText(randomBytes);

  expect(keyHashOf(text)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(keyHashOf(text)).toBe(keyHashOf(text));
  expect(keyHashOf(text)).not.toBe(keyHashOf(makeKeyText(randomBytes).text));
});
