/** Which addresses are pages, so that a failure there is told by a page, and which of them look something up. */
import { expect, test } from '@jest/globals';
import { isLookup, isPage, TEXT_PAGES } from '../../../src/server/pages/paths.ts';

test.each([
  '/',
  '/?x=1',
  '/tab/me',
  '/tab/organization?theme=dark',
  '/pane',
  '/connect',
  '/consent/start/x',
  '/sign-in/',
])('%s is a page', (url) => {
  expect(isPage(url)).toBe(true);
});

test.each(TEXT_PAGES)('/%s is a page', (page) => {
  expect(isPage(`/${page}`)).toBe(true);
});

test.each(['/api/me/sync', '/tabs', '/privacyx', '/graph/notifications', '/assets/pane.js', '/readyz', '', 'tab'])(
  '%s is none',
  (url) => {
    expect(isPage(url)).toBe(false);
  },
);

test.each([
  ['/consent/start/x', true],
  ['/connect/x', true],
  ['/sign-in/return?code=1', true],
  ['/connect', false],
  ['/connect/', false],
  ['/connect/?x', false],
  ['/tab/me', false],
  ['/api/consent/x', false],
])('%s looks something up: %s', (url, expected) => {
  expect(isLookup(url)).toBe(expected);
});
