/** The texts of the pages that the server makes by itself: plain HTML around Microsoft's own pages. */
import en from './en/pages.json' with { type: 'json' };

export type PageTextId = keyof typeof en;

export const PAGE_TEXTS: Readonly<Record<PageTextId, string>> = en;
