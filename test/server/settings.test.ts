import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSettings, SettingsError, VARIABLES } from '../../src/server/settings.ts';

const ENTRA = {
  ENTRA_CLIENT_ID: '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9',
  ENTRA_CLIENT_SECRET: 's',
  OPERATOR_NAME: 'Northgate CRM',
  OPERATOR_PRIVACY_URL: 'https://northgate.example/privacy',
};
const DATABASES = {
  DATABASE_URL: 'postgres://localhost/assent',
  KEYS_DATABASE_URL: 'postgres://localhost/keys',
  MASTER_KEYS: 'k',
};

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    return error instanceof SettingsError ? error.issues.map(({ variable }) => variable) : ['thrown'];
  }
}

describe('settings', () => {
  test('with an application and a recipient only, everything else has a default', () => {
    expect(readSettings(ENTRA)).toMatchObject({
      port: 3000,
      publicUrl: 'https://localhost:3000',
      database: { kind: 'pglite' },
      keys: { kind: 'folder' },
      entra: { authority: 'https://login.microsoftonline.com' },
      allowedTenants: null,
    });
  });

  test.each([
    ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
    ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
    ['usgovdod', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
    ['china', 'https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('in the cloud %s people sign in at %s, and Graph is %s', (cloud, authority, graphUrl) => {
    expect(readSettings({ ...ENTRA, CLOUD: cloud })).toMatchObject({ entra: { authority }, graphUrl });
  });

  test('an address that is given wins over the one of the cloud', () => {
    const given = { ...ENTRA, CLOUD: 'usgov', ENTRA_AUTHORITY: 'https://login.test', GRAPH_URL: 'https://graph.test' };

    expect(readSettings(given)).toMatchObject({
      entra: { authority: 'https://login.test' },
      graphUrl: 'https://graph.test',
    });
  });

  test.each([
    ['OPERATOR_NAME', { OPERATOR_NAME: '' }],
    ['OPERATOR_NAME', { OPERATOR_NAME: 'A name that no manifest of an app has room for' }],
    ['OPERATOR_PRIVACY_URL', { OPERATOR_PRIVACY_URL: '' }],
    ['OPERATOR_PRIVACY_URL', { OPERATOR_PRIVACY_URL: 'http://northgate.example' }],
    ['PORT', { PORT: 'abc' }],
    ['PORT', { PORT: '70000' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://assent.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://assent.example/path' }],
    ['DATABASE_URL', { ...DATABASES, DATABASE_URL: 'mysql://localhost' }],
    ['KEYS_DATABASE_URL', { DATABASE_URL: DATABASES.DATABASE_URL, MASTER_KEYS: 'k' }],
    ['KEYS_DATABASE_URL', { ...DATABASES, KEYS_DATABASE_URL: DATABASES.DATABASE_URL }],
    ['MASTER_KEYS', { ...DATABASES, MASTER_KEYS: '' }],
    ['KEYS_DIR', { DATA_DIR: '/data', KEYS_DIR: '/data/keys' }],
    ['KEYS_DIR', { DATA_DIR: '/data', KEYS_DIR: '/data' }],
    ['ENTRA_CLIENT_ID', { ENTRA_CLIENT_ID: 'assent' }],
    ['ENTRA_CLIENT_SECRET', { ENTRA_CLIENT_SECRET: '' }],
    ['ENTRA_CLIENT_CERTIFICATE', { ENTRA_CLIENT_CERTIFICATE: 'not PEM' }],
    ['ENTRA_AUTHORITY', { ENTRA_AUTHORITY: 'login.microsoftonline.com' }],
    ['GRAPH_URL', { GRAPH_URL: 'https://graph.microsoft.com/v1.0' }],
    ['OFFICE_JS_URL', { OFFICE_JS_URL: 'http://x/office.js' }],
    ['ALLOWED_TENANTS', { ALLOWED_TENANTS: 'contoso.com' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['CLOUD', { CLOUD: 'mars' }],
    ['OPERATOR_NAME', { OPERATOR_NAME: 'a name of more than thirty characters' }],
    ['OPERATOR_NAME', { OPERATOR_NAME: 'two\nlines' }],
    ['OPERATOR_SUPPORT_URL', { OPERATOR_SUPPORT_URL: 'javascript:alert(1)' }],
    ['FEED_RETENTION_DAYS', { FEED_RETENTION_DAYS: '6' }],
    ['FEED_RETENTION_DAYS', { FEED_RETENTION_DAYS: 'a month' }],
    ['WEBHOOK_ALLOWED_HOSTS', { WEBHOOK_ALLOWED_HOSTS: 'https://hooks.internal' }],
    ['WEBHOOK_ALLOWED_HOSTS', { WEBHOOK_ALLOWED_HOSTS: 'hooks.internal/path' }],
    ['WEBHOOK_ALLOWED_HOSTS', { WEBHOOK_ALLOWED_HOSTS: 'hooks.internal, *' }],
  ])('a wrong %s is named', (variable, env) => {
    expect(faultsOf({ ...ENTRA, ...env })).toEqual([variable]);
  });

  test('hosts for webhooks are named with their ports', () => {
    const env = { ...ENTRA, WEBHOOK_ALLOWED_HOSTS: 'hooks.internal, hooks.internal:8443,127.0.0.1:80 ,[::1]' };
    expect(readSettings(env).webhookAllowedHosts).toEqual([
      'hooks.internal:443',
      'hooks.internal:8443',
      '127.0.0.1:80',
      '[::1]:443',
    ]);
    expect(readSettings(ENTRA).webhookAllowedHosts).toEqual([]);
  });

  test('a missing application is named', () => {
    expect(faultsOf({})).toEqual(['ENTRA_CLIENT_ID', 'OPERATOR_NAME', 'OPERATOR_PRIVACY_URL', 'ENTRA_CLIENT_SECRET']);
  });

  test('reports all problems together', () => {
    expect(faultsOf({ ...ENTRA, PORT: 'x', LOG_LEVEL: 'y', PUBLIC_URL: 'z' })).toEqual([
      'PORT',
      'PUBLIC_URL',
      'LOG_LEVEL',
    ]);
  });

  test('a value of the environment wins over a default', () => {
    expect(readSettings({ ...ENTRA, PORT: '4000' }, { PORT: '5000', LOG_LEVEL: 'warn' })).toMatchObject({
      port: 4000,
      logLevel: 'warn',
    });
  });
});

test('the example of an environment names every variable, and no other', () => {
  const example = readFileSync(join(resolve(import.meta.dirname, '../..'), '.env.example'), 'utf8');
  const named = [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name = '']) => name);

  expect(named.toSorted()).toEqual(VARIABLES.toSorted());
});
