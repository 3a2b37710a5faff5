/** Tokens of the application itself: when one that is kept is used, and when Entra is asked again. */
import { beforeEach, expect, test } from '@jest/globals';
import type { TokenAnswer } from '../../src/consent/ports.ts';
import { ServiceTokens } from '../../src/consent/serviceTokens.ts';
import { FakeMicrosoft } from '../support/fakeMicrosoft.ts';

const MINUTE = 60_000;
const REFUSED: TokenAnswer = { kind: 'refused', error: { error: 'unauthorized_client' }, claims: null };

let now: number;
let asked: string[];
let answers: TokenAnswer[];
let tokens: ServiceTokens;

beforeEach(() => {
  now = Date.parse('2026-11-29T09:00:00Z');
  asked = [];
  answers = [];
  const entra = {
    ...new FakeMicrosoft('harborreed', [], () => new Date(now)).entra,
    applicationToken: (tenantId: string) => {
      asked.push(tenantId);
      return Promise.resolve(answers.shift() ?? { kind: 'unavailable' as const });
    },
  };
  tokens = new ServiceTokens({ entra, now: () => new Date(now) });
});

function token(accessToken: string): TokenAnswer {
  const expiresAt = new Date(now + 60 * MINUTE);
  return { kind: 'tokens', accessToken, expiresAt, refreshToken: null, scopes: ['.default'] };
}

test('a token is asked for once, and used until shortly before it expires', async () => {
  const [first, second] = [token('first'), token('second')];
  answers = [first, second];

  expect(await tokens.get('harborreed')).toBe(first);
  now += 58 * MINUTE - 1;
  expect(await tokens.get('harborreed')).toBe(first);
  now += 1;
  expect(await tokens.get('harborreed')).toBe(second);
  expect(asked).toEqual(['harborreed', 'harborreed']);
});

test("one organization is never given another's token", async () => {
  const [first, second] = [token('of Harbor Reed'), token('of Quillworks')];
  answers = [first, second];

  expect(await tokens.get('harborreed')).toBe(first);
  expect(await tokens.get('quillworks')).toBe(second);
  expect(await tokens.get('harborreed')).toBe(first);
  expect(asked).toEqual(['harborreed', 'quillworks']);
});

test('renewing asks although one is kept, and replaces it', async () => {
  const [first, second] = [token('first'), token('second')];
  answers = [first, second];
  await tokens.get('harborreed');

  expect(await tokens.renew('harborreed')).toBe(second);
  expect(await tokens.get('harborreed')).toBe(second);
  expect(asked).toHaveLength(2);
});

test.each([
  ['a refusal', REFUSED],
  ['no answer', { kind: 'unavailable' }],
] as const)('%s to a renewal drops the token that was kept, and is itself not kept', async (_what, answer) => {
  const [first, third] = [token('first'), token('third')];
  answers = [first, answer, third];
  await tokens.get('harborreed');

  expect(await tokens.renew('harborreed')).toEqual(answer);
  expect(await tokens.get('harborreed')).toBe(third);
  expect(asked).toHaveLength(3);
});
