import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { CATEGORIES, definitionOf } from '../../src/domain/categories/categories.ts';
import { PERMISSIONS } from '../../src/domain/permissionCatalog.ts';
import { meaningOf } from '../../src/text/permissions.ts';
import { KEPT_BY_MANAGED_POLICY, OFFICIAL_PERMISSIONS } from '../support/facts/permissions.ts';

const REFERENCE = resolve(import.meta.dirname, '../../../shared/reference/data/permissions.json');

test("every permission has Microsoft's id, and says whether an admin is needed by default", () => {
  expect(
    PERMISSIONS.map(({ type, value, id, needsAdministratorByDefault }) => [
      type,
      value,
      id,
      needsAdministratorByDefault,
    ]),
  ).toEqual(OFFICIAL_PERMISSIONS);
});

test("every permission says whether Microsoft's managed policy keeps it from users", () => {
  const delegated = PERMISSIONS.filter(({ type }) => type === 'delegated');

  expect(delegated.filter((each) => each.excludedByManagedPolicy).map(({ value }) => value)).toEqual(
    delegated.map(({ value }) => value).filter((value) => KEPT_BY_MANAGED_POLICY.includes(value)),
  );
  expect(PERMISSIONS.filter((each) => each.type === 'application' && each.excludedByManagedPolicy)).toEqual([]);
});

test('a permission is of the category by whose prefix it is named', () => {
  const categoryOf = (value: string) =>
    CATEGORIES.find((category) => value.startsWith(definitionOf(category).permissions.prefix));
  const isOfContent = (category: string) => CATEGORIES.some((each) => each === category);

  expect(
    PERMISSIONS.filter(
      ({ value, category }) => (categoryOf(value) ?? null) !== (isOfContent(category) ? category : null),
    ),
  ).toEqual([]);
});

test('what a permission lets be changed is in its name', () => {
  const changing = PERMISSIONS.filter(({ access }) => access === 'readWrite').map(({ value }) => value);

  expect(changing).toEqual(
    PERMISSIONS.map(({ value }) => value).filter((value) => /\.(?:Send|ReadWrite)(?:\.|$)/.test(value)),
  );
});

test('users see a name for what they can grant, and never one for a permission of an application', () => {
  expect(PERMISSIONS.filter(({ type, userTitle }) => (type === 'delegated') !== (userTitle !== ''))).toEqual([]);
});

test('says what each permission means in words of its own', () => {
  for (const permission of PERMISSIONS) {
    expect(meaningOf(permission)).not.toBe(permission.title);
    expect(meaningOf(permission)).toMatch(/\.$/);
  }
});

(existsSync(REFERENCE) ? test : test.skip)("has Microsoft's ids, titles and flags", () => {
  const official = readOfficial();
  for (const { type, value, id, title, userTitle, needsAdministratorByDefault } of PERMISSIONS) {
    const key = `${type} ${value}`;
    if (!NOT_IN_THE_REFERENCE.includes(key)) {
      const ours = { id, title, userTitle, needsAdministratorByDefault };
      expect({ key, ...official.get(key) }).toEqual({ key, ...ours });
    }
  }
});

/** Names that the published extract beside this checkout leaves out; ids as the permissions reference has them. */
const NOT_IN_THE_REFERENCE = ['application GroupMember.Read.All'];

const Official = z.object({
  permissions: z.array(
    z.object({
      value: z.string(),
      type: z.string(),
      id: z.string().nullable(),
      adminConsentRequired: z.boolean(),
      adminConsentDisplayName: z.string().nullable(),
      userConsentDisplayName: z.string().nullable(),
    }),
  ),
});

function readOfficial() {
  const { permissions } = Official.parse(JSON.parse(readFileSync(REFERENCE, 'utf8')));
  return new Map(
    permissions.map(
      ({
        type,
        value,
        id,
        adminConsentDisplayName: title,
        userConsentDisplayName,
        adminConsentRequired: needsAdministratorByDefault,
      }) => [
        `${type.toLowerCase()} ${value}`,
        { id, title: title?.trim(), userTitle: userConsentDisplayName?.trim() ?? '', needsAdministratorByDefault },
      ],
    ),
  );
}
