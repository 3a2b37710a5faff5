import { expect, test } from '@jest/globals';
import { pageText } from '../../../src/server/pages/pageText.ts';

test('what comes from outside is written as text', () => {
  expect(pageText('signedIn.as', { name: '<img src=x onerror="alert(1)">{name}' })).toBe(
    'Signed in as &#60;img src=x onerror=&#34;alert(1)&#34;&#62;{name}.',
  );
});

test('what is HTML of ours stays so', () => {
  expect(pageText('home.how', { app: { html: '<strong>Assent</strong>' } })).toContain(
    'Open <strong>Assent</strong> among',
  );
});
