import { describe, expect, test } from '@jest/globals';
import {
  highestAllowedLevel,
  missingScopes,
  scopesForLevel,
  scopesForSelection,
} from '../../src/domain/permissions.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import type { Level } from '../../src/domain/levels.ts';

const level = (sync: Level['sync'], act: Level['act'] = 'none'): Level => ({ sync, act, shared: false });
const shared = (of: Level): Level => ({ ...of, shared: true });

describe('scopes of a level', () => {
  test.each([
    ['mail', level('limited'), ['Mail.ReadBasic']],
    ['mail', level('full'), ['Mail.Read']],
    ['mail', level('off', 'send'), ['Mail.Send']],
    ['mail', level('off'), []],
    ['calendar', level('limited'), ['Calendars.ReadBasic']],
    ['calendar', level('full'), ['Calendars.Read']],
    ['contacts', level('full'), ['Contacts.Read']],
    ['tasks', level('full'), ['Tasks.Read']],
    ['files', level('full'), ['Files.Read']],
    ['mail', shared(level('limited')), ['Mail.ReadBasic', 'Mail.ReadBasic.Shared']],
    ['mail', shared(level('full')), ['Mail.Read', 'Mail.Read.Shared']],
    ['mail', shared(level('full', 'send')), ['Mail.Read', 'Mail.Read.Shared', 'Mail.Send', 'Mail.Send.Shared']],
    ['calendar', shared(level('full')), ['Calendars.Read', 'Calendars.Read.Shared']],
    ['contacts', shared(level('full')), ['Contacts.Read', 'Contacts.Read.Shared']],
  ] as const)('%s at %j needs %j', (category, chosen, scopes) => {
    expect(scopesForLevel(category, chosen)).toEqual(scopes);
  });

  test('an empty selection asks for nothing', () => {
    expect(scopesForSelection(EMPTY_SELECTION)).toEqual([]);
  });

  test('a wider permission covers a narrower one, not the other way round', () => {
    expect(missingScopes(['Mail.Read'], ['Mail.ReadBasic'])).toEqual([]);
    expect(missingScopes(['Mail.ReadBasic'], ['Mail.Read'])).toEqual(['Mail.Read']);
    expect(missingScopes(['mail.read'], ['Mail.Read'])).toEqual([]);
  });

  test('what is left of a level is the most that the grant allows', () => {
    expect(highestAllowedLevel('mail', level('full', 'send'), ['Mail.ReadBasic'])).toEqual(level('limited'));
    expect(highestAllowedLevel('mail', level('full'), [])).toEqual(level('off'));
    expect(highestAllowedLevel('mail', shared(level('full')), ['Mail.Read'])).toEqual(level('full'));
    const withoutSharedSend = ['Mail.Read', 'Mail.Read.Shared', 'Mail.Send'];
    expect(highestAllowedLevel('mail', shared(level('full', 'send')), withoutSharedSend)).toEqual(
      level('full', 'send'),
    );
    expect(highestAllowedLevel('mail', shared(level('full')), ['Mail.Read', 'Mail.Read.Shared'])).toEqual(
      shared(level('full')),
    );
  });
});
