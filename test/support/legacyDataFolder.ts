/** Data folders as former versions wrote them: tables as rows, keys and the sandbox's state as files. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { z } from 'zod';
import { openDatabase } from '../../src/db/openDatabase.ts';
import { ROOT } from './createWorld.ts';
import { migrationsThrough } from './migrationsThrough.ts';

/** Parents before those that refer to them. */
const ORDER = ['organizations', 'members', 'connections', 'consents'];

/** Puts what a version wrote into a folder; `lastMigration` is the newest that the version had. */
export function restoring(fixture: string, lastMigration: string): (folder: string, origin: string) => Promise<void> {
  const from = join(ROOT, 'test', 'fixtures', fixture);
  return async (folder, origin) => {
    await cp(join(from, 'sandbox'), join(folder, 'sandbox'), { recursive: true });
    await cp(join(from, 'keys'), `${folder}-keys`, { recursive: true });
    const text = (await readFile(join(from, 'tables.json'), 'utf8')).replaceAll('https://localhost:ORIGIN', origin);
    const tables = z.record(z.string(), z.array(z.looseObject({}))).parse(JSON.parse(text));
    const database = await openDatabase({ kind: 'pglite', folder: join(folder, 'database') }, () => undefined);
    const provider = { getMigrations: () => Promise.resolve({ ...migrationsThrough(lastMigration) }) };
    await new Migrator({ db: database.kysely, provider }).migrateToLatest();
    // A JSON null is not a missing value; rows as JSON cannot tell them apart.
    await sql`alter table consents alter column relevance drop not null`.execute(database.kysely);
    const isFilled = (name: string) => (tables[name] ?? []).length > 0;
    const names = [...ORDER, ...Object.keys(tables).filter((name) => !ORDER.includes(name))];
    for (const name of names.filter((each) => !each.startsWith('kysely_') && isFilled(each))) {
      await sql`insert into ${sql.table(name)}
        select * from jsonb_populate_recordset(null::${sql.table(name)}, ${JSON.stringify(tables[name])}::jsonb)`.execute(
        database.kysely,
      );
    }
    await sql`update consents set relevance = 'null' where relevance is null`.execute(database.kysely);
    await sql`alter table consents alter column relevance set not null`.execute(database.kysely);
    await database.close();
  };
}
