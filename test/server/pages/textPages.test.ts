import { expect, test } from '@jest/globals';
import { recipientLine } from '../../../src/server/pages/recipientLine.ts';
import { textPage } from '../../../src/server/pages/textPages.ts';

const BARE = {
  name: 'Northgate <CRM> & "Sons"',
  logoFile: null,
  url: null,
  privacyUrl: null,
  termsUrl: null,
  supportUrl: null,
};
const NORTHGATE = { ...BARE, logoFile: 'logo.svg', privacyUrl: 'https://northgate.example/p?a=1&b="2"' };
const NAME = 'Northgate &#60;CRM&#62; &#38; &#34;Sons&#34;';
const LINK = '<a href="https://northgate.example/p?a=1&#38;b=&#34;2&#34;">';

test.each(['privacy', 'terms', 'support'] as const)('the page on %s answers without a page of the operator', (page) => {
  expect(textPage(page, BARE)).toContain(NAME);
  expect(textPage(page, BARE)).not.toContain('<a ');
});

test("an operator's name and address are text, and lead to their own page", () => {
  const html = textPage('privacy', NORTHGATE);

  expect(html).toContain(`${NAME} decides how long data is kept`);
  expect(html).toContain(LINK);
  expect(html).not.toContain('<CRM>');
});

test('who receives what is granted is named, with the logo and the privacy policy', () => {
  const html = recipientLine('recipient.receives', NORTHGATE);

  expect(html).toContain(`${NAME} receives what is read.`);
  expect(html).toContain(LINK);
  expect(html).toContain('<img src="/operator/logo" alt=""');
  expect(recipientLine('recipient.receives', BARE)).not.toMatch(/<img|<a /);
});
