/**
 * Settings, in two steps: the environment as text, then one object without contradictions.
 *
 * Only this and `main.ts`, which hands the environment over, read `process.env`. Reports all problems together, each with
 * its variable and fix.
 *
 * Errors  `SettingsError` lists every fault.
 */
import { isIP } from 'node:net';
import { isAbsolute, relative, resolve } from 'node:path';
import { z } from 'zod';
import type { DatabaseAddress } from '../db/openDatabase.ts';
import { type Cloud, CLOUD_NAMES, CLOUDS } from '../domain/clouds.ts';
import { hostOf } from '../domain/webhookAddress.ts';
import type { ClientCredential } from '../microsoft/entra/clientCredential.ts';
import { OPERATOR_VARIABLES, operatorOf, type OperatorSettings } from './operatorSettings.ts';

export interface Settings {
  readonly port: number;
  readonly publicUrl: string;
  readonly database: DatabaseAddress;
  readonly dataDir: string;
  readonly keys:
    { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'database'; readonly url: string };
  /** As `MASTER_KEYS` has it; `null` where an embedded installation makes its own. */
  readonly masterKeys: string | null;
  /** The cloud that is served. */
  readonly cloud: Cloud;
  readonly operator: OperatorSettings;
  readonly entra: EntraSettings;
  /** The second registration, which holds application permissions; `null` where service mode is not offered. */
  readonly service: { readonly clientId: string; readonly credential: ClientCredential } | null;
  readonly graphUrl: string;
  readonly officeJsUrl: string;
  readonly trustedCaFile: string | null;
  readonly allowedTenants: readonly string[] | null;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** For how many days the feed keeps what it has told. */
  readonly feedRetentionDays: number;
  /** Hosts, with their ports, that webhooks may go to wherever they are. */
  readonly webhookAllowedHosts: readonly string[];
  /** Whether the document of the operator's API is served. */
  readonly servesOperatorDocs: boolean;
  readonly logLevel: LogLevel;
}

export interface EntraSettings {
  readonly authority: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

export interface SettingsIssue {
  readonly variable: string;
  readonly remedy: string;
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings_invalid';
  readonly issues: readonly SettingsIssue[];

  constructor(issues: readonly SettingsIssue[]) {
    super(issues.map(({ variable, remedy }) => `${variable}: ${remedy}`).join('\n'));
    this.issues = issues;
  }
}

const Guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const origin = (remedy: string) => z.string().refine((text) => isHttpsOrigin(text), { message: remedy });

const certificate = z
  .string()
  .regex(
    /-----BEGIN CERTIFICATE-----[\s\S]*-----BEGIN PRIVATE KEY-----|-----BEGIN PRIVATE KEY-----[\s\S]*-----BEGIN CERTIFICATE-----/,
    'must be PEM text with a certificate and its PKCS#8 private key',
  );

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number, such as 3000')
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, { message: 'must be between 1 and 65535' })
    .default(3000),
  PUBLIC_URL: origin('must be the https address under which people reach Assent, without a path').optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  DATA_DIR: z.string().default('.data'),
  KEYS_DIR: z.string().default('.keys'),
  KEYS_DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  MASTER_KEYS: z.string().optional(),
  ENTRA_CLIENT_ID: z.string().regex(Guid, 'must be the application (client) id, a GUID').optional(),
  ENTRA_CLIENT_SECRET: z.string().optional(),
  ENTRA_CLIENT_CERTIFICATE: certificate.optional(),
  ENTRA_SERVICE_CLIENT_ID: z.string().regex(Guid, 'must be the application (client) id, a GUID').optional(),
  ENTRA_SERVICE_CLIENT_SECRET: z.string().optional(),
  ENTRA_SERVICE_CLIENT_CERTIFICATE: certificate.optional(),
  CLOUD: z.enum(CLOUD_NAMES, { error: `must be one of ${CLOUD_NAMES.join(', ')}` }).default('global'),
  ENTRA_AUTHORITY: origin(
    'must be the https address of the cloud, such as https://login.microsoftonline.com',
  ).optional(),
  GRAPH_URL: origin('must be the https address of Graph without /v1.0').optional(),
  ...OPERATOR_VARIABLES,
  OFFICE_JS_URL: z
    .url({ protocol: /^https$/, error: 'must be the https address of office.js' })
    .default('https://appsforoffice.microsoft.com/lib/1/hosted/office.js'),
  TRUSTED_CA_FILE: z.string().optional(),
  ALLOWED_TENANTS: z.string().optional(),
  TRUSTED_PROXIES: z
    .string()
    .refine((text) => listOf(text).every(isNetwork), {
      message: 'must list addresses or networks of your proxies, such as 10.0.0.0/8, separated by commas',
    })
    .optional(),
  FEED_RETENTION_DAYS: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number of days, such as 30')
    .transform(Number)
    .refine((days) => days >= 7 && days <= 365, { message: 'must be between 7 and 365' })
    .default(30),
  WEBHOOK_ALLOWED_HOSTS: z
    .string()
    .refine((text) => listOf(text).every(isHost), {
      message: 'must list hosts of yours that webhooks may go to, such as hooks.internal:8443, separated by commas',
    })
    .optional(),
  OPERATOR_DOCS: z.enum(['open', 'closed'], { error: 'must be open or closed' }).default('open'),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});
type Environment = z.infer<typeof Environment>;

/** The names of every variable that is read. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/** Values that stand in for missing ones, as a local run needs them. */
export type Defaults = Readonly<Record<string, string>>;

export function readSettings(env: NodeJS.ProcessEnv, defaults: Defaults = {}): Settings {
  const parsed = parseEnvironment(Environment, env, defaults);
  const issues = findConflicts(parsed);
  if (issues.length > 0) {
    throw new SettingsError(issues);
  }
  return resolveSettings(parsed);
}

/** What is empty counts as left out; `SettingsError` names every variable that is wrong. */
export function parseEnvironment<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv, defaults: Defaults = {}): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse({ ...defaults, ...given });
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), remedy: message })),
    );
  }
  return parsed.data;
}

function findConflicts(env: Environment): readonly SettingsIssue[] {
  const issues: SettingsIssue[] = [];
  const require = (isRight: boolean, variable: string, remedy: string) => {
    if (!isRight) {
      issues.push({ variable, remedy });
    }
  };
  require(env.ENTRA_CLIENT_ID !==
    undefined, 'ENTRA_CLIENT_ID', 'is missing: register Assent in Entra and set its application (client) id');
  require((env.OPERATOR_NAME ?? '') !==
    '', 'OPERATOR_NAME', 'is missing: name the company or product that receives what people share; they read it wherever they decide');
  require(env.OPERATOR_PRIVACY_URL !==
    undefined, 'OPERATOR_PRIVACY_URL', 'is missing: set the https address of the privacy policy of the recipient');
  const credentials = [env.ENTRA_CLIENT_SECRET, env.ENTRA_CLIENT_CERTIFICATE].filter((value) => value !== undefined);
  require(credentials.length === 1, 'ENTRA_CLIENT_SECRET', 'set either this or ENTRA_CLIENT_CERTIFICATE');
  require(env.DATABASE_URL === undefined ||
    env.KEYS_DATABASE_URL !==
      undefined, 'KEYS_DATABASE_URL', 'is required with DATABASE_URL: keys live in a database of their own');
  require(env.DATABASE_URL === undefined ||
    env.MASTER_KEYS !==
      undefined, 'MASTER_KEYS', 'is required with DATABASE_URL: make one with `openssl rand -base64 32`');
  require(env.KEYS_DATABASE_URL === undefined ||
    databaseIn(env.KEYS_DATABASE_URL) !==
      databaseIn(env.DATABASE_URL), 'KEYS_DATABASE_URL', 'must name another database than DATABASE_URL');
  require(!isInside(
    env.KEYS_DIR,
    env.DATA_DIR,
  ), 'KEYS_DIR', 'must not lie inside DATA_DIR, so that a backup of the data holds no keys');
  const hasService = env.ENTRA_SERVICE_CLIENT_ID !== undefined;
  const serviceCredentials = [env.ENTRA_SERVICE_CLIENT_SECRET, env.ENTRA_SERVICE_CLIENT_CERTIFICATE];
  require(serviceCredentials.filter((value) => value !== undefined).length ===
    (hasService ? 1 : 0), 'ENTRA_SERVICE_CLIENT_SECRET', hasService
    ? 'set either this or ENTRA_SERVICE_CLIENT_CERTIFICATE'
    : 'needs ENTRA_SERVICE_CLIENT_ID, the second registration');
  require(!hasService ||
    env.ENTRA_SERVICE_CLIENT_ID?.toLowerCase() !==
      env.ENTRA_CLIENT_ID?.toLowerCase(), 'ENTRA_SERVICE_CLIENT_ID', 'must be a second registration: consent to application permissions is to the whole list of a registration');
  const tenants = listOf(env.ALLOWED_TENANTS);
  require(tenants.every((tenant) =>
    Guid.test(tenant),
  ), 'ALLOWED_TENANTS', 'must list tenant ids (GUIDs), separated by commas');
  return issues;
}

function resolveSettings(env: Environment): Settings {
  const dataDir = resolve(env.DATA_DIR);
  const tenants = listOf(env.ALLOWED_TENANTS);
  const publicUrl = new URL(env.PUBLIC_URL ?? `https://localhost:${env.PORT}`).origin;
  const cloud = CLOUDS[env.CLOUD];
  return {
    port: env.PORT,
    publicUrl,
    database:
      env.DATABASE_URL === undefined
        ? { kind: 'pglite', folder: resolve(dataDir, 'database') }
        : { kind: 'postgres', url: env.DATABASE_URL },
    dataDir,
    keys:
      env.KEYS_DATABASE_URL === undefined
        ? { kind: 'folder', folder: resolve(env.KEYS_DIR) }
        : { kind: 'database', url: env.KEYS_DATABASE_URL },
    masterKeys: env.MASTER_KEYS ?? null,
    cloud,
    operator: operatorOf(env),
    entra: {
      authority: new URL(env.ENTRA_AUTHORITY ?? cloud.authority).origin,
      clientId: (env.ENTRA_CLIENT_ID ?? '').toLowerCase(),
      credential: credentialOf(env.ENTRA_CLIENT_SECRET, env.ENTRA_CLIENT_CERTIFICATE),
    },
    service:
      env.ENTRA_SERVICE_CLIENT_ID === undefined
        ? null
        : {
            clientId: env.ENTRA_SERVICE_CLIENT_ID.toLowerCase(),
            credential: credentialOf(env.ENTRA_SERVICE_CLIENT_SECRET, env.ENTRA_SERVICE_CLIENT_CERTIFICATE),
          },
    graphUrl: new URL(env.GRAPH_URL ?? cloud.graph).origin,
    officeJsUrl: env.OFFICE_JS_URL,
    trustedCaFile: env.TRUSTED_CA_FILE ?? null,
    allowedTenants: tenants.length === 0 ? null : tenants.map((tenant) => tenant.toLowerCase()),
    trustedProxies: listOf(env.TRUSTED_PROXIES),
    feedRetentionDays: env.FEED_RETENTION_DAYS,
    webhookAllowedHosts: listOf(env.WEBHOOK_ALLOWED_HOSTS).map((host) => hostOf(new URL(`https://${host}`))),
    servesOperatorDocs: env.OPERATOR_DOCS === 'open',
    logLevel: env.LOG_LEVEL,
  };
}

function credentialOf(secret: string | undefined, pem: string | undefined): ClientCredential {
  return pem === undefined ? { kind: 'secret', secret: secret ?? '' } : { kind: 'certificate', pem };
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Host and name of a database, however its address is spelled. */
function databaseIn(address: string | undefined): string {
  const url = URL.parse(address ?? '');
  return `${url?.hostname ?? ''}:${url?.port === '' ? '5432' : (url?.port ?? '')}${url?.pathname ?? ''}`;
}

/** An address, or one with the length of its network's prefix. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return isIP(address) !== 0 && isPrefix && more.length === 0;
}

/** A name or an address, with a port or without. */
function isHost(text: string): boolean {
  const url = URL.parse(`https://${text}`);
  const isNamed = url !== null && /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])$/.test(url.hostname);
  return isNamed && (url.host === text || `${url.host}:443` === text);
}

export function isHttpsOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.username === '';
}

function isInside(inner: string, outer: string): boolean {
  const path = relative(resolve(outer), resolve(inner));
  return path === '' || (!path.startsWith('..') && !isAbsolute(path));
}
