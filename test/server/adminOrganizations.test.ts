/** `admin organizations`: what an operator sees and changes of an organization from a shell, and what the history says of it. */
import { afterAll, beforeEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openConsentStore } from '../../src/db/consent/consentStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { readAudit } from '../../src/db/organization/audit.ts';
import { runAdmin } from '../../src/server/adminCommand.ts';
import { adminPorts } from '../../src/server/composition/adminPorts.ts';
import { aPrincipal } from '../support/aPrincipal.ts';
import { openTestDatabase } from '../support/databases.ts';
import { emptyTables } from '../support/tables.ts';

const NOON = new Date('2026-11-30T12:00:00Z');
const HARBOR_REED = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const LINDQVIST = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002';
const UNKNOWN = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1fff';

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyTables(database);
  await openConsentStore(database, () => NOON).transact(async (writer) => {
    await writer.addOrganization(LINDQVIST, NOON);
    await writer.addOrganization(HARBOR_REED, NOON);
    await writer.recordVisit(aPrincipal(HARBOR_REED, randomUUID()), NOON);
  });
});

const run = (words: string) =>
  runAdmin(
    adminPorts(database, () => NOON),
    words.split(' '),
    {},
  );
const lineOf = (tenantId: string, state: string, people: string) =>
  [tenantId, 'without a name yet', state, 'individual', people].join('\t');
const acts = async () =>
  (await readAudit(database.kysely, HARBOR_REED, null, 10)).map(({ action, detail }) => [action, detail]);

test('the list says of each how it stands', async () => {
  await run(`organizations suspend ${HARBOR_REED}`);

  expect(await run('organizations list')).toEqual([
    lineOf(HARBOR_REED, 'suspended 2026-11-30T12:00:00.000Z', '0 of 1 connected'),
    lineOf(LINDQVIST, 'enabled', '0 of 0 connected'),
  ]);
});

test('suspending and resuming are in the history once each, as done by the command', async () => {
  expect(await run(`organizations suspend ${HARBOR_REED.toUpperCase()}`)).toEqual([
    `${HARBOR_REED} is suspended: nothing is synchronized there. What is stored stays.`,
  ]);
  await run(`organizations suspend ${HARBOR_REED}`);
  expect(await run(`organizations resume ${HARBOR_REED}`)).toEqual([`${HARBOR_REED} is not suspended.`]);
  await run(`organizations resume ${HARBOR_REED}`);

  expect(await acts()).toEqual([
    ['organization.unsuspended', { by: 'command' }],
    ['organization.suspended', { by: 'command' }],
  ]);
});

test.each([
  [`suspend ${UNKNOWN}`, /^There is no organization .+: admin organizations list names all of them$/],
  ['resume harbor', /^There is no organization harbor: /],
  ['suspend', /^use admin keys create, .+admin organizations list, admin organizations suspend ID/],
  [`list ${HARBOR_REED}`, /^use admin keys create/],
  [`remove ${HARBOR_REED}`, /^use admin keys create/],
])('%s is refused, and nothing is changed', async (words, message) => {
  await expect(run(`organizations ${words}`)).rejects.toThrow(message);
  expect(await acts()).toEqual([]);
});
