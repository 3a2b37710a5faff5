/**
 * A whole world in one process: the sandbox's Microsoft, the product, a listener on a free port.
 *
 * `settle` waits until nothing is left to do, so that no test sleeps.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { Agent, fetch, type Response } from 'undici';
import { applicationIdUriOf } from '../../src/server/composition/addresses.ts';
import { openProduct, type Product } from '../../src/server/composition/openProduct.ts';
import { serverCertificate } from '../../src/server/certificate.ts';
import { listen } from '../../src/server/listener.ts';
import { openLog } from '../../src/server/log.ts';
import { readSettings } from '../../src/server/settings.ts';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { copyTemplate } from './databaseTemplate.ts';
import { migratedPostgres, newPostgres, QUICKEST_ENGINE } from './databases.ts';
import { startWorldClock } from './worldClock.ts';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const CLIENT_ID = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';
const CLIENT_SECRET = 'a-secret-of-the-tests';
const SERVICE = {
  clientId: '1c2d3e4f-5061-4728-93a4-b5c6d7e8f90a',
  clientSecret: 'another-secret-of-the-tests',
  displayName: 'Assent service',
};

/** Everyone who appears in tests, as the sandbox's seed has them. */
export const PEOPLE = {
  mara: 'mara.ellis@harborreed.example',
  owen: 'owen.park@harborreed.example',
  ines: 'ines.duarte@harborreed.example',
  tom: 'tom.whitaker@harborreed.example',
  guest: 'priya.nair_lindqvist.example#EXT#@harborreed.example',
  felix: 'felix.brandt@harborreed.example',
  lena: 'lena.vogt@harborreed.example',
  hugo: 'hugo.marsh@harborreed.example',
  priya: 'priya.nair@lindqvist.example',
  astrid: 'astrid.lindqvist@lindqvist.example',
  ruth: 'ruth.okafor@okafor.example',
  daniel: 'daniel.cho@okafor.example',
  sam: 'sam.osei@lindqvist.example',
  ian: 'ian.moss@fortwren.example',
} as const;

export const HARBOR_REED = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
export const LINDQVIST = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002';

/** Microsoft's names under which end-to-end tests reach the same listener. */
export const MICROSOFT_NAMES = ['teams.microsoft.com', 'outlook.office.com', 'appsforoffice.microsoft.com'];

export interface WorldOptions {
  readonly messages?: number;
  readonly events?: number;
  readonly contacts?: number;
  /** The quickest where nothing is said; data of an earlier run are of PGlite. */
  readonly engine?: 'pglite' | 'postgres';
  /** office.js from Microsoft's address, as in production. */
  readonly officeFromMicrosoft?: boolean;
  readonly startWorker?: boolean;
  readonly maxRequestsPerMinute?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** PEM, with which the application may prove itself to Entra. */
  readonly certificates?: readonly string[];
  /** The cloud that is played, and that the installation serves. */
  readonly cloud?: 'public' | 'usGovernment';
  /** Puts the data of an earlier run into the folder, before anything is opened; knows the origin. */
  readonly data?: (folder: string, origin: string) => Promise<void>;
  /** Pages of the test's own, by path; made when they are asked for. */
  readonly pages?: Readonly<Record<string, (origin: string) => string>>;
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Response['headers'];
  readonly body: T;
  readonly text: string;
}

export interface World {
  readonly origin: string;
  readonly port: number;
  readonly product: Product;
  readonly sandbox: Sandbox;
  /** The settings of the product, for further processes of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Calls the API as a person; the token is what a host would hand over. */
  as(upn: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Any request, redirects not followed. */
  request(path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  token(upn: string, more?: object): Promise<string>;
  /** Runs the worker until no mailbox is due, no consent waits and nothing is being erased. */
  settle(): Promise<void>;
  /** Has every mailbox read again, whatever it waits for, and settles. */
  nextRound(): Promise<void>;
  /** Moves the clock of the product and of Microsoft. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-world-'));
  const engine = options.engine ?? (options.data === undefined ? QUICKEST_ENGINE : 'pglite');
  const clock = startWorldClock();
  const names = ['localhost', '127.0.0.1', 'graph.microsoft.com', ...MICROSOFT_NAMES];
  const tls = await serverCertificate(join(folder, 'certificate'), new Date(), names);
  let sandbox: Sandbox | undefined;
  let product: Product | undefined;
  let origin = '';
  const listener = await listen(0, tls, (request, response) => {
    const own = options.pages?.[new URL(request.url ?? '/', 'https://localhost').pathname];
    if (own !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(own(origin));
    } else if (sandbox?.handles(request.url ?? '') === true) {
      sandbox.handle(request, response);
    } else {
      product?.application.routing(request, response);
    }
  });
  origin = `https://localhost:${listener.port}`;
  if (options.data !== undefined) {
    await options.data(folder, origin);
  } else if (engine === 'pglite') {
    await copyTemplate(join(folder, 'database'), 'schema');
  }
  sandbox = await openSandbox({
    origin,
    appUrl: origin,
    registration: {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      certificates: options.certificates ?? [],
      cloud: options.cloud ?? 'public',
      displayName: 'Assent',
      applicationIdUri: applicationIdUriOf(origin, CLIENT_ID),
      webRedirectUris: ['consent', 'connect', 'sign-in'].map((step) => `${origin}/${step}/return`),
      spaRedirectUris: [`${origin}/sandbox/hosts/signed-in`, `${origin}/test/redirect`],
      service: SERVICE,
    },
    folder: options.data === undefined ? null : join(folder, 'sandbox'),
    receiverUrl: null,
    assets: join(ROOT, 'dist', 'sandbox'),
    seed: {
      name: 'tests',
      messages: options.messages ?? 40,
      events: options.events ?? 20,
      contacts: options.contacts ?? 6,
    },
    now: clock.now,
    wait: clock.wait,
  });
  const env = {
    PUBLIC_URL: origin,
    PORT: String(listener.port),
    DATA_DIR: folder,
    KEYS_DIR: `${folder}-keys`,
    ENTRA_CLIENT_ID: CLIENT_ID,
    ...(options.env?.['ENTRA_CLIENT_CERTIFICATE'] === undefined ? { ENTRA_CLIENT_SECRET: CLIENT_SECRET } : {}),
    ENTRA_SERVICE_CLIENT_ID: SERVICE.clientId,
    ENTRA_SERVICE_CLIENT_SECRET: SERVICE.clientSecret,
    ENTRA_AUTHORITY: origin,
    GRAPH_URL: origin,
    CLOUD: options.cloud === 'usGovernment' ? 'usgov' : 'global',
    TRUSTED_CA_FILE: tls.authorityFile,
    OPERATOR_NAME: 'Northgate CRM',
    OPERATOR_LOGO_FILE: join(ROOT, 'assets', 'northgate.svg'),
    OPERATOR_PRIVACY_URL: `${origin}/sandbox/northgate`,
    LOG_LEVEL: 'silent',
    ...(options.officeFromMicrosoft === true ? {} : { OFFICE_JS_URL: `${origin}/sandbox/hosts/office/office.js` }),
    ...(await databaseSettings(engine)),
    ...options.env,
  };
  const settings = readSettings(env);
  product = await openProduct(settings, {
    root: ROOT,
    log: openLog(settings.logLevel),
    migrates: true,
    clock,
    maxRequestsPerMinute: options.maxRequestsPerMinute ?? 100_000,
  });
  if (options.startWorker !== false) {
    await product.worker.start();
  }
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  const opened = { product, sandbox };
  const world: World = {
    ...opened,
    env,
    origin,
    port: listener.port,
    request: (path, init = {}) => call(agent, origin, path, init),
    control: (method, path, body) => call(agent, origin, `/sandbox/control${path}`, withJson(method, body)),
    token: (upn, more = {}) => tokenFor(agent, origin, upn, more),
    as: async (upn, method, path, body, headers = {}) => {
      const { headers: json, ...init } = withJson(method, body);
      const authorization = `Bearer ${await tokenFor(agent, origin, upn, {})}`;
      return call(agent, origin, path, { ...init, headers: { ...json, authorization, ...headers } });
    },
    settle: () => settle(opened.product, clock.now),
    nextRound: async () => {
      await makeDue(opened.product, clock.now());
      await settle(opened.product, clock.now);
    },
    advance: clock.advance,
    close: async () => {
      await agent.close();
      await opened.product.close();
      await opened.sandbox.close();
      await listener.close();
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}-keys`, { recursive: true, force: true });
    },
  };
  return world;
}

async function databaseSettings(engine: 'pglite' | 'postgres'): Promise<Record<string, string>> {
  if (engine === 'pglite') {
    return {};
  }
  return {
    DATABASE_URL: await migratedPostgres(),
    KEYS_DATABASE_URL: await newPostgres(),
    MASTER_KEYS: Buffer.from('a master key of thirty-two bytes').toString('base64'),
  };
}

async function call(
  agent: Agent,
  origin: string,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const response = await fetch(new URL(path, origin), { ...init, dispatcher: agent, redirect: 'manual' });
  const text = await response.text();
  const isJson = /^application\/(?:problem\+)?json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}

function withJson(method: string, body: unknown): { method: string; headers: Record<string, string>; body?: string } {
  return body === undefined
    ? { method, headers: {} }
    : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function tokenFor(agent: Agent, origin: string, upn: string, more: object): Promise<string> {
  const answer = await call(agent, origin, '/sandbox/control/token', withJson('POST', { as: upn, ...more }));
  if (answer.status !== 200) {
    throw new Error(`The sandbox gave no token for ${upn}: ${answer.text}`);
  }
  return readField(answer.body, 'token');
}

export function readField(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== 'string') {
    throw new Error(`The answer has no text "${name}": ${JSON.stringify(body)}`);
  }
  return value;
}

const TIMEOUT_MILLISECONDS = 45_000;

async function makeDue({ database }: Product, now: Date): Promise<void> {
  await sql`update streams set due_at = ${now}`.execute(database.kysely);
  await sql`update mailboxes set due_at = ${now}, quiet_until = null`.execute(database.kysely);
}

/** A mailbox that was looked at without anything new is due again only with the next timed round. */
async function settle({ worker, database, whenIdle }: Product, now: () => Date): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MILLISECONDS;
  let quietLooks = 0;
  while (quietLooks < 2) {
    worker.wake();
    worker.watch();
    await new Promise((resolve) => setTimeout(resolve, 40));
    await whenIdle();
    const busy = await whatIsBusy(database, now());
    if (busy.length > 0 && Date.now() > deadline) {
      throw new Error(`The world does not come to rest: ${JSON.stringify(busy)}`);
    }
    quietLooks = busy.length === 0 ? quietLooks + 1 : 0;
  }
}

/** What holds the world up, each as a row that says why. */
async function whatIsBusy({ kysely }: Product['database'], now: Date): Promise<readonly unknown[]> {
  const { rows } = await sql<{ busy: unknown }>`
    select to_jsonb(mailboxes) as busy from mailboxes
      where lease_owner is not null or (due_at <= ${now} and (quiet_until is null or quiet_until <= ${now}))
    union all select jsonb_build_object('consent', consent_hash, 'step', step, 'attempts', attempts) from consents
      where step = 'proving' and attempts < 4
    union all select to_jsonb(erasures) from erasures where state = 'erasing'
    union all select to_jsonb(reviews) from reviews where ended_at is null and (retry_at is null or retry_at <= ${now})
  `.execute(kysely);
  return rows.map(({ busy }) => busy);
}
