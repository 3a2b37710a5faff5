import { expect, test } from '@jest/globals';
import { evaluateItem, type Evaluator } from '../../src/domain/evaluation.ts';
import { type Evaluated, NO_FILTERS, type RelevancePolicy } from '../../src/domain/relevance.ts';
import { aListedFolder } from '../support/buildStream.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const NORA = 'nora@quillworks.example';
const ITEM: Evaluated = {
  participants: ['Nora@Quillworks.example'],
  at: NOON,
  conversationId: undefined,
  isDraft: false,
  isPrivate: false,
  isBusyTime: false,
};

function evaluator(organization: Partial<RelevancePolicy>, member: Partial<RelevancePolicy> = {}): Evaluator {
  return {
    rules: { organization: { ...NO_FILTERS, ...organization }, member: { ...NO_FILTERS, ...member } },
    now: NOON,
    connectedAt: NOON,
    folders: new Map([
      ['inbox', aListedFolder('inbox')],
      ['letters', aListedFolder('letters', { parentId: 'inbox' })],
    ]),
    known: new Set([NORA]),
  };
}

test('without rules everything is relevant, wherever it is', () => {
  expect(evaluateItem(evaluator({}), 'mail', 'letters', ITEM)).toEqual({ relevant: true });
  expect(evaluateItem(evaluator({}), 'mail', null, ITEM)).toEqual({ relevant: true });
});

test('a folder that is excluded excludes what is in it, and whose rule it is is named', () => {
  expect(evaluateItem(evaluator({}, { excludedFolderIds: ['inbox'] }), 'mail', 'letters', ITEM)).toEqual({
    relevant: false,
    rule: 'excludedFolders',
    by: 'member',
  });
  expect(evaluateItem(evaluator({ excludedFolderNames: ['inbox'] }), 'tasks', 'inbox', ITEM)).toEqual({
    relevant: false,
    rule: 'excludedFolders',
    by: 'organization',
  });
});

test('what has no folder is in none that is excluded', () => {
  expect(evaluateItem(evaluator({}, { excludedFolderIds: ['inbox'] }), 'mail', null, ITEM)).toEqual({ relevant: true });
});

test('a rule about the item is named before one about its folder', () => {
  const both = evaluator({}, { excludedAddresses: [NORA], excludedFolderIds: ['inbox'] });

  expect(evaluateItem(both, 'mail', 'inbox', ITEM)).toEqual({
    relevant: false,
    rule: 'excludedAddresses',
    by: 'member',
  });
});

test.each([
  ['mail', false],
  ['calendar', false],
  ['contacts', true],
  ['tasks', true],
  ['files', true],
] as const)('rules about people apply to mail and calendars: of %s, %s is relevant', (category, relevant) => {
  expect(evaluateItem(evaluator({ excludedAddresses: [NORA] }), category, null, ITEM).relevant).toBe(relevant);
});

test('an address is known whatever its case', () => {
  expect(evaluateItem(evaluator({ knownContactsOnly: true }), 'mail', null, ITEM)).toEqual({ relevant: true });
  expect(
    evaluateItem(evaluator({ knownContactsOnly: true }), 'mail', null, { ...ITEM, participants: ['a@b.example'] }),
  ).toEqual({ relevant: false, rule: 'knownContacts', by: 'organization' });
});
