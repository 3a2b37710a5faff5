import { expect, test } from '@jest/globals';
import { NO_FILTERS } from '../../src/domain/relevance.ts';
import { isRereadDue } from '../../src/sync/contactReread.ts';
import { aStream } from '../support/buildStream.ts';
import { AT } from '../support/storedRecords.ts';
import { after, aRoundState, memberRules } from '../support/syncWorld.ts';

const KNOWN_ONLY = memberRules({ knownContactsOnly: true });
const OF_THE_ORGANIZATION = { organization: KNOWN_ONLY.member, member: NO_FILTERS };
const NONE = memberRules({});

test.each([
  ['due', 'contacts have changed', KNOWN_ONLY, 'current', AT, true],
  ['due', 'they changed a while ago', KNOWN_ONLY, 'current', after(AT, -3600), true],
  ['due', 'it is the organization that asks for them', OF_THE_ORGANIZATION, 'current', AT, true],
  ['not due', 'it is for later', KNOWN_ONLY, 'current', after(AT, 0.001), false],
  ['not due', 'nothing has changed', KNOWN_ONLY, 'current', null, false],
  ['not due', 'it is being read from the beginning', KNOWN_ONLY, 'baseline', AT, false],
  ['not due', 'no rule asks for contacts', NONE, 'current', AT, false],
] as const)('a stream is %s to be reread where %s', (_due, _where, rules, stage, rereadAt, isDue) => {
  const stream = { ...aStream('mail', 'inbox', 'full', AT), stage, rereadAt };

  expect(isRereadDue(aRoundState({ rules }), stream, AT)).toBe(isDue);
});
