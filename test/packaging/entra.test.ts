/** The registrations in Entra, as the repository has them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from './installation.ts';

const read = (name: string) => JSON.parse(readFileSync(join(ROOT, 'entra', name), 'utf8'));
const CLIENT = '${{ENTRA_CLIENT_ID}}';
const SCOPE = '${{AAD_APP_ACCESS_AS_USER_PERMISSION_ID}}';

test('people sign in by the hosts that Microsoft lists, and by this registration itself', () => {
  const { api, identifierUris, spa, signInAudience } = read('assent.json');
  const allowed = api.preAuthorizedApplications;

  expect(api.oauth2PermissionScopes).toMatchObject([
    { id: SCOPE, value: 'access_as_user', type: 'User', isEnabled: true },
  ]);
  expect(allowed.map(({ appId }: { appId: string }) => appId)).toEqual(
    expect.arrayContaining([
      CLIENT,
      // Teams on devices and on the web, Outlook on the web, on desktops and on phones, all of Office.
      '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
      '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
      'bc59ab01-8403-45c6-8796-ac3ef710b3e3',
      'd3590ed6-52b3-4102-aeff-aad2292ab01c',
      '27922004-5251-4030-b22d-91ecd9a37ea4',
      'ea5a67f6-b6f3-4338-b240-c655ddc3cc8e',
    ]),
  );
  expect(new Set(allowed.flatMap((each: { delegatedPermissionIds: string[] }) => each.delegatedPermissionIds))).toEqual(
    new Set([SCOPE]),
  );
  expect(identifierUris).toEqual([`api://\${{PUBLIC_HOST}}/${CLIENT}`]);
  expect(spa.redirectUris).toEqual(['brk-multihub://${{PUBLIC_HOST}}']);
  expect(signInAudience).toBe('AzureADMultipleOrgs');
});

test('tokens carry what Assent reads of them', () => {
  const { api, groupMembershipClaims, optionalClaims } = read('assent.json');

  expect(api.requestedAccessTokenVersion).toBe(2);
  expect(groupMembershipClaims).toBe('DirectoryRole');
  expect(optionalClaims.accessToken.map(({ name }: { name: string }) => name)).toEqual(['acct', 'idtyp', 'login_hint']);
});

test('no one who signs in is shown an application permission', () => {
  const kinds = (name: string) =>
    read(name).requiredResourceAccess.flatMap((each: { resourceAccess: { type: string }[] }) =>
      each.resourceAccess.map(({ type }) => type),
    );

  expect(new Set(kinds('assent.json'))).toEqual(new Set(['Scope']));
  expect(new Set(kinds('service.json'))).toEqual(new Set(['Role']));
});

test('Microsoft returns to the pages that are there', () => {
  expect(read('assent.json').web.redirectUris).toEqual([
    'https://${{PUBLIC_HOST}}/consent/return',
    'https://${{PUBLIC_HOST}}/connect/return',
    'https://${{PUBLIC_HOST}}/sign-in/return',
  ]);
  expect(read('service.json').web.redirectUris).toEqual(['https://${{PUBLIC_HOST}}/consent/return']);
});

test('every name that the files leave open stands in the example environment', () => {
  const example = readFileSync(join(ROOT, 'env', '.env.example'), 'utf8');
  const known = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  const files = ['entra/assent.json', 'entra/service.json', 'appPackage/manifest.json', 'manifest/outlook.xml'];
  const wanted = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\$\{\{(\w+)\}\}/g)].map(([, name]) => name),
  );

  expect(wanted.filter((name) => !known.includes(name))).toEqual([]);
});
