/**
 * Tokens for Assent's own API, kept in memory only.
 *
 * Silently the host's own token goes first, since it needs no library; nested app authentication second. After
 * a click it is the other way round, and no window of the host has a time limit: a person may be looking for
 * their telephone. Where the host turns out to have no way of its own, the next click opens a window on our own start
 * page. Silent ways that take long are not waited for, but what they bring late is used.
 */
import type { Host, HostToken } from '../hosts/host.ts';
import { failureOf, ownWindowAfter, type SignInFailure, worseOf } from '../hosts/signInFailure.ts';
import { isOfAnother } from '../hosts/tokenClaims.ts';
import { within } from '../hosts/within.ts';
import type { TokenSettings } from '../settings.ts';
import type { NestedWay } from './nestedToken.ts';
import { signInByWindow } from './windowToken.ts';

const HOST_TOKEN_TIMEOUT_MS = 6_000;
const EXPIRY_MARGIN_MS = 60_000;

type Token = Extract<HostToken, { kind: 'token' }>;

export interface TokenSource {
  /** A token that is still good for a minute; concurrent callers share one request. */
  get(): Promise<HostToken>;
  /** Forgets the token, after the server refused it. */
  forget(): void;
  /** Signs in with whatever windows it takes; must be called from a click. */
  signIn(): Promise<HostToken>;
  /** Gets a token that answers a claims challenge; must be called from a click. */
  answerChallenge(claims: string): Promise<HostToken>;
  /** Notifies when a token ran out and only a click brings the next; returns the function that unsubscribes. */
  onClickNeeded(listener: (failure: SignInFailure) => void): () => void;
  /** Notifies when a token arrives after its request was given up; returns the function that unsubscribes. */
  onLateToken(listener: () => void): () => void;
}

export function openTokenSource(host: Host, settings: TokenSettings): TokenSource {
  let kept: Token | null = null;
  let asking: Promise<HostToken> | null = null;
  let hasSignedIn = false;
  /** Whether nothing but a window of our own has a chance. */
  let isLastWay = false;
  const listeners = new Set<() => void>();
  const clickListeners = new Set<(failure: SignInFailure) => void>();
  const keep = (answer: HostToken): HostToken => {
    kept = answer.kind === 'token' ? answer : null;
    hasSignedIn ||= answer.kind === 'token';
    return answer;
  };
  const keepSilent = (answer: HostToken): HostToken => {
    if (answer.kind !== 'token') {
      isLastWay ||= !host.hasNestedAuth && ownWindowAfter(answer) === 'onlyWay';
      if (hasSignedIn && (isLastWay || answer.kind === 'interaction')) {
        clickListeners.forEach((listener) => {
          listener(answer);
        });
      }
    }
    return keep(answer);
  };
  const prompt = async (claims?: string): Promise<HostToken> => {
    if (isLastWay) {
      return ofTheAccount(host, await signInByWindow(host, claims));
    }
    const answer = await askPrompted(host, settings, claims);
    // In the next click: this one is used up by the windows that the host may have shown.
    isLastWay = answer.kind !== 'token' && ownWindowAfter(answer) !== 'useless';
    return answer;
  };
  const comesLate = (token: Token) => {
    kept = token;
    listeners.forEach((listener) => {
      listener();
    });
  };
  return {
    get: () => {
      if (kept !== null && kept.expiresAt - EXPIRY_MARGIN_MS > Date.now()) {
        return Promise.resolve(kept);
      }
      asking ??= askSilently(host, settings, comesLate)
        .then(keepSilent)
        .finally(() => {
          asking = null;
        });
      return asking;
    },
    forget: () => {
      kept = null;
    },
    signIn: () => prompt().then(keep),
    answerChallenge: (claims) => prompt(claims).then(keep),
    onClickNeeded: (listener) => {
      clickListeners.add(listener);
      return () => {
        clickListeners.delete(listener);
      };
    },
    onLateToken: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

async function askSilently(host: Host, settings: TokenSettings, comesLate: (token: Token) => void): Promise<HostToken> {
  const ways = [
    () => host.silentToken(),
    ...(host.hasNestedAuth ? [() => nested(host, settings, { kind: 'silent' })] : []),
  ];
  let failure: SignInFailure | null = null;
  for (const way of ways) {
    const pending = way().then((answer) => ofTheAccount(host, answer));
    const answer = (await within(HOST_TOKEN_TIMEOUT_MS, pending)) ?? failureOf('noAnswer');
    if (answer.kind === 'token') {
      return answer;
    }
    if (answer.cause === 'noAnswer') {
      void pending.then((late) => {
        if (late.kind === 'token') {
          comesLate(late);
        }
      });
    }
    failure = failure === null ? answer : worseOf(failure, answer);
  }
  return failure ?? failureOf('unknown');
}

async function askPrompted(host: Host, settings: TokenSettings, claims?: string): Promise<HostToken> {
  const prompted: NestedWay = claims === undefined ? { kind: 'prompted' } : { kind: 'prompted', claims };
  const first = host.hasNestedAuth ? ofTheAccount(host, await nested(host, settings, prompted)) : null;
  // Who pressed Cancel is not asked again in another window.
  if (first !== null && (first.kind === 'token' || first.cause === 'cancelled')) {
    return first;
  }
  const second = ofTheAccount(host, await host.promptedToken(claims));
  return second.kind === 'token' || first === null ? second : worseOf(first, second);
}

function ofTheAccount(host: Host, answer: HostToken): HostToken {
  return answer.kind === 'token' && isOfAnother(answer.token, host.account) ? failureOf('otherAccount') : answer;
}

async function nested(host: Host, settings: TokenSettings, way: NestedWay): Promise<HostToken> {
  const { acquireNestedToken } = await import('./nestedToken.ts');
  return acquireNestedToken(settings, host, way);
}
