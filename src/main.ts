/**
 * The command: without a word everything in one process, or `web`, `worker`, `migrate`, `doctor`, `audit`, `admin`,
 * `sandbox`.
 *
 * Alone here is decided whether the sandbox is loaded: when no Entra application is configured, and never with
 * `NODE_ENV=production`.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrokenLink, readAuditedTenants } from './db/organization/audit.ts';
import { lockFolder } from './db/folderLock.ts';
import { migrate, requireCurrentSchema } from './db/migrate.ts';
import { type Database, openDatabase } from './db/openDatabase.ts';
import { type AdminOptions, runAdmin } from './server/adminCommand.ts';
import { serverCertificate } from './server/certificate.ts';
import { SYSTEM_CLOCK } from './server/clock.ts';
import { applicationIdUriOf } from './server/composition/addresses.ts';
import { adminPorts } from './server/composition/adminPorts.ts';
import { openProduct, type Product } from './server/composition/openProduct.ts';
import { findFreePort, startReceiver } from './server/exampleReceiver.ts';
import { explainFailure } from './server/failure.ts';
import { type Handler, listen } from './server/listener.ts';
import { openLog } from './server/log.ts';
import { type Defaults, readSettings, type Settings } from './server/settings.ts';
import type { Sandbox } from './sandbox/sandbox.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SANDBOX_CLIENT_ID = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';
const SANDBOX_CLIENT_SECRET = 'the-sandbox-knows-no-other-secret';
const SANDBOX_SERVICE = {
  clientId: '1c2d3e4f-5061-4728-93a4-b5c6d7e8f90a',
  clientSecret: 'the-sandbox-knows-one-more-secret',
  displayName: 'Assent service',
};
/** What a newcomer's mailboxes hold before anything is imported. */
const SEED = { name: 'assent', messages: 240, events: 40, contacts: 24 };

/** The sandbox hands out tokens to whoever asks, so only this machine may ask. */
const LOOPBACK = '127.0.0.1';

const COMMANDS = ['everything', 'web', 'worker', 'migrate', 'doctor', 'audit', 'admin', 'sandbox'] as const;
type Command = (typeof COMMANDS)[number];

/** What has been opened, in order; closed in reverse. */
const opened: (() => Promise<void>)[] = [];

async function closeAll(): Promise<void> {
  for (const close of opened.toReversed()) {
    await close();
  }
  opened.length = 0;
}

async function run(): Promise<void> {
  const { positionals, values } = readArguments();
  const word = positionals[0] ?? 'everything';
  const command = COMMANDS.find((known) => known === word);
  if (command === undefined) {
    throw new Error(`There is no command "${word}": use ${COMMANDS.slice(1).join(', ')}, or none`);
  }
  const isLocal = (process.env['ENTRA_CLIENT_ID'] ?? '') === '' && process.env['NODE_ENV'] !== 'production';
  const settings = readSettings(process.env, isLocal ? localDefaults() : {});
  if (command === 'admin') {
    await administer(settings, positionals.slice(1), values);
    return;
  }
  await start(command, settings, isLocal, { folder: values.import, as: values['import-as'] });
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        import: { type: 'string' },
        'import-as': { type: 'string' },
        name: { type: 'string' },
        scopes: { type: 'string' },
        organizations: { type: 'string' },
        expires: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new Error('the options are --import FOLDER and --import-as UPN, and those of admin, each with a value', {
      cause,
    });
  }
}

/** A wrong PORT or PUBLIC_URL is reported for itself, and must not make the addresses that follow from it wrong too. */
function localOrigin(): string {
  const port = process.env['PORT'] ?? '';
  const given = URL.parse(process.env['PUBLIC_URL'] ?? `https://localhost:${port === '' ? '3000' : port}`);
  return given?.protocol === 'https:' ? given.origin : 'https://localhost:3000';
}

/** Where the sandbox answers, as settings: the three addresses and the authority to trust. */
function localDefaults(): Defaults {
  const origin = localOrigin();
  return {
    ENTRA_CLIENT_ID: SANDBOX_CLIENT_ID,
    ...(process.env['ENTRA_CLIENT_CERTIFICATE'] === undefined ? { ENTRA_CLIENT_SECRET: SANDBOX_CLIENT_SECRET } : {}),
    ENTRA_SERVICE_CLIENT_ID: SANDBOX_SERVICE.clientId,
    ENTRA_SERVICE_CLIENT_SECRET: SANDBOX_SERVICE.clientSecret,
    ENTRA_AUTHORITY: origin,
    GRAPH_URL: origin,
    OFFICE_JS_URL: `${origin}/sandbox/hosts/office/office.js`,
    TRUSTED_CA_FILE: join(resolve(process.env['DATA_DIR'] ?? '.data'), 'certificate', 'authority.pem'),
    OPERATOR_NAME: 'Northgate CRM',
    OPERATOR_LOGO_FILE: join(ROOT, 'assets', 'northgate.svg'),
    OPERATOR_PRIVACY_URL: `${origin}/sandbox/northgate`,
    LOG_LEVEL: 'warn',
  };
}

interface Import {
  readonly folder: string | undefined;
  readonly as: string | undefined;
}

async function start(
  command: Exclude<Command, 'admin'>,
  settings: Settings,
  isLocal: boolean,
  files: Import,
): Promise<void> {
  switch (command) {
    case 'migrate':
      return runMigrations(settings);
    case 'doctor':
      process.stdout.write('The settings are complete and do not contradict each other.\n');
      return undefined;
    case 'audit':
      return verifyAudit(settings);
    case 'sandbox':
      return serveSandbox(settings, files);
    case 'worker':
      await lockData(settings);
      (await open(settings, false)).worker.start().catch(fail);
      return undefined;
    case 'web':
    case 'everything':
      return serve(command, settings, isLocal, files);
  }
}

async function runMigrations(settings: Settings): Promise<void> {
  await withDatabase(settings, { isPatient: true }, migrate);
  process.stdout.write('The database has the schema of this version.\n');
}

async function administer(settings: Settings, words: readonly string[], options: AdminOptions): Promise<void> {
  await withDatabase(settings, { isPatient: false }, async (database) => {
    await requireCurrentSchema(database);
    const lines = await runAdmin(adminPorts(database, SYSTEM_CLOCK.now), words, options);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}

/** Walks every organization's chain of hashes; a link that does not hold is named and makes the command fail. */
async function verifyAudit(settings: Settings): Promise<void> {
  await withDatabase(settings, { isPatient: false }, async (database) => {
    for (const tenantId of await readAuditedTenants(database.kysely)) {
      const broken = await findBrokenLink(database.kysely, tenantId);
      process.stdout.write(`${tenantId}: ${broken === null ? 'unbroken' : `broken at event ${broken}`}\n`);
      process.exitCode = broken === null ? process.exitCode : 1;
    }
  });
}

/** Opens the database for a command that ends. It is closed whatever happens: an embedded one can keep the process from ending. */
async function withDatabase(
  settings: Settings,
  { isPatient }: { readonly isPatient: boolean },
  work: (database: Database) => Promise<void>,
): Promise<void> {
  await lockData(settings);
  const database = await openDatabase(settings.database, () => undefined, isPatient);
  try {
    await work(database);
  } finally {
    await database.close();
  }
  await closeAll();
}

async function serve(
  command: 'web' | 'everything',
  settings: Settings,
  isLocal: boolean,
  files: Import,
): Promise<void> {
  await lockData(settings);
  const tls = await serverCertificate(join(settings.dataDir, 'certificate'), new Date());
  const receiverPort = isLocal && command === 'everything' ? await findFreePort(settings.port + 1) : null;
  const sandbox = isLocal ? await loadSandbox(settings, files, receiverPort) : null;
  const product = await open(settings, command === 'everything');
  const handler: Handler = (request, response) => {
    if (sandbox?.handles(request.url ?? '') === true) {
      sandbox.handle(request, response);
    } else {
      product.application.routing(request, response);
    }
  };
  const listener = await listen(settings.port, tls, handler, sandbox === null ? undefined : LOOPBACK);
  opened.push(() => listener.close());
  if (command === 'everything') {
    await product.worker.start();
  }
  if (receiverPort !== null) {
    const { dataDir, publicUrl: assentUrl } = settings;
    const receiver = { root: ROOT, dataDir, assentUrl, authorityFile: tls.authorityFile, port: receiverPort };
    opened.push(await startReceiver(receiver, product.database));
  }
  announce(settings, sandbox, tls.authorityFile);
}

async function open(settings: Settings, migrates: boolean): Promise<Product> {
  const product = await openProduct(settings, { root: ROOT, log: openLog(settings.logLevel), migrates });
  opened.push(() => product.close());
  return product;
}

async function lockData(settings: Settings): Promise<void> {
  if (settings.database.kind === 'pglite') {
    opened.push(await lockFolder(settings.dataDir));
  }
}

async function loadSandbox(settings: Settings, files: Import, receiverPort: number | null): Promise<Sandbox> {
  const { openSandbox } = await import('./sandbox/sandbox.ts');
  const origin = settings.entra.authority;
  const sandbox = await openSandbox({
    origin,
    appUrl: settings.publicUrl,
    registration: {
      clientId: settings.entra.clientId,
      clientSecret: SANDBOX_CLIENT_SECRET,
      // China and the DoD have no people in the sandbox.
      cloud: settings.cloud.name === 'usgov' ? 'usGovernment' : 'public',
      displayName: 'Assent',
      applicationIdUri: applicationIdUriOf(settings.publicUrl, settings.entra.clientId),
      webRedirectUris: ['consent', 'connect', 'sign-in'].map((step) => `${settings.publicUrl}/${step}/return`),
      spaRedirectUris: [`${origin}/sandbox/hosts/signed-in`],
      service: SANDBOX_SERVICE,
    },
    folder: join(settings.dataDir, 'sandbox'),
    assets: join(ROOT, 'dist', 'sandbox'),
    receiverUrl: receiverPort === null ? null : `http://localhost:${receiverPort}`,
    seed: SEED,
    ...SYSTEM_CLOCK,
  });
  opened.push(() => sandbox.close());
  if (files.folder !== undefined) {
    await importFiles(sandbox, files.folder, files.as);
  }
  return sandbox;
}

async function importFiles(sandbox: Sandbox, folder: string, as: string | undefined): Promise<void> {
  if (!existsSync(folder)) {
    throw new Error(`--import ${folder}: there is no such folder`);
  }
  const { upn, report } = await sandbox.importFolder(resolve(folder), as);
  const { messages, events, contacts, tasks, known, skipped } = report;
  const found = messages + events + contacts + tasks + known + skipped.length;
  process.stdout.write(
    found === 0
      ? `There is no .eml, .mbox, .ics or .vcf file in ${folder}.\n`
      : `Imported for ${upn}: messages ${messages}, events ${events}, contacts ${contacts}, tasks ${tasks}; there before: ${known}; skipped: ${skipped.length}.\n`,
  );
  skipped.forEach(({ file, item, reason }) => {
    const what = item === '' ? file : `"${item}" of ${file}`;
    process.stdout.write(`  skipped ${what}: ${reason}\n`);
  });
}

/** The sandbox alone, and the settings with which other processes use it. */
async function serveSandbox(settings: Settings, files: Import): Promise<void> {
  opened.push(await lockFolder(join(settings.dataDir, 'sandbox')));
  const tls = await serverCertificate(join(settings.dataDir, 'certificate'), new Date());
  const sandbox = await loadSandbox(settings, files, null);
  const handler: Handler = (request, response) => {
    sandbox.handle(request, response);
  };
  const listener = await listen(settings.port, tls, handler, LOOPBACK);
  opened.push(() => listener.close());
  const defaults = { ...localDefaults(), TRUSTED_CA_FILE: tls.authorityFile };
  const lines = Object.entries(defaults).filter(([name]) => name !== 'LOG_LEVEL');
  process.stdout.write(lines.map(([name, value]) => `${name}=${value}\n`).join(''));
}

function announce(settings: Settings, sandbox: Sandbox | null, authorityFile: string): void {
  const address = sandbox === null ? settings.publicUrl : `${settings.publicUrl}/sandbox`;
  process.stdout.write(
    `\n  Assent is running: ${address}\n\n  Your browser will warn once about the certificate, which was made on this machine.\n  To trust it, add ${authorityFile} to your browser's authorities.\n`,
  );
}

function fail(error: unknown): void {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
  closeAll().catch((second: unknown) => {
    process.stderr.write(`${explainFailure(second)}\n`);
  });
}

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (!isStopping) {
      isStopping = true;
      closeAll().catch(fail);
    }
  });
}

run().catch(fail);
