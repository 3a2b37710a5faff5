import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { expect, test } from '@jest/globals';
import officeManifest from 'office-addin-manifest';

const ROOT = resolve(import.meta.dirname, '../..');

function filledIn(): string {
  return readFileSync(join(ROOT, 'appPackage', 'manifest.json'), 'utf8')
    .replaceAll('${{TEAMS_APP_ID}}', '11111111-2222-4333-8444-555555555555')
    .replaceAll('${{ENTRA_CLIENT_ID}}', '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9')
    .replaceAll('${{PUBLIC_HOST}}', 'assent.example');
}

test("CLI-15 the app manifest passes Microsoft's schema once its placeholders are filled in", async () => {
  expect(await AppManifestUtils.validateAgainstSchema(JSON.parse(filledIn()))).toEqual([]);
});

test('CLI-15 no wildcard and no tunnel among the valid domains', () => {
  expect(JSON.parse(filledIn()).validDomains).toEqual(['assent.example']);
});

test.each([
  ['color.png', 192],
  ['outline.png', 32],
])('the icon %s has the size that Teams demands', (name, size) => {
  const png = readFileSync(join(ROOT, 'appPackage', name));

  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
});

test("Microsoft's manifest library reads the Outlook add-in out of both manifests", async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'assent-manifest-')), 'manifest.json');
  writeFileSync(file, filledIn());
  const unified = await officeManifest.OfficeAddinManifest.readManifestFile(file);
  const xml = await officeManifest.OfficeAddinManifest.readManifestFile(join(ROOT, 'manifest', 'outlook.xml'));

  expect(unified.displayName).toBe('Assent');
  expect(xml).toMatchObject({ displayName: 'Assent', permissions: 'ReadItem', version: '0.1.0.0' });
});
