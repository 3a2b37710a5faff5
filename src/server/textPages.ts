/** What the pages on privacy, terms and support say: Assent's own part, and the way to the operator's. */
import { escapeHtml } from './escapeHtml.ts';
import type { OperatorSettings } from './operatorSettings.ts';

export type TextPage = 'privacy' | 'terms' | 'support';

export const TEXT_TITLES: Readonly<Record<TextPage, string>> = {
  privacy: 'Privacy',
  terms: 'Terms of use',
  support: 'Support',
};

const LINKS: Readonly<Record<TextPage, string>> = {
  privacy: 'Privacy policy',
  terms: 'Terms of use',
  support: 'Support page',
};

/** As HTML. */
export function textPage(page: TextPage, { name, privacyUrl, termsUrl, supportUrl }: OperatorSettings): string {
  const url = { privacy: privacyUrl, terms: termsUrl, support: supportUrl }[page];
  const operator = name === null ? 'the company that runs this installation' : escapeHtml(name);
  const link = url === null ? '' : `<p><a href="${escapeHtml(url)}">${LINKS[page]} of ${operator}</a></p>`;
  return `<h1>${TEXT_TITLES[page]}</h1>${partsOf(page, operator)}${link}`;
}

function partsOf(page: TextPage, operator: string): string {
  const Operator = `${operator.charAt(0).toUpperCase()}${operator.slice(1)}`;
  switch (page) {
    case 'privacy':
      return `<p>Assent stores what you or your administrator turned on, and nothing else. Content is stored encrypted, with a key of your own for every category; turning a category off and choosing to erase destroys that key at once.</p><p>Addresses, subjects and texts never appear in logs or in the audit record.</p><p>${Operator} decides how long data is kept and answers questions about it.</p>`;
    case 'terms':
      return `<p>Assent is software under the MIT license. ${Operator} sets the terms under which you use it.</p>`;
    case 'support':
      return `<p>Tell ${operator} what you did, and the code and request id that Assent showed you.</p>`;
  }
}
