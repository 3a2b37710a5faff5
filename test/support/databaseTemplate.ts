/** An empty PGlite with this version's schema, made once a run of the tests and copied for every world. */
import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/openDatabase.ts';

/** Of the whole run, which makes and removes it (`globalSetup.mjs`). */
const FOLDER = process.env['TEST_TEMPLATES'] ?? '';

/** `folder` comes into being. */
export async function copyTemplate(folder: string): Promise<void> {
  // A thousand files: one call for all of them takes a third of the time of one for each.
  cpSync(await madeTemplate(), folder, { recursive: true });
}

/** A folder of its own. */
export async function newFromTemplate(): Promise<string> {
  const folder = join(FOLDER, randomUUID());
  await copyTemplate(folder);
  return folder;
}

async function madeTemplate(): Promise<string> {
  const template = join(FOLDER, 'pglite');
  if (!(await exists(template))) {
    const made = await mkdtemp(join(FOLDER, 'making-'));
    const database = await openDatabase({ kind: 'pglite', folder: made }, () => undefined);
    await migrate(database);
    await database.close();
    await rename(made, template).catch(async (error: unknown) => {
      // Another process of the run was faster.
      await rm(made, { recursive: true });
      if (!(await exists(template))) {
        throw error;
      }
    });
  }
  return template;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
