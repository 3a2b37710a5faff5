import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../src/domain/decision.ts';
import type { Reason } from '../../src/domain/reasons.ts';
import { NO_FILTERS, type Rules } from '../../src/domain/relevance.ts';
import { OFF } from '../../src/domain/levels.ts';
import { desiredStreams, isContainerList } from '../../src/domain/streams.ts';
import { aDesiredStream, aListedFolder } from '../support/buildStream.ts';

const NO_RULES: Rules = { organization: NO_FILTERS, member: NO_FILTERS };
const READ = { sync: 'full', act: 'none', shared: false } as const;

function decision(reason: Reason, effective: Decision['effective'] = OFF): Decision {
  return { effective, reason, control: 'member', action: 'none', notes: [] };
}

describe('what a mailbox should have', () => {
  test('every container of what is on, and those of others only where they are shared', () => {
    const listed = [aListedFolder('inbox'), aListedFolder('of another', { isShared: true })];
    const keys = (shared: boolean) =>
      desiredStreams(
        { mail: decision('onByOwnChoice', { ...READ, shared }) },
        { mail: listed },
        NO_RULES,
        [],
      ).streams.map(({ key }) => key);

    expect(keys(false)).toEqual(['mail:', 'mail:inbox']);
    expect(keys(true)).toEqual(['mail:', 'mail:inbox', 'mail:of another']);
  });

  test('mailboxes that are named, each with lists of its own, while what is shared is wanted', () => {
    const named = [{ id: 'careers', address: 'careers@harborreed.example', closed: [] }];
    const listed = [null, 'careers', 'forgotten'].map((sharedMailbox) => aListedFolder('inbox', { sharedMailbox }));
    const containers = (shared: boolean) => {
      const on = decision('onByOwnChoice', { ...READ, shared });
      const decisions = { mail: on, contacts: on, tasks: on };
      return desiredStreams(decisions, { mail: listed }, NO_RULES, named).streams.map(({ key }) => key);
    };

    expect(containers(false)).toEqual(['mail:', 'mail:inbox', 'contacts:', 'contacts:default', 'tasks:']);
    expect(containers(true)).toEqual([
      'mail:',
      'mail:~careers/',
      'mail:inbox',
      'mail:~careers/inbox',
      'contacts:',
      'contacts:default',
      'contacts:~careers/',
      'contacts:~careers/default',
      'tasks:',
    ]);
  });

  test('each names its container as Graph does in the mailbox that it is in', () => {
    const named = [{ id: 'careers', address: 'careers@harborreed.example', closed: [] }];
    const on = decision('onByOwnChoice', { ...READ, shared: true });
    const listed = [aListedFolder('inbox'), aListedFolder('inbox', { sharedMailbox: 'careers' })];

    expect(desiredStreams({ mail: on }, { mail: listed }, NO_RULES, named).streams).toEqual([
      aDesiredStream('mail', ''),
      aDesiredStream('mail', '', 'full', 'careers'),
      aDesiredStream('mail', 'inbox'),
      aDesiredStream('mail', 'inbox', 'full', 'careers'),
    ]);
  });

  test('the list of containers is told from what is in it, in every mailbox', () => {
    expect(isContainerList(aDesiredStream('mail', '', 'full', 'careers'))).toBe(true);
    expect(isContainerList(aDesiredStream('mail', 'inbox'))).toBe(false);
  });

  test('a mailbox that is closed for a category is not read in it', () => {
    const named = [{ id: 'careers', address: 'careers@harborreed.example', closed: ['contacts'] as const }];
    const on = decision('onByOwnChoice', { ...READ, shared: true });
    const { streams } = desiredStreams({ mail: on, contacts: on }, {}, NO_RULES, named);

    expect(streams.map(({ key }) => key)).toEqual(['mail:', 'mail:~careers/', 'contacts:', 'contacts:default']);
  });

  test('a shared list of tasks is read as one of the own: no permission tells them apart', () => {
    const shared = aListedFolder('team', { isShared: true });
    const { streams } = desiredStreams({ tasks: decision('onByOwnChoice', READ) }, { tasks: [shared] }, NO_RULES, []);

    expect(streams.map(({ key }) => key)).toEqual(['tasks:', 'tasks:team']);
  });

  test('a folder that a rule excludes is not read, nor what is below it', () => {
    const listed = [
      aListedFolder('inbox'),
      aListedFolder('private', { name: 'Private', parentId: 'inbox' }),
      aListedFolder('doctor', { parentId: 'private' }),
    ];
    const rules: Rules = { ...NO_RULES, organization: { ...NO_FILTERS, excludedFolderNames: ['private'] } };
    const { streams } = desiredStreams({ mail: decision('onByOwnChoice', READ) }, { mail: listed }, rules, []);

    expect(streams.map(({ container }) => container)).toEqual(['', 'inbox']);
  });

  test.each<[Reason, boolean]>([
    ['paused', true],
    ['pausedByAdministrator', true],
    ['integrationOff', true],
    ['reauthenticate', true],
    ['mailboxUnlicensed', true],
    ['consentRevoked', true],
    ['offByOwnChoice', false],
    ['offByAdministrator', false],
    ['notCovered', false],
    ['erasing', false],
  ])('what is off because of %s keeps its place: %s', (reason, isHeld) => {
    expect(desiredStreams({ mail: decision(reason) }, {}, NO_RULES, [])).toEqual({
      streams: [],
      held: isHeld ? [{ category: 'mail', reason }] : [],
    });
  });
});
