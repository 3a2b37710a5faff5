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
