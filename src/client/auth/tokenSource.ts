/**
 * Tokens for Assent's own API, kept in memory only.
 *
 * Nested app authentication first, where the host recommends it; else the host's own token. A bridge that
 * stays silent would hang msal-browser for ever, so each attempt has a time limit of ours.
 */
import type { Host, HostToken } from '../hosts/host.ts';
import { within } from '../hosts/openHost.ts';
import type { PageSettings } from '../settings.ts';

const PATIENCE_MILLISECONDS = 6_000;
const SPARE_MILLISECONDS = 60_000;

export interface TokenSource {
  /** A token that is still good for a minute; concurrent callers share one request. */
  get(): Promise<HostToken>;
  /** Forgets the token, after the server refused it. */
  forget(): void;
  /** Gets a token that answers a claims challenge; must be called from a click. */
  answerChallenge(claims: string): Promise<HostToken>;
}

export function openTokenSource(host: Host, settings: PageSettings): TokenSource {
  let kept: Extract<HostToken, { kind: 'token' }> | null = null;
  let asking: Promise<HostToken> | null = null;
  const ask = async () => {
    const answer = await askHost(host, settings);
    kept = answer.kind === 'token' ? answer : null;
    return answer;
  };
  return {
    get: () => {
      if (kept !== null && kept.expiresAt - SPARE_MILLISECONDS > Date.now()) {
        return Promise.resolve(kept);
      }
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    forget: () => {
      kept = null;
    },
    answerChallenge: async (claims) => {
      // No time limit: a person may be looking for their telephone.
      const answer = host.hasNestedAuth ? await askNested(host, settings, claims) : await host.hostToken(claims);
      kept = answer.kind === 'token' ? answer : null;
      return answer;
    },
  };
}

async function askHost(host: Host, settings: PageSettings): Promise<HostToken> {
  const nested = host.hasNestedAuth ? await within(PATIENCE_MILLISECONDS, askNested(host, settings)) : null;
  if (nested?.kind === 'token') {
    return nested;
  }
  const own = await within(PATIENCE_MILLISECONDS, host.hostToken());
  return own ?? nested ?? { kind: 'unavailable' };
}

async function askNested(host: Host, settings: PageSettings, claims?: string): Promise<HostToken> {
  const { acquireNested } = await import('./nestedToken.ts');
  return acquireNested(settings, host.loginHint, claims);
}
