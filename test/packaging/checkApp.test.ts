/** Every kind of fault in an app package is named with its element. */
import { expect, test } from '@jest/globals';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { checkApp } from '../../scripts/packaging/checkApp.ts';
import { made } from './installation.ts';

const FILES = unzipSync(made().zip);

function withManifest(change: (text: string) => string): Uint8Array {
  const text = strFromU8(FILES['manifest.json'] ?? new Uint8Array());
  const changed = change(text);
  if (changed === text) {
    throw new Error('The manifest has not changed');
  }
  return zipSync({ ...FILES, 'manifest.json': strToU8(changed) });
}

test.each<[string, RegExp, string, string, RegExp]>([
  [
    'a member that the schema does not know',
    /"accentColor"/,
    '"colour": "x", "accentColor"',
    '/',
    /additional properties/,
  ],
  ['a name that is too long', /"short": "Assent"/, `"short": "${'x'.repeat(31)}"`, '/name/short', /30 characters/],
  ['an id that is none', /"id": "[\da-f-]{36}"/, '"id": "assent"', '/id', /pattern/],
  ['what was not filled in', /Assent for Northgate CRM/, '${{APP_FULL_NAME}}', '/name/full', /APP_FULL_NAME/],
  ['a page elsewhere', /assent\.example\/tab\/me/, 'evil.example/tab/me', '/staticTabs/0/contentUrl', /valid domain/],
  [
    'a page without https',
    /https:(\/\/assent\.example\/pane)/,
    'http:$1',
    '/extensions/0/runtimes/0/code/page',
    /https/,
  ],
  [
    'a resource of another host',
    /api:\/\/assent\.example/,
    'api://other.example',
    '/webApplicationInfo/resource',
    /other\.example/,
  ],
  [
    'a resource of another app',
    /(api:\/\/assent\.example\/)0b1c/,
    '$19999',
    '/webApplicationInfo/resource',
    /client id/,
  ],
  ['a wildcard', /"validDomains": \[/, '"validDomains": ["*.example", ', '/validDomains/0', /not for an app/],
  [
    'a requirement that phones do not have',
    /"minVersion": "1\.5"/,
    '"minVersion": "1.13"',
    '/extensions/0/requirements',
    /1\.13/,
  ],
  ['an action that is nowhere', /"actionId": "OpenPane"/, '"actionId": "Open"', '/extensions/0/ribbons', /Open, which/],
])('%s', async (_, from, to, element, reason) => {
  const faults = await checkApp(withManifest((text) => text.replace(from, to)));

  expect(faults).toContainEqual({ element, reason: expect.stringMatching(reason) });
});

test.each([
  ['an icon is missing', { ...FILES, 'color.png': undefined }, { element: 'color.png', reason: 'is missing' }],
  [
    'an icon has another size',
    { ...FILES, 'outline.png': FILES['color.png'] },
    { element: 'outline.png', reason: 'is no PNG of 32 × 32' },
  ],
  [
    'the manifest is no JSON',
    { ...FILES, 'manifest.json': strToU8('{') },
    { element: 'manifest.json', reason: 'is missing, or no JSON' },
  ],
])('%s', async (_, files, fault) => {
  const there = Object.fromEntries(
    Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, file]])),
  );

  expect(await checkApp(zipSync(there))).toEqual([fault]);
});

test('what is no zip file', async () => {
  expect(await checkApp(strToU8('no zip'))).toEqual([{ element: 'package', reason: 'is not a zip file' }]);
});
