import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge, parseDomain } from '../../src/domain/relevance.ts';

const HARBOR = { ignoredDomains: ['harborreed.example'] };

describe('ignored domains', () => {
  test.each([
    ['everyone is inside', ['mara@harborreed.example', 'owen@harborreed.example'], false],
    ['everyone is inside, one in a subdomain', ['mara@harborreed.example', 'bot@mail.harborreed.example'], false],
    ['one is outside', ['mara@harborreed.example', 'nora@quillworks.example'], true],
    ['a look-alike is outside', ['mara@harborreed.example', 'x@notharborreed.example'], true],
    ['the domain is only the end of another', ['x@evil-harborreed.example'], true],
    ['case does not matter', ['MARA@HarborReed.Example'], false],
    ['nobody is on it', [], true],
    ['an address has no domain', ['undisclosed-recipients'], true],
  ])('when %s', (_when, participants, relevant) => {
    expect(judge(HARBOR, participants).relevant).toBe(relevant);
  });

  test('somebody outside of every listed domain always keeps an item', () => {
    fc.assert(
      fc.property(fc.array(fc.emailAddress()), fc.array(fc.domain()), (participants, ignoredDomains) => {
        expect(judge({ ignoredDomains }, [...participants, 'nora@quillworks.invalid.']).relevant).toBe(true);
      }),
    );
  });

  test('listing more domains never brings an item back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.emailAddress()),
        fc.array(fc.domain()),
        fc.domain(),
        (participants, ignoredDomains, more) => {
          const before = judge({ ignoredDomains }, participants).relevant;
          const after = judge({ ignoredDomains: [...ignoredDomains, more] }, participants).relevant;
          expect(before || !after).toBe(true);
        },
      ),
    );
  });
});

describe('parseDomain', () => {
  test.each([
    ['HarborReed.Example', 'harborreed.example'],
    ['@harborreed.example', 'harborreed.example'],
    [' harborreed.example. ', 'harborreed.example'],
    ['bücher.example', 'bücher.example'],
    ['localhost', null],
    ['mara@harborreed.example', null],
    ['https://harborreed.example', null],
    ['harborreed..example', null],
    ['', null],
    ['a'.repeat(300) + '.example', null],
  ])('reads %j as %j', (typed, domain) => {
    expect(parseDomain(typed)).toBe(domain);
  });
});
