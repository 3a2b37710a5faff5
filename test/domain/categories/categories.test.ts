/** What the definitions say of Microsoft, against tables of Microsoft's pages. */
import { describe, expect, test } from '@jest/globals';
import { CATEGORIES, type Category, definitionOf } from '../../../src/domain/categories/categories.ts';
import { PERMISSIONS } from '../../../src/domain/permissionCatalog.ts';

test('screens show them in this order', () => {
  expect(CATEGORIES).toEqual(['mail', 'calendar', 'contacts', 'tasks', 'files']);
});

/** Learn, "Role Based Access Control for Applications in Exchange Online", its table of application roles. */
const EXCHANGE_ROLES = new Set([
  'Application Mail.Read',
  'Application Mail.ReadBasic',
  'Application Mail.ReadWrite',
  'Application Mail.Send',
  'Application MailboxSettings.Read',
  'Application MailboxSettings.ReadWrite',
  'Application Calendars.Read',
  'Application Calendars.ReadWrite',
  'Application Contacts.Read',
  'Application Contacts.ReadWrite',
]);

/**
 * Learn, "Create subscription", its table of permissions: what a read permission allows to subscribe to. To Do and OneDrive
 * for Business want a permission to write.
 */
const SUBSCRIBABLE: Readonly<Record<string, string>> = {
  'Mail.ReadBasic': 'messages',
  'Mail.Read': 'messages',
  'Calendars.Read': 'events',
  'Contacts.Read': 'contacts',
};

describe.each(CATEGORIES)('%s', (category: Category) => {
  const definition = definitionOf(category);

  test('is limited to some mailboxes where Exchange has a role for what its full level reads', () => {
    expect(definition.hasExchangeRole).toBe(EXCHANGE_ROLES.has(`Application ${definition.permissions.read.full}`));
  });

  test('is subscribed to at the levels whose permission to read allows it', () => {
    const found = definition.levels.map((level) => [level, SUBSCRIBABLE[definition.permissions.read[level] ?? '']]);

    expect(found.map(([level, resource]) => [level, resource ?? null])).toEqual(
      definition.levels.map((level) => [
        level,
        definition.subscription?.levels.includes(level) === true ? definition.subscription.resource : null,
      ]),
    );
  });

  test('names permissions of its own alone, each with a row in the catalog', () => {
    const { prefix, read } = definition.permissions;
    const delegated = PERMISSIONS.filter(
      (permission) => permission.type === 'delegated' && permission.category === category,
    ).map(({ value }) => value);
    const named = [...Object.values(read), ...Object.values(definition.sharing?.permissions ?? {})];

    expect(named.filter((value) => !value.startsWith(prefix))).toEqual([]);
    expect(named.filter((value) => !delegated.includes(value))).toEqual([]);
  });

  test('needs a permission at each of its levels, and at no other', () => {
    expect(Object.keys(definition.permissions.read).toSorted()).toEqual([...definition.levels].toSorted());
  });
});
