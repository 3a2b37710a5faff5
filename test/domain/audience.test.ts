import { expect, test } from '@jest/globals';
import { type Audience, belongsTo } from '../../src/domain/audience.ts';

const PARTNERS: Audience = { kind: 'group', groupId: 'partners', name: 'Partners' };

test.each<[Audience, string, readonly string[], boolean]>([
  [{ kind: 'everyone' }, 'mara', [], true],
  [{ kind: 'people', memberIds: ['mara'] }, 'mara', [], true],
  [{ kind: 'people', memberIds: ['mara'] }, 'tom', ['mara'], false],
  [{ kind: 'people', memberIds: [] }, 'mara', [], false],
  [PARTNERS, 'mara', ['partners', 'others'], true],
  [PARTNERS, 'mara', ['others'], false],
  [PARTNERS, 'mara', [], false],
  [PARTNERS, 'partners', [], false],
])('%j and %s in %j: %s', (audience, memberId, groups, belongs) => {
  expect(belongsTo(audience, memberId, groups)).toBe(belongs);
});
