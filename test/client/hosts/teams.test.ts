/** Teams by the bridge that it puts into a page on phones; teams-js itself is the real one. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostTheme } from '../../../src/client/hosts/host.ts';
import { failureOf, textFailure } from '../../../src/client/hosts/signInFailure.ts';
import { openTeams } from '../../../src/client/hosts/teams.ts';
import { aToken } from '../../support/aToken.ts';

interface TeamsCall {
  readonly id: number;
  readonly uuidAsString?: string;
  readonly func: string;
  readonly args?: readonly unknown[];
}

type Answers = Readonly<Record<string, (args: readonly unknown[]) => readonly unknown[]>>;

const CONTEXT = {
  theme: 'dark',
  userObjectId: 'mara',
  tid: 'alderpoint',
  loginHint: 'mara@alderpoint.example',
  hostName: 'TeamsModern',
  hostClientType: 'ios',
  frameContext: 'content',
};

function runtime(isNestedAuthRecommended: boolean): string {
  return JSON.stringify({
    apiVersion: 4,
    hostVersionsInfo: {},
    isNAAChannelRecommended: isNestedAuthRecommended,
    isLegacyTeams: false,
    supports: isNestedAuthRecommended ? { nestedAppAuth: {} } : {},
  });
}

let calls: TeamsCall[];
let answers: Answers;

function hear(data: object): void {
  const listener: unknown = Reflect.get(window, 'onNativeMessage');
  if (typeof listener === 'function') {
    listener({ data });
  }
}

beforeEach(() => {
  calls = [];
  answers = { initialize: () => ['content', 'ios', '2.1.2', runtime(true)], getContext: () => [CONTEXT] };
  const framelessPostMessage = (text: string) => {
    const call: TeamsCall = JSON.parse(text);
    calls.push(call);
    const args = answers[call.func]?.(call.args ?? []);
    if (args !== undefined) {
      queueMicrotask(() => {
        hear({ id: call.id, uuidAsString: call.uuidAsString, args });
      });
    }
  };
  Object.defineProperty(window, 'nativeInterface', { value: { framelessPostMessage }, configurable: true });
});
afterEach(() => {
  Reflect.deleteProperty(window, 'nativeInterface');
});

async function opened(more: Answers = {}) {
  answers = { ...answers, ...more };
  const host = await openTeams();
  if (host === null) {
    throw new Error('There is a Teams');
  }
  return host;
}

/** What Teams was asked with that name, from the first call on. */
function asked(func: string): readonly unknown[] {
  return calls.filter((call) => call.func === func).map(({ args }) => args);
}

describe('what Teams says of the tab', () => {
  test('is theme, account and whether nested app authentication is there', async () => {
    const { kind, theme, hasNestedAuth, loginHint, account, mailboxAddress, items } = await opened();

    expect({ kind, theme, hasNestedAuth, loginHint, account, mailboxAddress, items }).toEqual({
      kind: 'teams',
      theme: 'teamsDark',
      hasNestedAuth: true,
      loginHint: 'mara@alderpoint.example',
      account: { oid: 'mara', tenantId: 'alderpoint' },
      mailboxAddress: null,
      items: null,
    });
  });

  test('may leave out the organization: then there is no account to compare', async () => {
    const { account, loginHint } = await opened({ getContext: () => [{ ...CONTEXT, tid: undefined }] });

    expect({ account, loginHint }).toEqual({ account: null, loginHint: 'mara@alderpoint.example' });
  });

  test.each([
    ['default', 'teamsLight'],
    ['dark', 'teamsDark'],
    ['contrast', 'teamsContrast'],
    ['glass', 'teamsLight'],
  ] as const)('is theme %s, shown as %s, now and after a change', async (theme, expected) => {
    const host = await opened({ getContext: () => [{ ...CONTEXT, theme }] });
    const changes: HostTheme[] = [];
    host.onThemeChange((change) => changes.push(change));
    hear({ func: 'themeChange', args: [theme] });

    expect([host.theme, ...changes]).toEqual([expected, expected]);
  });
});

test('Teams is told that the page loads, and only later that it is there', async () => {
  const host = await opened();
  const before = [asked('appInitialization.appLoaded').length, asked('appInitialization.success').length];
  host.ready();

  expect(before).toEqual([1, 0]);
  expect(asked('appInitialization.success')).toHaveLength(1);
});

describe("Teams' own token", () => {
  const TOKEN = aToken({ exp: 1_764_000_000 });
  const getAuthToken = 'authentication.getAuthToken';

  test('is asked for silently, or from a click with windows, and with the challenge of the server', async () => {
    const host = await opened({ [getAuthToken]: () => [true, TOKEN] });
    const token = { kind: 'token', token: TOKEN, expiresAt: 1_764_000_000_000 };

    expect(await host.silentToken()).toEqual(token);
    expect(await host.promptedToken()).toEqual(token);
    expect(await host.promptedToken('{"acrs":"c1"}')).toEqual(token);
    expect(asked(getAuthToken)).toEqual([
      [null, null, true, null],
      [null, null, null, null],
      [null, ['{"acrs":"c1"}'], null, null],
    ]);
  });

  test.each(['CancelledByUser', 'resourceRequiresConsent', 'AADSTS50105: not assigned'])(
    'that is refused with %s has a cause',
    async (reason) => {
      const host = await opened({ [getAuthToken]: () => [false, reason] });

      expect(await host.silentToken()).toEqual(textFailure(reason));
    },
  );

  test('that fails with a sentence keeps the sentence to itself', async () => {
    const host = await opened({ [getAuthToken]: () => [false, 'No token for mara@alderpoint.example'] });

    expect(await host.silentToken()).toEqual(failureOf('unknown'));
  });
});

describe('a window', () => {
  const authenticate = 'authentication.authenticate';

  test('is opened by Teams, which is told the address', async () => {
    const host = await opened();
    host.openPopup('https://assent.test/consent/start/1');
    await Promise.resolve();

    expect(calls.find(({ func }) => func === authenticate)?.args?.slice(0, 3)).toEqual([
      'https://assent.test/consent/start/1',
      520,
      680,
    ]);
  });

  test.each([
    [[true, 'done'], { kind: 'finished', message: 'done' }],
    [[false, 'CancelledByUser'], { kind: 'closed' }],
    [[false, 'FailedToOpenWindow'], { kind: 'blocked' }],
  ])('that Teams ends with %j ends as %j', async (outcome, end) => {
    const host = await opened({ [authenticate]: () => outcome });

    expect(await host.openPopup('https://assent.test/consent/start/1').ended).toEqual(end);
  });
});
