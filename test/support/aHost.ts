/** Teams without nested app authentication, which never answers; `more` says what it does. */
import type { Host } from '../../src/client/hosts/host.ts';

export function aHost(more: Partial<Host>): Host {
  return {
    kind: 'teams',
    theme: 'teamsLight',
    onThemeChange: () => undefined,
    hasNestedAuth: false,
    loginHint: undefined,
    account: null,
    mailboxAddress: null,
    silentToken: () => new Promise(() => undefined),
    promptedToken: () => new Promise(() => undefined),
    openPopup: () => ({ ended: new Promise(() => undefined), close: () => undefined }),
    ready: () => undefined,
    items: null,
    ...more,
  };
}
