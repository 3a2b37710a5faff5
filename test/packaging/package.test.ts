/** What `npm run package` makes of an installation's settings. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import officeManifest from 'office-addin-manifest';
import { checkApp } from '../../scripts/packaging/checkApp.ts';
import { checkOutlook } from '../../scripts/packaging/checkOutlook.ts';
import { valuesOf } from '../../scripts/packaging/values.ts';
import { SettingsError } from '../../src/server/settings.ts';
import { ENVIRONMENT, made, ROOT } from './installation.ts';

const CLIENT = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';

function manifestIn(zip: Uint8Array) {
  const file = unzipSync(zip)['manifest.json'];
  return JSON.parse(strFromU8(file ?? new Uint8Array()));
}

test('CLI-15 both manifests are without a fault, and the same settings make the same bytes', async () => {
  const first = made();
  const second = made();

  expect(await checkApp(first.zip)).toEqual([]);
  expect(checkOutlook(first.xml)).toEqual([]);
  expect(Buffer.from(second.zip).equals(Buffer.from(first.zip))).toBe(true);
  expect(second.xml).toBe(first.xml);
});

test('the app names its host, its registration, its operator, and the add-in that it hides', () => {
  const { zip, values } = made();

  expect(manifestIn(zip)).toMatchObject({
    name: { short: 'Assent', full: 'Assent for Northgate CRM' },
    developer: {
      name: 'Northgate CRM',
      websiteUrl: 'https://assent.example',
      privacyUrl: 'https://assent.example/privacy',
      termsOfUseUrl: 'https://assent.example/terms',
    },
    validDomains: ['assent.example'],
    webApplicationInfo: {
      id: CLIENT,
      resource: `api://assent.example/${CLIENT}`,
      nestedAppAuthInfo: [{ redirectUri: 'brk-multihub://assent.example', scopes: [`${CLIENT}/access_as_user`] }],
    },
    extensions: [{ alternates: [{ hide: { customOfficeAddin: { officeAddinId: values.OUTLOOK_ADDIN_ID } } }] }],
  });
});

test('neither template has a host or an id of its own', () => {
  for (const file of ['appPackage/manifest.json', 'manifest/outlook.xml', 'entra/assent.json', 'entra/service.json']) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const addresses = text.match(/https?:\/\/[^"<\s]+/g) ?? [];
    const strange = addresses.filter(
      (address) => !/^https:\/\/\$\{\{|schemas?\.microsoft\.com|developer\.microsoft\.com|www\.w3\.org/.test(address),
    );

    expect(strange).toEqual([]);
    expect(text).not.toMatch(/\.example|localhost|0b1c2d3e/);
  }
});

test('another installation is another app and another add-in; the version is the same in both', () => {
  const [one, other] = [made(), made({ PUBLIC_URL: 'https://other.example' })];
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  expect(new Set([one, other].flatMap(({ values }) => [values.TEAMS_APP_ID, values.OUTLOOK_ADDIN_ID])).size).toBe(4);
  expect(manifestIn(one.zip).version).toBe(version);
  expect(one.xml).toContain(`<Version>${version}.0</Version>`);
});

test("what an operator's name is made of harms neither file", async () => {
  const { zip, xml } = made({ OPERATOR_NAME: `"A" & <B> \\ 'C' \${{X}}` });

  expect(manifestIn(zip).developer.name).toBe(`"A" & <B> \\ 'C' \${{X}}`);
  expect(checkOutlook(xml).map(({ reason }) => reason)).toEqual(['${{X}} is not filled in']);
  expect((await checkApp(zip)).map(({ reason }) => reason)).toContain('${{X}} is not filled in');
});

test.each([
  ['global', 'login.microsoftonline.com'],
  ['usgov', 'login.microsoftonline.us'],
  ['usgovdod', 'login.microsoftonline.us'],
  ['china', 'login.partner.microsoftonline.cn'],
])('in the cloud %s the add-in may go to %s', (cloud, host) => {
  expect(made({ CLOUD: cloud }).xml).toContain(`<AppDomain>https://${host}</AppDomain>`);
});

test.each([
  [{ PUBLIC_URL: 'http://assent.example' }, ['PUBLIC_URL']],
  [{ PUBLIC_URL: '' }, ['PUBLIC_URL']],
  [{ ENTRA_CLIENT_ID: 'assent', CLOUD: 'mars' }, ['ENTRA_CLIENT_ID', 'CLOUD']],
  [{ OPERATOR_NAME: 'x'.repeat(31) }, ['OPERATOR_NAME']],
  [{ OPERATOR_PRIVACY_URL: 'http://northgate.example' }, ['OPERATOR_PRIVACY_URL']],
])('wrong settings are named: %j', (environment, variables) => {
  let found: readonly string[] = [];
  try {
    valuesOf({ ...ENVIRONMENT, ...environment }, ROOT);
  } catch (error) {
    found = error instanceof SettingsError ? error.issues.map(({ variable }) => variable) : ['thrown'];
  }

  expect(found).toEqual(variables);
});

test("Microsoft's manifest library reads the Outlook add-in out of both manifests", async () => {
  const { zip, xml, values } = made();
  const folder = mkdtempSync(join(tmpdir(), 'assent-manifest-'));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifestIn(zip)));
  writeFileSync(join(folder, 'outlook.xml'), xml);
  const unified = await officeManifest.OfficeAddinManifest.readManifestFile(join(folder, 'manifest.json'));
  const read = await officeManifest.OfficeAddinManifest.readManifestFile(join(folder, 'outlook.xml'));

  expect(unified).toMatchObject({ displayName: 'Assent', id: values.TEAMS_APP_ID });
  expect(read).toMatchObject({
    displayName: 'Assent',
    id: values.OUTLOOK_ADDIN_ID,
    permissions: 'ReadItem',
    providerName: 'Northgate CRM',
  });
});
