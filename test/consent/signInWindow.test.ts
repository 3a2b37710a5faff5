/** A window of its own signs someone in where the host can give no token: where it leads, and what its end proves. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Found, SignInRequest, TokenAnswer } from '../../src/consent/ports.ts';
import { pkceVerifierOf, stateOf } from '../../src/consent/secrets.ts';
import { endSignIn, openSignIn, type SignInPorts, type SignInWish } from '../../src/consent/signInWindow.ts';

const HARBOR_REED = '5f0c2b1e-0001-4c3d-8e5f-200000000001';
const SECRET = 'the secret of the browser';
const STATE = stateOf(SECRET);
const WISH: SignInWish = { tenantId: null, domain: 'harborreed.example', loginHint: null, claims: null };
const OPENED = { tenantId: HARBOR_REED, browserSecret: SECRET };

let asked: unknown[];

beforeEach(() => {
  asked = [];
});

/** Microsoft with these answers, which notes what it is asked. */
function microsoft({
  tenant = { kind: 'found', value: HARBOR_REED },
  url = { kind: 'found', value: 'https://login.example/authorize' },
  token = { kind: 'unavailable' },
}: {
  readonly tenant?: Found<string>;
  readonly url?: Found<string>;
  readonly token?: TokenAnswer;
}): SignInPorts {
  const answer =
    <Given, Answer>(value: Answer) =>
    (given: Given) => {
      asked.push(given);
      return Promise.resolve(value);
    };
  return {
    entra: {
      tenantOf: answer(tenant),
      signInUrl: answer<SignInRequest, Found<string>>(url),
      redeemSignIn: answer(token),
    },
    chance: { token: (bytes) => (bytes === 32 ? SECRET : 'of another length') },
  };
}

function returned(query: Readonly<Record<string, string>>): URL {
  return new URL(`https://assent.example/signin/return?${new URLSearchParams(query).toString()}`);
}

describe('opening the window', () => {
  test('leads to the organization of the domain, with what the browser keeps meanwhile', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const wish = { ...WISH, loginHint: 'mara.ellis@harborreed.example', claims };

    expect(await openSignIn(microsoft({}), wish)).toEqual({
      kind: 'found',
      value: {
        url: 'https://login.example/authorize',
        tenantId: HARBOR_REED,
        browserSecret: SECRET,
        state: STATE,
      },
    });
    expect(asked).toEqual([
      'harborreed.example',
      {
        tenantId: HARBOR_REED,
        state: STATE,
        pkceVerifier: pkceVerifierOf(SECRET),
        loginHint: 'mara.ellis@harborreed.example',
        claims,
      },
    ]);
  });

  test('looks an id up as well, and prefers it to the domain', async () => {
    await openSignIn(microsoft({}), { ...WISH, tenantId: 'an id' });

    expect(asked[0]).toBe('an id');
  });

  test('with neither an id nor a domain leads nowhere, and Microsoft is not asked', async () => {
    expect(await openSignIn(microsoft({}), { ...WISH, domain: null })).toEqual({ kind: 'unknown' });
    expect(asked).toEqual([]);
  });

  test.each(['unknown', 'unavailable'] as const)('of an organization that is %s makes no address', async (kind) => {
    expect(await openSignIn(microsoft({ tenant: { kind } }), WISH)).toEqual({ kind });
    expect(asked).toEqual(['harborreed.example']);
  });

  test.each(['unknown', 'unavailable'] as const)('whose address is %s hands no secret out', async (kind) => {
    expect(await openSignIn(microsoft({ url: { kind } }), WISH)).toEqual({ kind });
  });
});

describe('the end of the window', () => {
  test('is a token for the browser that began it, redeemed with its own verifier', async () => {
    const token: TokenAnswer = {
      kind: 'tokens',
      accessToken: 'a token of Mara',
      expiresAt: new Date('2026-11-29T10:00:00Z'),
      refreshToken: 'never handed out',
      scopes: ['access'],
    };
    const returnedTo = returned({ code: 'a code', state: STATE });

    expect(await endSignIn(microsoft({ token }), returnedTo, OPENED)).toEqual({
      kind: 'token',
      accessToken: 'a token of Mara',
    });
    expect(asked).toEqual([{ tenantId: HARBOR_REED, returnedTo, state: STATE, pkceVerifier: pkceVerifierOf(SECRET) }]);
  });

  test.each([
    ['without a cookie', { code: 'a code', state: STATE }, null],
    ['without a state', { code: 'a code' }, OPENED],
    ['with the state of another window', { code: 'a code', state: stateOf('another secret') }, OPENED],
    ['with an error of another window', { error: 'access_denied', state: stateOf('another secret') }, OPENED],
    ['with an empty state and no cookie', { code: 'a code', state: '' }, null],
  ])('%s belongs to another browser, and no code is redeemed', async (_what, query, opened) => {
    expect(await endSignIn(microsoft({}), returned(query), opened)).toEqual({ kind: 'otherBrowser' });
    expect(asked).toEqual([]);
  });

  test.each([
    [{ error: 'access_denied' }, 'declined'],
    [
      { error: 'access_denied', error_description: 'AADSTS90094: The grant requires admin permission.' },
      'administratorRequired',
    ],
    [{ error: 'invalid_request', error_description: 'AADSTS50105: Not assigned to a role.' }, 'notAssigned'],
    [{ error: 'server_error' }, 'microsoftUnavailable'],
    [{ error: '' }, 'other'],
    [{ error: 'something_new', error_description: 'No number at all' }, 'other'],
  ] as const)('with %j is a refusal, by what it says', async (error, refusal) => {
    const returnedTo = returned({ ...error, code: 'a code', state: STATE });

    expect(await endSignIn(microsoft({}), returnedTo, OPENED)).toEqual({ kind: 'refused', refusal });
    expect(asked).toEqual([]);
  });

  test.each([
    [{ error: 'invalid_grant', number: 50057 }, 'accountDisabled'],
    [{ error: 'invalid_grant' }, 'signInAgain'],
    [{ error: 'invalid_client' }, 'misconfigured'],
  ] as const)('whose code is refused with %j says why', async (error, refusal) => {
    const ports = microsoft({ token: { kind: 'refused', error, claims: null } });

    expect(await endSignIn(ports, returned({ code: 'a code', state: STATE }), OPENED)).toEqual({
      kind: 'refused',
      refusal,
    });
  });

  test('while Microsoft does not answer is said to be out of reach', async () => {
    expect(await endSignIn(microsoft({}), returned({ code: 'a code', state: STATE }), OPENED)).toEqual({
      kind: 'unavailable',
    });
  });
});
