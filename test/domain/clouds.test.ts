import { expect, test } from '@jest/globals';
import { CLOUD_NAMES, CLOUDS, cloudOfTenant } from '../../src/domain/clouds.ts';

test.each([
  ['NA', undefined, 'global'],
  ['EU', null, 'global'],
  // GCC is part of the worldwide cloud.
  ['NA', 'GCC', 'global'],
  ['USGov', 'DODCON', 'usgov'],
  ['USGov', undefined, 'usgov'],
  ['USGov', 'DOD', 'usgovdod'],
  ['CN', undefined, 'china'],
  [undefined, undefined, null],
  [null, 'GCC', null],
])('a tenant of region %s, %s is in %s', (region, subRegion, cloud) => {
  expect(cloudOfTenant(region, subRegion)).toBe(cloud);
});

test('every address of a cloud is an origin of https, and no two clouds share their Graph', () => {
  const all = CLOUD_NAMES.map((name) => CLOUDS[name]);
  const origins = all.flatMap(({ authority, graph, portal }) => [authority, graph, portal]);

  expect(origins.filter((origin) => new URL(origin).origin !== origin)).toEqual([]);
  expect(new Set(all.map(({ graph }) => graph)).size).toBe(CLOUD_NAMES.length);
  expect(all.map(({ name }) => name)).toEqual(CLOUD_NAMES);
});

/** A source of `frame-ancestors` against an origin: a star stands for one or more labels (CSP Level 3, host-source). */
function covers(source: string, origin: string): boolean {
  const [prefix, suffix] = source.split('*');
  return suffix === undefined
    ? source === origin
    : origin.startsWith(prefix ?? '') && origin.endsWith(suffix) && origin.length > source.length - 1;
}

/** Where Microsoft says that tabs and add-ins are shown, by cloud: teams-js' list of valid domains, "Office add-ins: CSP". */
const HOSTS = {
  global: [
    'https://teams.microsoft.com',
    'https://emea.teams.microsoft.com',
    'https://teams.cloud.microsoft',
    'https://outlook.cloud.microsoft',
    'https://www.microsoft365.com',
    'https://www.office.com',
    'https://outlook.live.com',
    'https://outlook.office.com',
    'https://outlook.office365.com',
    'https://outlook-sdf.office.com',
    'https://outlook-sdf.office365.com',
  ],
  usgov: ['https://gov.teams.microsoft.us', 'https://outlook.office365.us', 'https://webshell.office365.us'],
  usgovdod: [
    'https://dod.teams.microsoft.us',
    'https://outlook-dod.office365.us',
    'https://webmail.apps.mil',
    'https://portal.apps.mil',
  ],
  china: ['https://partner.outlook.cn'],
} as const;

test.each(CLOUD_NAMES)('the hosts of %s may show our pages, and no others', (name) => {
  const shownBy = (origin: string) => CLOUDS[name].frameAncestors.some((source) => covers(source, origin));
  const strangers = HOSTS[name].flatMap((origin) => [
    origin.replace('https:', 'http:'),
    `${origin}.attacker.example`,
    origin.replace('https://', 'https://attacker-'),
  ]);

  expect(HOSTS[name].filter((origin) => !shownBy(origin))).toEqual([]);
  expect(CLOUDS[name].frameAncestors.filter((source) => !HOSTS[name].some((origin) => covers(source, origin)))).toEqual(
    [],
  );
  expect(strangers.filter((origin) => CLOUDS[name].frameAncestors.includes(origin))).toEqual([]);
});
