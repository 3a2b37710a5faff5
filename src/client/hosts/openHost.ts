/**
 * Finds out which host is around the page, or that there is none. That is the host library's word: Teams on
 * phones shows a tab as the top page of a web view, so frames say nothing.
 */
import type { Host } from './host.ts';

/**
 * `none`: the library says so; `noLibrary`: there is nobody to say it, since the library did not load; `broken`: there is
 * one, and it answers in no way that is known.
 */
export type Found = Host | 'none' | 'noLibrary' | 'broken';

/** Settles when the host answers, which may be late or never. */
export async function openHost(path: string): Promise<Found> {
  if (path.startsWith('/pane') && typeof Office === 'undefined') {
    return 'noLibrary';
  }
  const opening = path.startsWith('/pane')
    ? import('./outlook.ts').then(({ openOutlook }) => openOutlook())
    : import('./teams.ts').then(({ openTeams }) => openTeams());
  return opening.then((host) => host ?? 'none').catch(() => 'broken' as const);
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
