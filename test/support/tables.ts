/** All tables of a database together, whichever they are by now: emptied between stories, backed up and restored. */
import { sql } from 'kysely';
import type { Database } from '../../src/db/openDatabase.ts';

/** Tables of data by name; what tells which version of the schema it is isn't one. */
export async function dataTables({ kysely }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = 'public' and tablename not like 'kysely_%' and tablename <> 'schema_floor' order by tablename
  `.execute(kysely);
  return rows.map(({ name }) => name);
}

/** What an earlier story left is none of the next one's: as a database is that was just migrated. */
export async function emptyTables(database: Database): Promise<void> {
  const tables = await dataTables(database);
  await sql.raw(`truncate ${tables.join(', ')} cascade`).execute(database.kysely);
  await sql`insert into feed_head (position) values (0)`.execute(database.kysely);
}
