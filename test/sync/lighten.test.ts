import { describe, expect, test } from '@jest/globals';
import { lighten } from '../../src/sync/lighten.ts';
import type { Reading, Stream } from '../../src/sync/ports.ts';
import type { GraphCallResult, StreamEnd } from '../../src/sync/roundContext.ts';
import { aStream } from '../support/buildStream.ts';
import { ok } from '../support/graphPages.ts';
import { AT } from '../support/storedRecords.ts';
import { openSyncWorld, type SyncScript } from '../support/syncWorld.ts';

const INBOX: Stream = { ...aStream('mail', 'inbox', 'full', AT), cursor: 'then', stage: 'current', pageSize: 4 };
const TOO_HEAVY: StreamEnd = { kind: 'failed', code: 'tooHeavy', retryAfterSeconds: 20 };
const UNAVAILABLE: StreamEnd = { ...TOO_HEAVY, code: 'microsoftUnavailable' };

/** What comes after an end, with what was probed and read again. */
async function after(
  end: StreamEnd,
  { stream = INBOX, answer = ok('a page'), ...script }: Script = {},
): Promise<Outcome> {
  const world = openSyncWorld(script);
  const probed: Reading[] = [];
  const read: Stream[] = [];
  const outcome = await lighten(world.context, stream, end, {
    probe: (reading) => {
      probed.push(reading);
      return Promise.resolve(answer);
    },
    read: (light) => {
      read.push(light);
      return Promise.resolve({ kind: 'paused' });
    },
  });
  return { end: outcome, probed, read, log: world.log };
}

interface Script extends SyncScript {
  readonly stream?: Stream;
  readonly answer?: GraphCallResult<unknown>;
}

interface Outcome {
  readonly end: StreamEnd;
  readonly probed: readonly Reading[];
  readonly read: readonly Stream[];
  readonly log: readonly string[];
}

const PROBE = { ...INBOX, isLight: true, pageSize: 1 };

describe('where not even one item can be had with its page', () => {
  test('one page of one item is asked for by name, and the stream begins again with such pages', async () => {
    const light = { ...INBOX, cursor: null, generation: 2, stage: 'baseline', isLight: true, pageSize: null };

    expect(await after(TOO_HEAVY)).toEqual({
      end: { kind: 'paused' },
      probed: [PROBE],
      read: [light],
      log: ['lighten mail:inbox'],
    });
  });

  test.each<GraphCallResult<unknown>>([
    { kind: 'tooHeavy', retryAfterSeconds: null },
    { kind: 'failed', code: 'microsoftUnavailable' },
    { kind: 'throttled', retryAfterSeconds: 5 },
  ])('Microsoft is what does not answer where it says %j to that, too', async (answer) => {
    expect(await after(TOO_HEAVY, { answer })).toEqual({ end: UNAVAILABLE, probed: [PROBE], read: [], log: [] });
  });

  test.each([
    ['names items only already', { ...INBOX, isLight: true }],
    ['never asks for more than names', { ...INBOX, level: 'limited' }],
  ] as const)('nothing lighter is to be had of a stream that %s', async (_what, stream) => {
    expect(await after(TOO_HEAVY, { stream })).toEqual({ end: UNAVAILABLE, probed: [], read: [], log: [] });
  });

  test('the round stops where it may not ask, or where the store knows better', async () => {
    const store = { lighten: () => Promise.resolve('stale' as const) };
    const stopped = { end: { kind: 'stopped' }, probed: [PROBE], read: [] };

    expect(await after(TOO_HEAVY, { answer: { kind: 'stopped' } })).toEqual({ ...stopped, log: [] });
    expect(await after(TOO_HEAVY, { store })).toEqual({ ...stopped, log: ['lighten mail:inbox'] });
  });
});

test.each<StreamEnd>([
  { kind: 'current' },
  { kind: 'paused' },
  { kind: 'stopped' },
  { kind: 'failed', code: 'microsoftUnavailable', retryAfterSeconds: 20 },
  { kind: 'failed', code: 'throttled' },
])('an end that has nothing to do with weight stays as it is: %j', async (end) => {
  expect(await after(end)).toEqual({ end, probed: [], read: [], log: [] });
});
