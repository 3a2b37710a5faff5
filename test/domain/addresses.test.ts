import { describe, expect, test } from '@jest/globals';
import { addressIn, isDirectoryName } from '../../src/domain/addresses.ts';
import { NO_FILTERS, evaluate } from '../../src/domain/relevance.ts';

const DIRECTORY = '/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0a1b2c3d-Tom';

test.each([
  ['tom@x.example', 'tom@x.example'],
  [' Tom@X.example ', 'tom@x.example'],
  ['Tom Whitaker <tom@x.example>', 'tom@x.example'],
  ['"Whitaker, Tom" <Tom@x.example>', 'tom@x.example'],
  ['<tom@x.example>', 'tom@x.example'],
  ["'tom@x.example'", 'tom@x.example'],
  ['mailto:tom@x.example', 'tom@x.example'],
  ['SMTP:tom@x.example', 'tom@x.example'],
  ['Tom <tom@x.example> ', 'tom@x.example'],
  ['Tom < tom@x.example >', 'tom@x.example'],
  ["''tom@x.example''", 'tom@x.example'],
  ["o'neill@x.example", "o'neill@x.example"],
  ["mailto:'tom@x.example' ", 'tom@x.example'],
  ['see mailto:tom@x.example', 'see mailto:tom@x.example'],
  ['Tom <none>', 'tom <none>'],
  ['a <b> <c@x.example>', 'c@x.example'],
  ['<<<<', '<<<<'],
  ['Tom Whitaker', 'tom whitaker'],
  ['', ''],
])('in %j the address is %j', (written, address) => {
  expect(addressIn(written)).toBe(address);
});

test('a long text of brackets is looked through once', () => {
  expect(addressIn(`${'<'.repeat(200_000)}a@b`)).toHaveLength(200_003);
});

test('a name of the directory is told from an address', () => {
  const names = [DIRECTORY, `EX:${DIRECTORY}`, `x500:${DIRECTORY}`, DIRECTORY.toLowerCase(), ` ${DIRECTORY}`];
  const others = [
    'tom@x.example',
    '/o=',
    'o=ExchangeLabs/',
    'tom@x.example /o=ExchangeLabs/',
    'ax500:/o=ExchangeLabs/',
    '',
  ];

  expect(names.filter((name) => !isDirectoryName(name))).toEqual([]);
  expect(others.filter((name) => isDirectoryName(name))).toEqual([]);
});

describe('K6 rules know who is meant, however it is written', () => {
  const circumstances = { now: new Date(), connectedAt: new Date(), isKnown: () => false };
  const verdict = (rule: Partial<typeof NO_FILTERS>, participants: readonly string[]) =>
    evaluate(
      { organization: { ...NO_FILTERS, ...rule }, member: NO_FILTERS },
      { at: null, isDraft: false, isPrivate: false, isBusyTime: false, participants, conversationId: undefined },
      circumstances,
    ).relevant;
  const inside = { ignoredDomains: ['harborreed.example'] };

  test.each([
    [true, ['owen.park@harborreed.example', 'nora@quillworks.example']],
    [false, ['owen.park@harborreed.example', DIRECTORY]],
    [false, ['owen.park@harborreed.example', 'Tom Whitaker <tom.whitaker@harborreed.example>']],
    [true, ['owen.park@harborreed.example', DIRECTORY, 'Nora <nora@quillworks.example>']],
    // Whose directory it is no one says, so alone it excludes nothing.
    [true, [DIRECTORY]],
  ])('of what stays inside: %s for %j', (isRelevant, participants) => {
    expect(verdict(inside, participants)).toBe(isRelevant);
  });

  test('an address that is left out is left out with a name before it', () => {
    expect(verdict({ excludedAddresses: ['nora@quillworks.example'] }, ['Nora <Nora@Quillworks.example>'])).toBe(false);
    expect(verdict({ excludedDomains: ['quillworks.example'] }, ['"Nora" <nora@mail.quillworks.example>'])).toBe(false);
  });
});
