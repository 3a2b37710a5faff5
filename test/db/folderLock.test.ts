import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FolderInUseError, lockFolder } from '../../src/db/folderLock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder is held by one at a time, also within one process', async () => {
  const release = await lockFolder(folder);

  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError);
  await release();
  await (
    await lockFolder(folder)
  )();
});

test('the refusal names the folder, the process and the remedy', async () => {
  await writeFile(join(folder, 'assent.lock'), `${process.ppid}\n`);

  await expect(lockFolder(folder)).rejects.toThrow(
    `is in use by process ${process.ppid}: stop that process, or set DATA_DIR`,
  );
});

test('a lock that a dead process left behind is taken over', async () => {
  await writeFile(join(folder, 'assent.lock'), '4194000\n');

  await expect(lockFolder(folder)).resolves.toBeInstanceOf(Function);
});
