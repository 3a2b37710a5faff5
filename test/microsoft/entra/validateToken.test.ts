/** What a token of a host opens, and the reason for which another does not: each verdict whole. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type CryptoKey, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { SigningKeysUnavailableError } from '../../../src/microsoft/entra/signingKeys.ts';
import { type TokenRules, validateToken } from '../../../src/microsoft/entra/validateToken.ts';

const AUTHORITY = 'https://login.microsoftonline.com';
const CLIENT = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';
const TENANT = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const MARA = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const NOW = new Date('2026-11-30T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const HOUR = 3_600;
/** The Teams client for browsers. */
const TEAMS_WEB = '5e3ce6c0-2b1f-4285-8d4b-75ee78787346';
const ANY_ISSUER = `${AUTHORITY}/{tenantid}/v2.0`;

const CLAIMS = {
  aud: CLIENT,
  iss: `${AUTHORITY}/${TENANT}/v2.0`,
  ver: '2.0',
  tid: TENANT,
  oid: MARA,
  exp: SECONDS + HOUR,
  nbf: SECONDS,
  azp: TEAMS_WEB,
  scp: 'access_as_user',
};
const PRINCIPAL = {
  tenantId: TENANT,
  memberId: MARA,
  name: null,
  account: null,
  loginHint: null,
  directoryRoles: [],
  isGuest: false,
};

let privateKey: CryptoKey;
let publicKey: CryptoKey;
let others: CryptoKey;
let ofAnotherKind: CryptoKey;

beforeAll(async () => {
  ({ privateKey, publicKey } = await generateKeyPair('RS256'));
  others = (await generateKeyPair('RS256')).privateKey;
  ofAnotherKind = (await generateKeyPair('PS256')).privateKey;
});

/** Knows one key, under the name that tokens of these tests bear. */
function keysOf(issuer: string | null): TokenRules['keys'] {
  return { find: (kid) => Promise.resolve(kid === 'ours' ? { key: publicKey, issuer } : null) };
}

function signed(claims: object, header: JWTHeaderParameters, key: CryptoKey): Promise<string> {
  const isCritical = header.crit !== undefined;
  return new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader(header)
    .sign(key, isCritical ? { crit: { exp: true } } : {});
}

async function validate(claims: object, rules: Partial<TokenRules> = {}) {
  return validateToken(await signed(claims, { alg: 'RS256', kid: 'ours' }, privateKey), rulesWith(rules));
}

function rulesWith(rules: Partial<TokenRules>): TokenRules {
  return {
    authority: AUTHORITY,
    clientId: CLIENT,
    allowedTenants: null,
    keys: keysOf(ANY_ISSUER),
    now: () => NOW,
    ...rules,
  };
}

const invalid = (detail: string, code = 'token_invalid') => ({ kind: 'invalid', code, detail });
const UNREADABLE = invalid('not a v2.0 user token in compact form');

describe('a token that is right in everything', () => {
  test('names the person, and until when', async () => {
    expect(await validate({})).toEqual({
      kind: 'valid',
      principal: PRINCIPAL,
      expiresAt: new Date('2026-11-30T13:00:00Z'),
    });
  });

  test('says what Entra says of them', async () => {
    const roles = ['62e90394-69f5-4237-9190-012177145e10'];
    const said = {
      name: 'Mara Ellis',
      preferred_username: 'mara@harborreed.example',
      login_hint: 'O.hint',
      wids: roles,
    };

    expect(await validate(said)).toMatchObject({
      principal: {
        ...PRINCIPAL,
        name: 'Mara Ellis',
        account: 'mara@harborreed.example',
        loginHint: 'O.hint',
        directoryRoles: roles,
      },
    });
  });

  test('without a hint of its own, the account is the hint', async () => {
    expect(await validate({ preferred_username: 'mara@harborreed.example' })).toMatchObject({
      principal: { account: 'mara@harborreed.example', loginHint: 'mara@harborreed.example' },
    });
  });

  test.each([
    ['a name', { name: 7 }, { name: null }],
    ['an endless name', { name: 'M'.repeat(257) }, { name: null }],
    ['the longest name', { name: 'M'.repeat(256) }, { name: 'M'.repeat(256) }],
    ['an account', { preferred_username: {} }, { account: null, loginHint: null }],
    ['an endless account', { preferred_username: 'm'.repeat(257) }, { account: null }],
    ['a hint', { login_hint: [] }, { loginHint: null }],
    ['an endless hint', { login_hint: 'O'.repeat(2_049) }, { loginHint: null }],
    ['roles', { wids: 'all' }, { directoryRoles: [] }],
    ['endless roles', { wids: Array.from({ length: 501 }, () => 'a role') }, { directoryRoles: [] }],
  ])('%s in a wrong form is as good as none', async (_what, claims, expected) => {
    expect(await validate(claims)).toMatchObject({ kind: 'valid', principal: expected });
  });

  test('ids in capitals are the same ids', async () => {
    const inCapitals = {
      tid: TENANT.toUpperCase(),
      oid: MARA.toUpperCase(),
      iss: CLAIMS.iss.replace(TENANT, TENANT.toUpperCase()),
    };

    expect(await validate(inCapitals, { allowedTenants: [TENANT] })).toMatchObject({
      kind: 'valid',
      principal: PRINCIPAL,
    });
  });

  test.each([
    ['a member, as Entra says', { acct: 0 }, false],
    ['a guest, as Entra says', { acct: 1 }, true],
    ['something that Entra does not say', { acct: 2 }, false],
    [
      'someone whom another organization signed in',
      { idp: 'https://sts.windows.net/5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002/' },
      true,
    ],
    [
      'someone whom their own organization signed in',
      { idp: `https://sts.windows.net/${TENANT.toUpperCase()}/` },
      false,
    ],
  ])('%s', async (_who, claims, isGuest) => {
    expect(await validate(claims)).toMatchObject({ kind: 'valid', principal: { isGuest } });
  });
});

describe('when and for whom it is', () => {
  test.each([
    ['it ended as long ago as clocks may differ', { exp: SECONDS - 120 }, invalid('expired')],
    ['it ended a second less ago', { exp: SECONDS - 119 }, { kind: 'valid' }],
    ['it begins when clocks may differ no more', { nbf: SECONDS + 121 }, invalid('not valid yet')],
    ['it begins a second earlier', { nbf: SECONDS + 120 }, { kind: 'valid' }],
    ['it is for Graph', { aud: '00000003-0000-0000-c000-000000000000' }, invalid('audience')],
    ['another authority issued it', { iss: `https://login.microsoftonline.us/${TENANT}/v2.0` }, invalid('issuer')],
    ['its issuer is longer', { iss: `${CLAIMS.iss}/more` }, invalid('issuer')],
    ['it is of version 1', { ver: '1.0' }, UNREADABLE],
    ['it names no tenant', { tid: 'common' }, UNREADABLE],
    ['its tenant only contains an id', { tid: `x${TENANT}` }, UNREADABLE],
    ['its tenant goes on behind an id', { tid: `${TENANT}/x` }, UNREADABLE],
    ['it names no one', { oid: '' }, UNREADABLE],
    ['it ends with a fraction', { exp: SECONDS + 0.5 }, UNREADABLE],
    ['it begins before time did', { nbf: -1 }, UNREADABLE],
  ])('%s', async (_when, claims, expected) => {
    expect(await validate(claims)).toMatchObject(expected);
  });
});

describe('what it opens', () => {
  test.each([
    ['no scope', { scp: undefined }],
    ['another scope', { scp: 'access_as_user_too' }],
    ['a list for a scope', { scp: ['access_as_user'] }],
    ['an application', { idtyp: 'app' }],
    ['an ID token', { nonce: 'n' }],
  ])('%s: nothing', async (_what, claims) => {
    expect(await validate(claims)).toEqual(invalid('scope', 'token_not_for_user'));
  });

  test('our scope among others', async () => {
    expect(await validate({ scp: 'User.Read access_as_user', idtyp: 'user' })).toMatchObject({ kind: 'valid' });
  });

  test.each([
    ['desktop and phone Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264'],
    ['Teams in a browser', TEAMS_WEB],
    ['Microsoft 365 in a browser', '4765445b-32c6-49b0-83e6-1d93765276ca'],
    ['Microsoft 365 on a desktop', '0ec893e0-5785-4de6-99da-4ed124e5296c'],
    ['Microsoft 365 on a phone, and Outlook on a desktop', 'd3590ed6-52b3-4102-aeff-aad2292ab01c'],
    ['Outlook in a browser', 'bc59ab01-8403-45c6-8796-ac3ef710b3e3'],
    ['Outlook on a phone', '27922004-5251-4030-b22d-91ecd9a37ea4'],
    ['add-ins in Office on the web', 'ea5a67f6-b6f3-4338-b240-c655ddc3cc8e'],
    ['add-ins in Office, once more', '93d53678-613d-4013-afc1-62e9e444a0a5'],
    ['ourselves', CLIENT],
  ])('from %s', async (_where, azp) => {
    expect(await validate({ azp })).toMatchObject({ kind: 'valid' });
  });

  test('from a client that no one knows', async () => {
    expect(await validate({ azp: 'deadbeef-0000-4000-8000-000000000000' })).toEqual(
      invalid('authorized party', 'client_not_allowed'),
    );
  });

  test('in an installation for some tenants only', async () => {
    expect(await validate({}, { allowedTenants: ['5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002'] })).toEqual(
      invalid('tenant', 'tenant_not_allowed'),
    );
    expect(await validate({}, { allowedTenants: [TENANT] })).toMatchObject({ kind: 'valid' });
  });
});

describe('who signed it', () => {
  test.each([
    ['someone else, under our name', { alg: 'RS256', kid: 'ours' }, () => others, 'signature'],
    ['a key that no one knows', { alg: 'RS256', kid: 'theirs' }, () => privateKey, 'signing key'],
    ['a key without a name', { alg: 'RS256' }, () => privateKey, 'signing key'],
    ['another algorithm', { alg: 'PS256', kid: 'ours' }, () => ofAnotherKind, 'signing key'],
    [
      'the right key, with something critical',
      { alg: 'RS256', kid: 'ours', crit: ['exp'], exp: 1 },
      () => privateKey,
      'signing key',
    ],
  ])('%s', async (_who, header, key, detail) => {
    expect(await validateToken(await signed({}, header, key()), rulesWith({}))).toEqual(invalid(detail));
  });

  test.each([
    ['of every tenant', ANY_ISSUER, { kind: 'valid' }],
    ['of this tenant', `${AUTHORITY}/${TENANT}/v2.0`, { kind: 'valid' }],
    ['that names no issuer', null, { kind: 'valid' }],
    [
      'of consumers',
      `${AUTHORITY}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`,
      invalid('the signing key belongs to another issuer'),
    ],
  ])('a key %s', async (_whose, issuer, expected) => {
    expect(await validate({}, { keys: keysOf(issuer) })).toMatchObject(expected);
  });

  test('no one knows while the keys cannot be had', async () => {
    const keys = { find: () => Promise.reject(new SigningKeysUnavailableError('no answer')) };

    expect(await validate({}, { keys })).toEqual(invalid('no answer', 'signing_keys_unavailable'));
  });

  test('a fault of ours is none of the token', async () => {
    const keys = { find: () => Promise.reject(new Error('out of memory')) };

    await expect(validate({}, { keys })).rejects.toThrow('out of memory');
  });
});

describe('what is no token', () => {
  const body = (claims: object | string) =>
    Buffer.from(typeof claims === 'string' ? claims : JSON.stringify(claims)).toString('base64url');

  test.each([
    ['nothing', ''],
    ['two parts', `e30.${body(CLAIMS)}`],
    ['four parts', `e30.${body(CLAIMS)}.c.d`],
    ['no JSON', `e30.${body('{')}.c`],
    ['JSON that is no object', `e30.${body('7')}.c`],
    ['bytes that are no UTF-8', `e30.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.c`],
    ['one character too many', `e30.${body({ ...CLAIMS, name: 'M' })}.`.padEnd(12_001, 'c')],
  ])('%s', async (_what, token) => {
    expect(await validateToken(token, rulesWith({}))).toEqual(UNREADABLE);
  });

  test('the longest that is looked at names no key that is known', async () => {
    expect(await validateToken(`e30.${body(CLAIMS)}.`.padEnd(12_000, 'c'), rulesWith({}))).toEqual(
      invalid('signing key'),
    );
  });

  test('a header that cannot be read names no key', async () => {
    expect(await validateToken(`x.${body(CLAIMS)}.c`, rulesWith({}))).toEqual(invalid('signing key'));
  });
});
