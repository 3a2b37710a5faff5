/** Every category has a name, and a text for each level that it has; a level that it lacks is said as off. */
import { describe, expect, test } from '@jest/globals';
import { categoryId, levelId, meaningId, sharedId, sharedMeaningId } from '../../../src/client/text/categoryIds.ts';
import { CATEGORIES, definitionOf } from '../../../src/domain/categories/categories.ts';
import { SYNC_LEVELS } from '../../../src/domain/levels.ts';
import screens from '../../../src/text/en/screens.json' with { type: 'json' };

const TEXTS = new Map(Object.entries(screens));
const EVERY = CATEGORIES.flatMap((category) => SYNC_LEVELS.map((level) => [category, level] as const));

test.each(CATEGORIES)('%s has a name of its own', (category) => {
  const names = CATEGORIES.map((each) => TEXTS.get(categoryId(each)));

  expect(names.filter((name) => name === TEXTS.get(categoryId(category)))).toHaveLength(1);
  expect(TEXTS.get(categoryId(category))).toMatch(/^\p{Lu}/u);
});

describe.each(EVERY)('%s at %s', (category, level) => {
  const isThere = level === 'off' || definitionOf(category).levels.some((each) => each === level);

  test('has a name and a meaning', () => {
    expect(TEXTS.get(levelId(category, level))).toBeTruthy();
    expect(TEXTS.get(meaningId(category, level))).toBeTruthy();
  });

  test('is said as off exactly where nothing is read', () => {
    const isReading = isThere && level !== 'off';

    expect(levelId(category, level) === 'level.off').toBe(!isReading);
    expect(meaningId(category, level) === `meaning.${category}.off`).toBe(!isReading);
  });
});

test.each([
  ['mail', 'shared.mail', 'shared.meaning.mail'],
  ['calendar', 'shared.calendar', 'shared.meaning.calendar'],
  ['contacts', 'shared.contacts', 'shared.meaning.contacts'],
  ['tasks', null, null],
  ['files', null, null],
] as const)('what others share of %s is offered as %j', (category, offer, meaning) => {
  expect([sharedId(category), sharedMeaningId(category)]).toEqual([offer, meaning]);
});
