/** One installation's manifests, as `npm run package` makes them. */
import { resolve } from 'node:path';
import { appPackage, outlookManifest } from '../../scripts/packaging/fill.ts';
import { valuesOf } from '../../scripts/packaging/values.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

export const ENVIRONMENT = {
  PUBLIC_URL: 'https://assent.example',
  ENTRA_CLIENT_ID: '0B1C2D3E-4f50-4617-8293-a4b5c6d7e8f9',
  OPERATOR_NAME: 'Northgate CRM',
};

export function made(environment: Record<string, string> = {}) {
  const values = valuesOf({ ...ENVIRONMENT, ...environment }, ROOT);
  return { values, zip: appPackage(ROOT, values), xml: outlookManifest(ROOT, values) };
}
