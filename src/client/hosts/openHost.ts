/**
 * Finds out which host is around the page, or that there is none. That is the host library's word: Teams on
 * phones shows a tab as the top page of a web view, so frames say nothing.
 */
import type { Host } from './host.ts';

/** Why there is no host to work with. */
export type NoHost =
  /** The library says that there is none. */
  | { readonly kind: 'none' }
  /** A file did not load, so nothing can be said about a host. */
  | { readonly kind: 'notLoaded' }
  /** There is one, and it fails in a way that is not known; `code` is for a support desk. */
  | { readonly kind: 'broken'; readonly code: string };

/** Settles when the host answers, which may be late or never. */
export async function openHost(path: string): Promise<Host | NoHost> {
  if (path.startsWith('/pane') && typeof Office === 'undefined') {
    return { kind: 'notLoaded' };
  }
  const loaded = await (
    path.startsWith('/pane')
      ? import('./outlook.ts').then(({ openOutlook }) => openOutlook)
      : import('./teams.ts').then(({ openTeams }) => openTeams)
  ).catch(() => null);
  if (loaded === null) {
    return { kind: 'notLoaded' };
  }
  try {
    return (await loaded()) ?? { kind: 'none' };
  } catch (error) {
    return { kind: 'broken', code: error instanceof Error ? error.name : 'unknown' };
  }
}
