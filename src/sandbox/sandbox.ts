/**
 * The sandbox: a local Microsoft 365 with Entra, Graph and the two hosts, for development, demos and tests.
 *
 * It shares no code with the product and knows it only by the address of its pages and the registration that
 * it was given.
 *
 * Errors  Throws where its folder cannot be written; requests are answered in Microsoft's own forms.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerControl } from './control/control.ts';
import { openDelivery } from './control/delivery.ts';
import { FaultScript } from './control/faults.ts';
import { observe } from './control/observe.ts';
import { RequestLog } from './control/requestLog.ts';
import { type EntraContext, registerAuthorize } from './entra/authorize.ts';
import { registerMetadata } from './entra/metadata.ts';
import type { Registration } from './entra/registration.ts';
import { registerToken } from './entra/token.ts';
import { TokenIssuer } from './entra/tokens.ts';
import { registerGraph } from './graph/graph.ts';
import { Mailboxes } from './graph/mailboxes.ts';
import { Subscriptions } from './graph/subscriptions.ts';
import { registerHosts } from './hosts/hosts.ts';
import { importFolder, type ImportReport } from './seed/importFolder.ts';
import type { Sizes } from './world/state.ts';
import { World } from './world/world.ts';

export interface SandboxSettings {
  /** Where Entra, Graph and the hosts answer: one origin. */
  readonly origin: string;
  readonly appUrl: string;
  readonly registration: Registration;
  /** Folder of its state, or `null` to keep it in memory. */
  readonly folder: string | null;
  /** Folder of the hosts' built browser scripts. */
  readonly assets: string;
  /** Where the example of a receiving product shows what it has; `null` where none runs. */
  readonly receiverUrl: string | null;
  readonly seed: Sizes & { readonly name: string };
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface Sandbox {
  /** Whether a path belongs to the sandbox. */
  handles(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Imports real files; `upn` names the person, by default the first member of the first organization. */
  importFolder(folder: string, upn?: string): Promise<{ readonly upn: string; readonly report: ImportReport }>;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const OURS =
  /^\/(?:sandbox(?:[/?]|$)|v1\.0\/|lib\/1\/hosted\/|[A-Za-z0-9.-]+\/(?:oauth2\/v2\.0|v2\.0|discovery\/v2\.0)\/)/;

export async function openSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const { origin, registration, now, wait, seed, folder } = settings;
  const world = new World(folder, { seed: seed.name, sizes: seed }, now);
  const faults = new FaultScript();
  const delivery = openDelivery(settings.appUrl, faults, wait);
  const subscriptions = new Subscriptions(world, delivery.post, now);
  const mailboxes = new Mailboxes(folder, world, (upn, change) => {
    void subscriptions.changed(upn, change);
  });
  const tokens = new TokenIssuer(world, registration, origin, now);
  const log = new RequestLog();
  // A slow answer takes real time: the clients under test time out by real timers.
  const stall = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const watch = { faults, log, now, stall };
  let resets = 0;
  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, routerOptions: { maxParamLength: 2_000 } });
  readForms(app);
  const entra: EntraContext = { world, registration, tokens, now };
  await app.register(async (scope) => {
    observe(scope, 'entra', watch);
    registerMetadata(scope, entra, origin);
    registerAuthorize(scope, entra);
    registerToken(scope, entra, origin);
  });
  await app.register(async (scope) => {
    observe(scope, 'graph', watch);
    const generation = () => `${world.seed} ${resets}`;
    registerGraph(scope, { world, mailboxes, subscriptions, origin, now, generation });
  });
  await app.register(async (scope) => {
    const reset = (name: string, sizes: Sizes) => {
      resets += 1;
      faults.clear();
      world.reset(name, sizes);
      mailboxes.reset();
    };
    registerControl(scope, { world, mailboxes, subscriptions, tokens, faults, log, now, reset });
    registerHosts(scope, { ...settings, world, mailboxes, tokens });
  });
  await app.ready();
  return {
    handles: (path) => OURS.test(path),
    handle: (request, response) => {
      app.routing(request, response);
    },
    importFolder: (files, upn) => importFor(world, mailboxes, files, upn, now()),
    close: async () => {
      await app.close();
      await delivery.close();
    },
  };
}

function readForms(app: FastifyInstance): void {
  const type = 'application/x-www-form-urlencoded';
  app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

async function importFor(
  world: World,
  mailboxes: Mailboxes,
  folder: string,
  upn: string | undefined,
  now: Date,
): Promise<{ upn: string; report: ImportReport }> {
  const account = upn === undefined ? world.tenants()[0]?.people[0] : world.findPerson(upn)?.person;
  if (account === undefined) {
    const known = world.tenants().flatMap((tenant) => tenant.people.map((person) => person.upn));
    throw new Error(`--import-as ${upn ?? ''}: the sandbox has nobody of that name. It has: ${known.join(', ')}`);
  }
  return { upn: account.upn, report: await importFolder(mailboxes.of(account.upn), folder, now) };
}
