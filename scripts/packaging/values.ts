/**
 * What an installation's manifests say of it, from the settings with which Assent itself runs.
 *
 * Errors  `SettingsError` lists every variable that is wrong, with its remedy.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CLOUD_NAMES, CLOUDS } from '../../src/domain/clouds.ts';
import { OPERATOR_VARIABLES } from '../../src/server/operatorSettings.ts';
import { isHttpsOrigin, parseEnvironment } from '../../src/server/settings.ts';

/** By the names that stand as `${{NAME}}` in the manifests; the same in the toolkit's environment files. */
export type Values = Readonly<Record<(typeof NAMES)[number], string>>;

const NAMES = [
  'PUBLIC_HOST',
  'TEAMS_APP_ID',
  'OUTLOOK_ADDIN_ID',
  'ENTRA_CLIENT_ID',
  'SIGN_IN_HOST',
  'APP_VERSION',
  'APP_FULL_NAME',
  'OPERATOR_NAME',
  'OPERATOR_URL',
  'OPERATOR_PRIVACY_URL',
  'OPERATOR_TERMS_URL',
  'OPERATOR_SUPPORT_URL',
] as const;

const guid = (what: string) => z.guid(`must be ${what}, a GUID`);

const Environment = z.object({
  PUBLIC_URL: z
    .string('is missing: the https address under which people reach Assent')
    .refine((text) => isHttpsOrigin(text), 'must be the https address under which people reach Assent, without a path'),
  ENTRA_CLIENT_ID: guid('the application (client) id'),
  CLOUD: z.enum(CLOUD_NAMES, `must be one of ${CLOUD_NAMES.join(', ')}`).default('global'),
  TEAMS_APP_ID: guid('the id of the app in Teams').optional(),
  OUTLOOK_ADDIN_ID: guid('the id of the Outlook add-in').optional(),
  ...OPERATOR_VARIABLES,
});

export function valuesOf(env: NodeJS.ProcessEnv, root: string): Values {
  const data = parseEnvironment(Environment, env);
  const { origin, host } = new URL(data.PUBLIC_URL);
  const clientId = data.ENTRA_CLIENT_ID.toLowerCase();
  const operator = data.OPERATOR_NAME ?? 'Assent';
  return {
    PUBLIC_HOST: host,
    TEAMS_APP_ID: data.TEAMS_APP_ID ?? idOf(`${origin}/${clientId}#teams`),
    OUTLOOK_ADDIN_ID: data.OUTLOOK_ADDIN_ID ?? idOf(`${origin}/${clientId}#outlook`),
    ENTRA_CLIENT_ID: clientId,
    SIGN_IN_HOST: new URL(CLOUDS[data.CLOUD].authority).host,
    APP_VERSION: versionOf(root),
    APP_FULL_NAME: `Assent for ${data.OPERATOR_NAME ?? 'Microsoft 365'}`,
    OPERATOR_NAME: operator,
    OPERATOR_URL: data.OPERATOR_URL ?? origin,
    OPERATOR_PRIVACY_URL: data.OPERATOR_PRIVACY_URL ?? `${origin}/privacy`,
    OPERATOR_TERMS_URL: data.OPERATOR_TERMS_URL ?? `${origin}/terms`,
    OPERATOR_SUPPORT_URL: data.OPERATOR_SUPPORT_URL ?? `${origin}/support`,
  };
}

function versionOf(root: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}

const URL_NAMESPACE = '6ba7b8119dad11d180b400c04fd430c8';

/** The same id for the same installation, always: a UUID of version 5 (RFC 9562, section 5.5) of its address. */
function idOf(name: string): string {
  const hash = createHash('sha1').update(Buffer.from(URL_NAMESPACE, 'hex')).update(name).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
