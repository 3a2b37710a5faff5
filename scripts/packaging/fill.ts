/** Fills the manifests' `${{NAME}}` in, as the Microsoft 365 Agents Toolkit does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { escapeHtml } from '../../src/server/pages/escapeHtml.ts';
import type { Values } from './values.ts';

/** Zip knows no time before 1980, and the same content has to be the same file. */
const NO_TIME = new Date(1980, 0, 1);

/** The Teams and Microsoft 365 app: manifest and icons, the same bytes for the same values. */
export function appPackage(root: string, values: Values): Uint8Array {
  const folder = join(root, 'appPackage');
  const manifest = filled(readFileSync(join(folder, 'manifest.json'), 'utf8'), values, jsonText);
  const files: Zippable = {
    'manifest.json': new TextEncoder().encode(manifest),
    'color.png': new Uint8Array(readFileSync(join(folder, 'color.png'))),
    'outline.png': new Uint8Array(readFileSync(join(folder, 'outline.png'))),
  };
  return zipSync(files, { level: 9, mtime: NO_TIME });
}

/** The add-in for Outlook without the unified manifest. */
export function outlookManifest(root: string, values: Values): string {
  return filled(readFileSync(join(root, 'manifest', 'outlook.xml'), 'utf8'), values, escapeHtml);
}

function filled(template: string, values: Values, escape: (text: string) => string): string {
  return template.replace(/\$\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = Object.entries(values).find(([known]) => known === name)?.[1];
    return value === undefined ? placeholder : escape(value);
  });
}

/** As it stands between the quotes of a string. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
