/**
 * Finds out which host is around the page, or that there is none. That is the host library's word: Teams on
 * phones shows a tab as the top page of a web view, so frames say nothing.
 */
import type { Host } from './host.ts';

/** A host that starts cold, such as classic Outlook with an empty cache, takes many seconds. */
const PATIENCE_MILLISECONDS = 30_000;

export async function openHost(path: string): Promise<Host | null> {
  const opening = path.startsWith('/pane')
    ? import('./outlook.ts').then(({ openOutlook }) => (typeof Office === 'undefined' ? null : openOutlook()))
    : import('./teams.ts').then(({ openTeams }) => openTeams());
  return within(PATIENCE_MILLISECONDS, opening);
}

/** The result, or `null` when it does not come in time or fails: then nobody is there who answers. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null);
    }, milliseconds);
  });
  try {
    return await Promise.race([promise.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
