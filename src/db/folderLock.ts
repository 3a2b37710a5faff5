/**
 * One process per data folder. PGlite accepts a second process in silence and then loses commits, so
 * Assent takes a lock of its own: a file that names the process, taken over only when that one is gone.
 *
 * Errors  `FolderInUseError` when another living process holds the folder.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../domain/errorCode.ts';

export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  readonly code = 'data_folder_in_use';
}

const heldHere = new Set<string>();

/** Takes the folder and answers how to give it back. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'assent.lock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (!heldHere.has(file) && (await createExclusively(file))) {
      heldHere.add(file);
      return () => {
        heldHere.delete(file);
        return rm(file, { force: true });
      };
    }
    const holder = await lockOwner(file);
    if (heldHere.has(file) || isAlive(holder)) {
      throw new FolderInUseError(
        `DATA_DIR ${folder} is in use by process ${holder}: stop that process, or set DATA_DIR to another folder`,
      );
    }
    await removeStale(file, holder);
  }
  throw new FolderInUseError(`DATA_DIR ${folder} is being taken by another process: try again`);
}

/** Written whole beside the lock and then linked, so that no one ever reads an empty one. */
async function createExclusively(file: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${process.pid}\n`);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function lockOwner(file: string): Promise<number> {
  return Number((await readFile(file, 'utf8').catch(() => '')).trim());
}

/** Takes a dead process's lock away; of two that try, one moves it and the other finds nothing to move. */
async function removeStale(file: string, holder: number): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  if ((await lockOwner(aside)) !== holder && isAlive(await lockOwner(aside))) {
    await link(aside, file).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0 || processId === process.pid) {
    return false;
  }
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
