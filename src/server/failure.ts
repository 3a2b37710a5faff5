/** What a person at a terminal reads when a start fails: one line, with the variable or file and the remedy. */
import { isError } from './log.ts';
import { SettingsError } from './settings.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and start again. Nothing was lost.',
  EACCES: 'A file or folder of Assent cannot be read or written: check DATA_DIR and KEYS_DIR.',
  EROFS: 'DATA_DIR or KEYS_DIR is on a disk that cannot be written: set them to other folders.',
  database_unavailable: 'The database cannot be opened: check DATABASE_URL, or free disk space under DATA_DIR.',
};

export function explainFailure(error: unknown): string {
  if (error instanceof SettingsError) {
    return [
      'Assent cannot start with these settings:',
      ...error.issues.map(({ variable, remedy }) => `  ${variable} ${remedy}`),
    ].join('\n');
  }
  if (!isError(error)) {
    return 'Assent stopped for a reason that it cannot name.';
  }
  const remedy = fixFor(error);
  return remedy === undefined ? `Assent stopped: ${error.message}` : `Assent stopped: ${remedy}`;
}

/** The remedy of the error or of what caused it. */
function fixFor(error: Error): string | undefined {
  const inner = isError(error.cause) ? fixFor(error.cause) : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return inner ?? REMEDIES[code];
}
