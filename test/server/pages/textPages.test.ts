import { expect, test } from '@jest/globals';
import { textPage } from '../../../src/server/pages/textPages.ts';

const NOBODY = { name: null, url: null, privacyUrl: null, termsUrl: null, supportUrl: null };
const NORTHGATE = { ...NOBODY, name: 'Northgate <CRM> & "Sons"', privacyUrl: 'https://northgate.example/p?a=1&b="2"' };

test.each(['privacy', 'terms', 'support'] as const)('the page on %s answers without an operator', (page) => {
  expect(textPage(page, NOBODY)).toContain('he company that runs this installation');
  expect(textPage(page, NOBODY)).not.toContain('<a ');
});

test("an operator's name and address are text, and lead to their own page", () => {
  const html = textPage('privacy', NORTHGATE);

  expect(html).toContain('Northgate &#60;CRM&#62; &#38; &#34;Sons&#34; decides how long data is kept');
  expect(html).toContain('<a href="https://northgate.example/p?a=1&#38;b=&#34;2&#34;">');
  expect(html).not.toContain('<CRM>');
});
