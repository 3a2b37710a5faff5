import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance, type ConsentEvent, isTenantWide, SUPERSEDED, transition } from '../../src/consent/transaction.ts';
import { CONSENT_STEPS, type ConsentStep, type ConsentTransaction, PURPOSES } from '../../src/domain/records.ts';
import { MODES } from '../../src/domain/mode.ts';
import { REFUSAL_WORDS } from '../../src/domain/refusals.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';

const AT = new Date('2026-11-29T09:00:00.000Z');

const BEGUN: ConsentTransaction = {
  tenantId: 'tenant',
  consentHash: 'hash',
  memberId: 'mara',
  purpose: 'consent',
  mode: 'individual',
  grantFor: 'self',
  linkHash: null,
  selection: EMPTY_SELECTION,
  relevance: null,
  erase: [],
  basedOn: { kind: 'connection', epoch: 1 },
  step: 'created',
  state: 'started',
  reason: null,
  browserHash: null,
  grantedBy: null,
  isQualified: true,
  attempts: 0,
  createdAt: AT,
  expiresAt: new Date(AT.getTime() + 600_000),
};

const FOR_EVERYONE: ConsentTransaction = { ...BEGUN, mode: 'organization', grantFor: 'everyone' };

function at(step: ConsentStep, transaction = BEGUN): ConsentTransaction {
  return { ...transaction, step };
}

const EVENTS = {
  opened: { kind: 'opened', browserHash: 'browser' },
  adminConsentReturned: { kind: 'adminConsentReturned' },
  codeReturned: { kind: 'codeReturned' },
  accepted: { kind: 'accepted', grantedBy: 'owen', isQualified: false, at: AT },
  attempted: { kind: 'attempted', nextAttemptAt: AT },
  verified: { kind: 'verified', grantedBy: 'owen' },
  leftUnverified: { kind: 'leftUnverified' },
  refused: { kind: 'refused', reason: 'declined' },
  superseded: { kind: 'superseded' },
} as const satisfies { readonly [Kind in ConsentEvent['kind']]: Extract<ConsentEvent, { kind: Kind }> };

const ACCEPTED = { step: 'proving', grantedBy: 'owen', isQualified: false, attemptAt: AT };
const REFUSED = { step: 'ended', state: 'refused', reason: 'declined' };

/** Every event at every step; what stands nowhere here is not for the step. */
const TABLE: Readonly<Record<ConsentEvent['kind'], Partial<Record<ConsentStep, object>>>> = {
  opened: { created: { step: 'signIn', browserHash: 'browser' } },
  adminConsentReturned: { adminConsent: { step: 'signIn' } },
  codeReturned: { signIn: { step: 'redeeming' } },
  accepted: { redeeming: { ...ACCEPTED, state: 'propagating' } },
  attempted: { proving: { step: 'proving', attemptAt: AT } },
  verified: {
    redeeming: { step: 'ended', state: 'verified', grantedBy: 'owen' },
    proving: { step: 'ended', state: 'verified', grantedBy: 'owen' },
  },
  leftUnverified: { proving: { step: 'ended', state: 'grantedUnproven' } },
  refused: { adminConsent: REFUSED, signIn: REFUSED, redeeming: REFUSED, proving: REFUSED },
  superseded: Object.fromEntries(CONSENT_STEPS.map((step) => [step, SUPERSEDED])),
};

describe.each(Object.values(EVENTS))('$kind', (event) => {
  test.each(CONSENT_STEPS)('at %s', (step) => {
    expect(transition(at(step), event)).toEqual(TABLE[event.kind][step] ?? null);
  });
});

describe('what depends on the transaction', () => {
  test('for everyone, opening leads to the page for admins first', () => {
    expect(transition(FOR_EVERYONE, EVENTS.opened)).toEqual({ step: 'adminConsent', browserHash: 'browser' });
  });

  test('a permission for the moment is asked for by a sign-in, for everyone too', () => {
    const check: ConsentTransaction = { ...FOR_EVERYONE, purpose: 'checkDirectory' };

    expect(isTenantWide(check)).toBe(false);
    expect(transition(check, EVENTS.opened)).toEqual({ step: 'signIn', browserHash: 'browser' });
  });

  test('a service account settles, since Exchange is slow; its removal only propagates', () => {
    const service: ConsentTransaction = { ...FOR_EVERYONE, mode: 'service' };

    expect(transition(at('redeeming', service), EVENTS.accepted)).toEqual({ ...ACCEPTED, state: 'settling' });
    expect(transition(at('redeeming', { ...service, purpose: 'removeGrant' }), EVENTS.accepted)).toEqual({
      ...ACCEPTED,
      state: 'propagating',
    });
  });

  test('who granted stays who it was where the event does not say', () => {
    expect(transition(at('proving'), { kind: 'verified', grantedBy: null })).toEqual({
      step: 'ended',
      state: 'verified',
    });
  });
});

describe('writing a transition', () => {
  const writing = (isWritten: boolean) => {
    const written: unknown[] = [];
    const advanceConsent = (...change: readonly unknown[]) => {
      written.push(change);
      return Promise.resolve(isWritten);
    };
    return { written, writer: { advanceConsent } };
  };

  test('gives the transaction as it is stored then', async () => {
    const { written, writer } = writing(true);

    expect(await advance(writer, at('redeeming'), EVENTS.accepted)).toEqual({
      ...BEGUN,
      step: 'proving',
      state: 'propagating',
      grantedBy: 'owen',
      isQualified: false,
      attempts: 1,
    });
    expect(written).toEqual([['tenant', 'hash', 'redeeming', { ...ACCEPTED, state: 'propagating' }]]);
  });

  test('gives nothing where someone was faster', async () => {
    expect(await advance(writing(false).writer, at('redeeming'), EVENTS.accepted)).toBeNull();
  });

  test('writes nothing for an event that is not for the step', async () => {
    const { written, writer } = writing(true);

    expect(await advance(writer, at('created'), EVENTS.codeReturned)).toBeNull();
    expect(written).toEqual([]);
  });
});

const events: fc.Arbitrary<ConsentEvent> = fc.oneof(
  fc.constantFrom<ConsentEvent>(...Object.values(EVENTS)),
  fc.constantFrom(...REFUSAL_WORDS).map((reason): ConsentEvent => ({ kind: 'refused', reason })),
);

const begun: fc.Arbitrary<ConsentTransaction> = fc
  .record({
    purpose: fc.constantFrom(...PURPOSES),
    mode: fc.constantFrom(...MODES),
    grantFor: fc.constantFrom('self' as const, 'everyone' as const),
  })
  .map((request) => ({ ...BEGUN, ...request }));

/** The transaction after each event that was for its step, in order. */
function lifeOf(first: ConsentTransaction, happening: readonly ConsentEvent[]): readonly ConsentTransaction[] {
  return happening.reduce<ConsentTransaction[]>(
    (life, event) => {
      const last = life.at(-1) ?? first;
      const change = transition(last, event);
      return change === null ? life : [...life, { ...last, ...change }];
    },
    [first],
  );
}

test('whatever happens, steps only go forward, and what has ended stays ended', () => {
  fc.assert(
    fc.property(begun, fc.array(events, { maxLength: 30 }), (first, happening) => {
      const steps = lifeOf(first, happening).map(({ step }) => CONSENT_STEPS.indexOf(step));
      expect(steps).toEqual(steps.toSorted((one, other) => one - other));
    }),
  );
});

test('whatever happens, nothing is granted that Microsoft was not asked for and did not redeem', () => {
  fc.assert(
    fc.property(begun, fc.array(events, { maxLength: 30 }), (first, happening) => {
      const life = lifeOf(first, happening);
      const granted = life.findIndex(({ state }) => state === 'verified' || state === 'grantedUnproven');
      const before = life.slice(0, Math.max(granted, 0)).map(({ step }) => step);
      expect(granted < 0 || (before.includes('signIn') && before.includes('redeeming'))).toBe(true);
      expect(granted < 0 || !isTenantWide(first) || before.includes('adminConsent')).toBe(true);
    }),
  );
});

test('whatever happens, a reason stands with a refusal and nowhere else', () => {
  fc.assert(
    fc.property(begun, fc.array(events, { maxLength: 30 }), (first, happening) => {
      for (const { state, reason } of lifeOf(first, happening)) {
        expect(reason !== null).toBe(state === 'refused');
      }
    }),
  );
});
