import { describe, expect, test } from '@jest/globals';
import { type Exclusion, type MemberRules, NO_RULES, applyChange } from '../../src/domain/memberRules.ts';
import { NO_FILTERS } from '../../src/domain/relevance.ts';

const CAREERS = { id: 'one', address: 'careers@harborreed.example', closed: [] } as const;
const OFFICE = { id: 'two', address: 'office@harborreed.example', closed: [] } as const;

function excluding(what: Exclusion, rules: MemberRules = NO_RULES): MemberRules | 'tooMany' {
  return applyChange(rules, { kind: 'exclude', what });
}

function whole(rules: MemberRules | 'tooMany'): MemberRules {
  expect(rules).not.toBe('tooMany');
  return rules === 'tooMany' ? NO_RULES : rules;
}

describe('what a member excludes', () => {
  test.each([
    ['address', 'excludedAddresses'],
    ['domain', 'excludedDomains'],
    ['folder', 'excludedFolderIds'],
  ] as const)('%s goes into its list once, and out of it again', (kind, list) => {
    const first = whole(excluding({ kind, value: 'one' }));
    const both = whole(excluding({ kind, value: 'two' }, first));
    const again = whole(excluding({ kind, value: 'one' }, both));

    expect(first).toEqual({ ...NO_RULES, policy: { ...NO_FILTERS, [list]: ['one'] } });
    expect(again.policy[list].toSorted()).toEqual(['one', 'two']);
    expect(applyChange(again, { kind: 'include', what: { kind, value: 'two' } })).toEqual(first);
  });

  test('a conversation keeps its subject for the member who excluded it, as long as it is excluded', () => {
    const what = { kind: 'conversation', value: 'c1', subject: 'Board feedback' } as const;
    const excluded = whole(excluding(what, whole(excluding({ ...what, value: 'c2', subject: 'Another' }))));

    expect(excluded.policy.excludedConversations).toEqual(['c2', 'c1']);
    expect(excluded.subjects).toEqual({ c1: 'Board feedback', c2: 'Another' });
    expect(applyChange(excluded, { kind: 'include', what })).toEqual({
      policy: { ...NO_FILTERS, excludedConversations: ['c2'] },
      subjects: { c2: 'Another' },
      mailboxes: [],
    });
  });

  test('is up to two hundred of a kind, and one more is refused', () => {
    const full = {
      ...NO_RULES,
      policy: { ...NO_FILTERS, excludedDomains: Array.from({ length: 200 }, (_, n) => `${n}`) },
    };

    expect(excluding({ kind: 'domain', value: 'new' }, full)).toBe('tooMany');
    expect(whole(excluding({ kind: 'domain', value: '7' }, full)).policy.excludedDomains).toHaveLength(200);
    expect(whole(excluding({ kind: 'address', value: 'new' }, full)).policy.excludedAddresses).toEqual(['new']);
    const almost = { ...full, policy: { ...full.policy, excludedDomains: full.policy.excludedDomains.slice(1) } };
    expect(whole(excluding({ kind: 'domain', value: 'new' }, almost)).policy.excludedDomains).toHaveLength(200);
  });
});

test('settings of rules change one by one', () => {
  const changed = applyChange(NO_RULES, { kind: 'settings', settings: { lookBackDays: 30, knownContactsOnly: true } });

  expect(changed).toEqual({ ...NO_RULES, policy: { ...NO_FILTERS, lookBackDays: 30, knownContactsOnly: true } });
});

test('what is left out already stays where it is, so that nothing follows from saying it again', () => {
  const addresses = ['nora@quillworks.example', 'tom@altenbach.example'];
  const conversations: MemberRules = {
    policy: { ...NO_FILTERS, excludedAddresses: addresses, excludedConversations: ['c1', 'c2'] },
    subjects: { c1: 'Board feedback', c2: 'Lunch' },
    mailboxes: [],
  };
  const again = [
    { kind: 'address', value: 'nora@quillworks.example' },
    { kind: 'conversation', value: 'c1', subject: 'Re: Board feedback' },
  ] as const;

  expect(again.map((what) => JSON.stringify(applyChange(conversations, { kind: 'exclude', what })))).toEqual([
    JSON.stringify(conversations),
    JSON.stringify(conversations),
  ]);
});

describe('the shared mailboxes that a member names', () => {
  const both: MemberRules = { ...NO_RULES, mailboxes: [CAREERS, OFFICE] };

  test('are added in order, and removed by their id', () => {
    expect(applyChange({ ...NO_RULES, mailboxes: [CAREERS] }, { kind: 'share', mailbox: OFFICE })).toEqual(both);
    expect(applyChange(both, { kind: 'unshare', mailboxId: 'one' })).toEqual({ ...NO_RULES, mailboxes: [OFFICE] });
    expect(applyChange(both, { kind: 'unshare', mailboxId: 'three' })).toEqual(both);
  });

  test('keep their id, and with it what was read, when they are named again', () => {
    const again = { id: 'three', address: CAREERS.address, closed: ['mail'] } as const;

    expect(applyChange(both, { kind: 'share', mailbox: again })).toEqual({
      ...NO_RULES,
      mailboxes: [{ ...again, id: 'one' }, OFFICE],
    });
  });

  test('are up to twenty; one that is there already can be named all the same', () => {
    const mailboxes = Array.from({ length: 20 }, (_, n) => ({
      id: `${n}`,
      address: `${n}@harborreed.example`,
      closed: [],
    }));
    const full = { ...NO_RULES, mailboxes };

    expect(applyChange(full, { kind: 'share', mailbox: CAREERS })).toBe('tooMany');
    expect(
      applyChange(full, { kind: 'share', mailbox: { id: 'new', address: '7@harborreed.example', closed: [] } }),
    ).toEqual(full);
    expect(
      whole(applyChange({ ...full, mailboxes: mailboxes.slice(1) }, { kind: 'share', mailbox: CAREERS })).mailboxes,
    ).toHaveLength(20);
  });
});
