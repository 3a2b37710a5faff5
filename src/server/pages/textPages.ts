/** What the pages on privacy, terms and support say: Assent's own part, and the way to the operator's. */
import type { PageTextId } from '../../text/pages.ts';
import type { OperatorSettings } from '../operatorSettings.ts';
import { escapeHtml } from './escapeHtml.ts';
import { pageText } from './pageText.ts';
import type { TextPage } from './paths.ts';

const PARAGRAPHS: Readonly<Record<TextPage, readonly PageTextId[]>> = {
  privacy: ['privacy.stores', 'privacy.logs', 'privacy.decides'],
  terms: ['terms.license'],
  support: ['support.tell'],
};

/** As HTML. */
export function textPage(page: TextPage, { name, privacyUrl, termsUrl, supportUrl }: OperatorSettings): string {
  const url = { privacy: privacyUrl, terms: termsUrl, support: supportUrl }[page];
  const values = { operator: name };
  const paragraphs = PARAGRAPHS[page].map((id) => `<p>${pageText(id, values)}</p>`).join('');
  const link = url === null ? '' : `<p><a href="${escapeHtml(url)}">${pageText(`${page}.link`, values)}</a></p>`;
  return `<h1>${pageText(`${page}.title`)}</h1>${paragraphs}${link}`;
}
