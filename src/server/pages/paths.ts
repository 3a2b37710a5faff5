/** Where pages stand, by the first part of their path: the one list that routes are made from and failures are answered by. */

/** Plain texts, open to everyone. */
export const TEXT_PAGES = ['privacy', 'terms', 'support'] as const;
/** What the hosts show. */
const APP_PAGES = ['tab', 'pane'] as const;
/** Around Microsoft's pages; each looks something up for anyone who opens it. */
const LOOKUP_PAGES = ['consent', 'connect', 'sign-in'] as const;

export type TextPage = (typeof TEXT_PAGES)[number];

const PAGES = new RegExp(`^/(?:$|\\?|(?:${[...TEXT_PAGES, ...APP_PAGES, ...LOOKUP_PAGES].join('|')})(?:[/?]|$))`);
const LOOKUPS = new RegExp(`^/(?:${LOOKUP_PAGES.join('|')})/[^?]`);

/** `url`: the path, with or without a query. */
export function isPage(url: string): boolean {
  return PAGES.test(url);
}

/** Whether opening it looks something up. */
export function isLookup(url: string): boolean {
  return LOOKUPS.test(url);
}
