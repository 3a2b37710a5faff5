/** What probes say of application permissions: what is reached, what must not be, and when nothing was found out. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ProbeResult, TokenAnswer } from '../../src/consent/ports.ts';
import { probeService } from '../../src/consent/probeService.ts';
import type { Organization, ServiceGrant } from '../../src/domain/records.ts';
import { EMPTY_SELECTION, type Selection } from '../../src/domain/selection.ts';
import { aConsentStore } from '../support/aConsentStore.ts';
import { FakeMicrosoft } from '../support/fakeMicrosoft.ts';
import { AT, HARBOR_REED, READ } from '../support/storedRecords.ts';

const GRANTED = { grantedBy: 'owen', grantedAt: '2026-11-28T09:00:00.000Z' };
const MAIL: Selection = { ...EMPTY_SELECTION, mail: READ };
const MAIL_AND_CALENDAR: Selection = { ...MAIL, calendar: READ };
const TOKEN: TokenAnswer = {
  kind: 'tokens',
  accessToken: "the application's token",
  expiresAt: AT,
  refreshToken: null,
  scopes: ['.default'],
};

let probed: (readonly unknown[])[];

beforeEach(() => {
  probed = [];
});

interface Circumstances {
  readonly organization: Organization | null;
  readonly covered: readonly string[];
  readonly token: TokenAnswer;
  /** By `member/category`; `reached` where nothing is said. */
  readonly results: Readonly<Record<string, ProbeResult>>;
  readonly selection: Selection;
}

function probe(more: Partial<Circumstances>): Promise<ServiceGrant | null> {
  const { organization, covered, token, results, selection }: Circumstances = {
    organization: HARBOR_REED,
    covered: ['mara', 'tom'],
    token: TOKEN,
    results: {},
    selection: MAIL,
    ...more,
  };
  const now = () => AT;
  const microsoft = new FakeMicrosoft('tenant', [], now);
  const ports = {
    store: aConsentStore({
      organization: () => Promise.resolve(organization),
      peopleIn: () => Promise.resolve(covered),
    }),
    entra: { ...microsoft.entra, applicationToken: () => Promise.resolve(token) },
    directory: {
      ...microsoft.directory,
      probe: (...[accessToken, memberId, category, level]: Parameters<typeof microsoft.directory.probe>) => {
        probed.push([accessToken, memberId, category, level]);
        return Promise.resolve(results[`${memberId}/${category}`] ?? 'reached');
      },
    },
    now,
  };
  return probeService(ports, 'tenant', selection, GRANTED);
}

function found(more: Partial<ServiceGrant>): ServiceGrant {
  return {
    ...GRANTED,
    state: 'unproven',
    checkedAt: AT.toISOString(),
    attemptedAt: AT.toISOString(),
    reached: ['mail'],
    canary: 'notNamed',
    probedId: 'mara',
    ...more,
  };
}

const withCanary = { ...HARBOR_REED, canaryId: 'ivy' };
const mailboxes = () => probed.map(([, memberId, category]) => `${String(memberId)}/${String(category)}`);

describe('without an answer of Entra', () => {
  test.each([
    ['for an organization that is not known', { organization: null }],
    ['while it is out of reach', { token: { kind: 'unavailable' } }],
  ] as const)('%s nothing is found out, and no mailbox is tried', async (_what, more) => {
    expect(await probe(more)).toBeNull();
    expect(probed).toEqual([]);
  });

  test('with a refused token nothing is reached, which is a finding', async () => {
    const token: TokenAnswer = { kind: 'refused', error: { error: 'unauthorized_client' }, claims: null };

    expect(await probe({ token, organization: withCanary })).toEqual(
      found({ state: 'failed', reached: [], canary: 'unknown', probedId: null }),
    );
    expect(probed).toEqual([]);
  });
});

describe('the covered mailboxes', () => {
  test('are read in what is selected only, at its level, with the token of the application', async () => {
    const limited = { ...READ, sync: 'limited' } as const;

    expect(await probe({ selection: { ...MAIL_AND_CALENDAR, calendar: limited } })).toEqual(
      found({ reached: ['mail', 'calendar'] }),
    );
    expect(probed).toEqual([
      ["the application's token", 'mara', 'mail', READ],
      ["the application's token", 'mara', 'calendar', limited],
    ]);
  });

  test('are tried one after another until one gives everything', async () => {
    const results = { 'mara/mail': 'noMailbox' } as const;

    expect(await probe({ results, covered: ['mara', 'tom', 'lena'] })).toEqual(found({ probedId: 'tom' }));
    expect(mailboxes()).toEqual(['mara/mail', 'tom/mail']);
  });

  test('count by the one that gave the most, the first of several', async () => {
    const results = {
      'mara/mail': 'refused',
      'mara/calendar': 'refused',
      'tom/mail': 'refused',
      'lena/calendar': 'refused',
    } as const;

    expect(await probe({ results, covered: ['mara', 'tom', 'lena'], selection: MAIL_AND_CALENDAR })).toEqual(
      found({ state: 'failed', reached: ['calendar'], probedId: 'tom' }),
    );
  });

  test('are five at most', async () => {
    const covered = ['one', 'two', 'three', 'four', 'five', 'six'];
    const results = Object.fromEntries(
      covered.slice(0, 5).map((memberId) => [`${memberId}/mail`, 'noMailbox' as const]),
    );

    expect(await probe({ covered, results })).toEqual(found({ state: 'failed', reached: [], probedId: 'one' }));
    expect(mailboxes()).toEqual(['one/mail', 'two/mail', 'three/mail', 'four/mail', 'five/mail']);
  });

  test('are none where nobody is covered', async () => {
    expect(await probe({ covered: [] })).toEqual(found({ state: 'failed', reached: [], probedId: null }));
  });

  test('do not include the canary', async () => {
    const results = { 'ivy/mail': 'refused' } as const;

    expect(await probe({ organization: withCanary, covered: ['ivy', 'tom'], results })).toEqual(
      found({ state: 'verified', canary: 'refused', probedId: 'tom' }),
    );
    expect(mailboxes()).toEqual(['tom/mail', 'ivy/mail']);
  });
});

describe('an answer that is missing', () => {
  test('leaves open what was not reached', async () => {
    expect(await probe({ results: { 'mara/mail': 'unavailable', 'tom/mail': 'refused' } })).toBeNull();
  });

  test('does not matter where another mailbox gives everything', async () => {
    expect(await probe({ results: { 'mara/mail': 'unavailable' } })).toEqual(found({ probedId: 'tom' }));
  });

  test('of the canary leaves open whether it is refused', async () => {
    expect(await probe({ organization: withCanary, results: { 'ivy/mail': 'unavailable' } })).toBeNull();
  });
});

describe('the canary', () => {
  test.each([
    ['refused', 'refused', 'verified', 'refused'],
    ['refused', 'reached', 'failed', 'reached'],
    ['reached', 'unavailable', 'failed', 'reached'],
    ['refused', 'noMailbox', 'failed', 'unknown'],
    ['noMailbox', 'noMailbox', 'failed', 'unknown'],
  ] as const)(
    'with mail %s and calendar %s makes it %s, by a canary that was %s',
    async (mail, calendar, state, canary) => {
      const results = { 'ivy/mail': mail, 'ivy/calendar': calendar };

      expect(await probe({ organization: withCanary, results, selection: MAIL_AND_CALENDAR })).toEqual(
        found({ state, canary, reached: ['mail', 'calendar'] }),
      );
    },
  );

  test('that is refused proves nothing where the covered mailboxes are refused as well', async () => {
    const results = { 'mara/mail': 'refused', 'tom/mail': 'refused', 'ivy/mail': 'refused' } as const;

    expect(await probe({ organization: withCanary, results })).toEqual(
      found({ state: 'failed', reached: [], canary: 'refused' }),
    );
  });
});
