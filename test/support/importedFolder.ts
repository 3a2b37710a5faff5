/** A folder of files that a test writes, imported into an empty mailbox of the sandbox. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox } from '../../src/sandbox/graph/mailbox.ts';
import { importFolder, type ImportReport } from '../../src/sandbox/seed/importFolder.ts';

const NOON = new Date('2026-11-21T12:00:00Z');

export class ImportedFolder {
  readonly mailbox = new Mailbox('mara.ellis@harborreed.example', null, 'seed', {
    messages: 0,
    events: 0,
    contacts: 0,
  });
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(): Promise<ImportedFolder> {
    return new ImportedFolder(await mkdtemp(join(tmpdir(), 'assent-items-')));
  }

  write(name: string, lines: readonly string[], ending = '\r\n'): Promise<void> {
    return writeFile(join(this.#path, name), lines.join(ending));
  }

  /** Imports everything that was written so far. */
  import(): Promise<ImportReport> {
    return importFolder(this.mailbox, this.#path, NOON);
  }

  async take(name: string, lines: readonly string[], ending = '\r\n'): Promise<ImportReport> {
    await this.write(name, lines, ending);
    return this.import();
  }

  close(): Promise<void> {
    return rm(this.#path, { recursive: true, force: true });
  }
}
