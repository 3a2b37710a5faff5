/** Texts of pages as HTML: what comes from outside is escaped, and what is HTML already says so. */
import { IntlMessageFormat } from 'intl-messageformat';
import { PAGE_TEXTS, type PageTextId } from '../../text/pages.ts';
import { escapeHtml } from './escapeHtml.ts';

/** A piece of HTML that is ours. */
export interface Html {
  readonly html: string;
}

export function pageText(id: PageTextId, values: Readonly<Record<string, string | Html>> = {}): string {
  const escaped = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? escapeHtml(value) : value.html,
  ]);
  const message = new IntlMessageFormat(PAGE_TEXTS[id], 'en', {}, { ignoreTag: true });
  return String(message.format(Object.fromEntries(escaped)));
}
