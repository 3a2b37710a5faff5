/** What Node is told of the environment: `.env` of the checkout, where someone made one. The shell's own words come first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const FILE = join(ROOT, '.env');

export const ENVIRONMENT = existsSync(FILE) ? [`--env-file=${FILE}`] : [];
