/**
 * Data of the version before authorization was complete opens and keeps working: the fixture is what that
 * version wrote, its tables as rows, its keys and the sandbox's state as files.
 */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { z } from 'zod';
import { findBrokenLink } from '../../src/db/audit.ts';
import * as first from '../../src/db/migrations/001_first.ts';
import { openDatabase } from '../../src/db/openDatabase.ts';
import { createWorld, HARBOR_REED, LINDQVIST, PEOPLE, ROOT, type World } from '../support/createWorld.ts';
import { organizationOf, readList, reasonOf } from '../support/consenting.ts';

const FIXTURE = join(ROOT, 'test', 'fixtures', 'beforeAuthorization');
/** Parents before those that refer to them. */
const ORDER = ['organizations', 'members', 'connections', 'consents'];

let world: World;

beforeAll(async () => {
  world = await createWorld({ data: restore, startWorker: false });
});
afterAll(() => world.close());

async function restore(folder: string, origin: string): Promise<void> {
  await cp(join(FIXTURE, 'sandbox'), join(folder, 'sandbox'), { recursive: true });
  await cp(join(FIXTURE, 'keys'), `${folder}-keys`, { recursive: true });
  const text = (await readFile(join(FIXTURE, 'tables.json'), 'utf8')).replaceAll('https://localhost:ORIGIN', origin);
  const tables = z.record(z.string(), z.array(z.looseObject({}))).parse(JSON.parse(text));
  const database = await openDatabase({ kind: 'pglite', folder: join(folder, 'database') }, () => undefined);
  const provider = { getMigrations: () => Promise.resolve({ '001_first': first }) };
  await new Migrator({ db: database.kysely, provider }).migrateToLatest();
  // A JSON null is not a missing value; rows as JSON cannot tell them apart.
  await sql`alter table consents alter column relevance drop not null`.execute(database.kysely);
  const names = [...ORDER, ...Object.keys(tables).filter((name) => !ORDER.includes(name))];
  for (const name of names.filter((each) => !each.startsWith('kysely_'))) {
    await sql`insert into ${sql.table(name)}
      select * from jsonb_populate_recordset(null::${sql.table(name)}, ${JSON.stringify(tables[name])}::jsonb)`.execute(
      database.kysely,
    );
  }
  await sql`update consents set relevance = 'null' where relevance is null`.execute(database.kysely);
  await sql`alter table consents alter column relevance set not null`.execute(database.kysely);
  await database.close();
}

describe('a data folder of the version before', () => {
  test('keeps what people had turned on, and what was synchronized can be read', async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');

    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(readList(body, 'items')).toHaveLength(6);
  });

  test("keeps the administrator's grant, rules and proof", async () => {
    expect(await organizationOf(world, PEOPLE.astrid)).toMatchObject({
      mode: 'organization',
      relevance: { ignoredDomains: ['lindqvist.example'] },
      grant: { state: 'verified', scopes: ['Mail.Read'], grantedBy: 'Astrid Lindqvist', missing: [] },
      access: { kind: 'everyone' },
      offersService: true,
    });
    expect(await reasonOf(world, PEOPLE.priya)).toBe('onByAdministrator');
  });

  test('remembers that Microsoft kept users of one organization from consenting', async () => {
    const { body } = await world.as(PEOPLE.astrid, 'GET', '/api/organization/readiness');

    expect(readList(body, 'checks')).toContainEqual(
      expect.objectContaining({ check: 'userConsent', finding: 'mayNotConsent' }),
    );
  });

  test('counts everybody who had opened Assent as having opened it', async () => {
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ members: { opened: 2 } });
  });

  test('has chains of audit events that still hold', async () => {
    for (const tenantId of [HARBOR_REED, LINDQVIST]) {
      expect(await findBrokenLink(world.product.database.kysely, tenantId)).toBeNull();
    }
  });

  test('goes on: new mail arrives by the cursors and the refresh tokens that were stored', async () => {
    await world.product.worker.start();
    await world.settle();
    await world.control('POST', '/messages', {
      to: PEOPLE.mara,
      eml: 'From: Client <client@northpier.example>\r\nTo: mara.ellis@harborreed.example\r\nSubject: After the update\r\nMessage-ID: <after-the-update@northpier.example>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n\r\nHello.\r\n',
    });
    await world.nextRound();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');

    expect(readList(body, 'items')).toContainEqual(expect.objectContaining({ subject: 'After the update' }));
    expect(readList(body, 'items')).toHaveLength(7);
  });
});
