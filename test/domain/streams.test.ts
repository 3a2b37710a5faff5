import { describe, expect, test } from '@jest/globals';
import type { Decision, Reason } from '../../src/domain/decision.ts';
import { OFF } from '../../src/domain/selection.ts';
import { desiredStreams } from '../../src/domain/streams.ts';

const READ = { sync: 'full', act: 'none', shared: false } as const;

function decision(reason: Reason, effective: Decision['effective'] = OFF): Decision {
  return { effective, reason, control: 'member', action: 'none', notes: [] };
}

describe('what a mailbox should have', () => {
  test('every container of what is on, and those of others only where they are shared', () => {
    const listed = [
      { id: 'inbox', isShared: false },
      { id: 'of another', isShared: true },
    ];
    const keys = (shared: boolean) =>
      desiredStreams({ mail: decision('onByOwnChoice', { ...READ, shared }) }, { mail: listed }).streams.map(
        ({ key }) => key,
      );

    expect(keys(false)).toEqual(['mail:', 'mail:inbox']);
    expect(keys(true)).toEqual(['mail:', 'mail:inbox', 'mail:of another']);
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
    expect(desiredStreams({ mail: decision(reason) }, {})).toEqual({ streams: [], held: isHeld ? ['mail'] : [] });
  });
});
