/** A mailbox's journal: one JSON line a change. */
import { readFileSync } from 'node:fs';

export function readLines(file: string): readonly string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    // The last line is empty, or was cut off by a crash before it counted.
    return lines.slice(0, -1);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

/** Whether the file system has no such file. */
function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
