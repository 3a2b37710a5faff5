/** The sandbox's Graph in this process, without a network: its own routes, permissions, throttling and fault script. */
import Fastify, { type FastifyInstance } from 'fastify';
import { Response } from 'undici';
import type { MicrosoftHttp } from '../../src/microsoft/http.ts';
import { MicrosoftUnreachableError } from '../../src/microsoft/http.ts';
import { FaultScript } from '../../src/sandbox/control/faults.ts';
import { observe } from '../../src/sandbox/control/observe.ts';
import { RequestLog } from '../../src/sandbox/control/requestLog.ts';
import { TokenIssuer } from '../../src/sandbox/entra/tokens.ts';
import { registerGraph } from '../../src/sandbox/graph/graph.ts';
import type { Mailbox } from '../../src/sandbox/graph/mailbox.ts';
import { Mailboxes } from '../../src/sandbox/graph/mailboxes.ts';
import { Subscriptions } from '../../src/sandbox/graph/subscriptions.ts';
import { World } from '../../src/sandbox/world/world.ts';
import { CAREERS, MARA, SCOPES } from './initialState.ts';

export const ORIGIN = 'https://graph.test';

const SIZES = { messages: 6, events: 4, contacts: 3 };

export interface SimulatedPerson {
  readonly tenantId: string;
  readonly memberId: string;
  readonly upn: string;
}

export class SimulatedMicrosoft {
  readonly faults = new FaultScript();
  readonly log = new RequestLog();
  readonly http: MicrosoftHttp;
  readonly #app: FastifyInstance;
  readonly #world: World;
  readonly #mailboxes: Mailboxes;
  readonly subscriptions: Subscriptions;
  /** Notifications on their way, in any order. */
  readonly posted: object[] = [];
  readonly #tokens: TokenIssuer;
  #generation = 0;

  private constructor(app: FastifyInstance, seed: string, now: () => Date) {
    this.#app = app;
    this.#world = new World(null, { seed, sizes: SIZES }, now);
    this.subscriptions = new Subscriptions(this.#world, (url, body) => this.#post(url, body), now);
    this.#mailboxes = new Mailboxes(null, this.#world, (upn, change) => {
      void this.subscriptions.changed(upn, change);
    });
    this.#tokens = new TokenIssuer(this.#world, REGISTRATION, ORIGIN, now);
    this.http = { fetch: (url, init) => this.#fetch(url, init), close: () => Promise.resolve() };
  }

  static async open(seed: string, now: () => Date, stall: (milliseconds: number) => Promise<void>) {
    const app = Fastify({ routerOptions: { maxParamLength: 2_000 } });
    const microsoft = new SimulatedMicrosoft(app, seed, now);
    observe(app, 'graph', { faults: microsoft.faults, log: microsoft.log, now, stall });
    registerGraph(app, {
      world: microsoft.#world,
      mailboxes: microsoft.#mailboxes,
      subscriptions: microsoft.subscriptions,
      origin: ORIGIN,
      now,
      generation: () => `${seed} ${microsoft.#generation}`,
    });
    await app.ready();
    return microsoft;
  }

  mailbox(upn: string): Mailbox {
    return this.#mailboxes.of(upn);
  }

  /** Opens the shared mailbox to the person, or closes it. */
  share(isOpen: boolean): void {
    this.#world.shareMailbox(CAREERS.memberId, isOpen ? [MARA.memberId] : []);
  }

  /** A token for Graph, as Entra would give it now. */
  token({ tenantId, memberId }: SimulatedPerson): string {
    const account = this.#world.findByOid(tenantId, memberId);
    if (account === undefined) {
      throw new Error('The sandbox does not have this person');
    }
    this.#world.grant(tenantId, { oid: memberId }, SCOPES);
    return this.#tokens.sign(this.#tokens.graphToken(account.tenant, account.person));
  }

  /** Every cursor that was handed out is lost. */
  forgetCursors(): void {
    this.#generation += 1;
  }

  close(): Promise<void> {
    return this.#app.close();
  }

  /** The handshake is answered at once; a notification waits until someone takes it. */
  #post(url: string, body: object | null): Promise<{ status: number; text: string }> {
    if (body !== null) {
      this.posted.push(body);
      return Promise.resolve({ status: 202, text: '' });
    }
    return Promise.resolve({ status: 200, text: new URL(url).searchParams.get('validationToken') ?? '' });
  }

  async #fetch(url: string, init: Parameters<MicrosoftHttp['fetch']>[1]): Promise<Response> {
    const { pathname, search } = new URL(url);
    try {
      const { statusCode, headers, payload } = await this.#app.inject({
        method: methodOf(init.method),
        url: `${pathname}${search}`,
        ...(typeof init.body === 'string' ? { payload: init.body } : {}),
        headers: Object.fromEntries(new Headers(Object(init.headers)).entries()),
      });
      if (payload.length < Number(headers['content-length'] ?? payload.length)) {
        throw new Error('The answer broke off');
      }
      const shown = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      return new Response(statusCode === 204 ? null : payload, { status: statusCode, headers: shown });
    } catch (cause) {
      throw new MicrosoftUnreachableError('Microsoft gave no answer', { cause });
    }
  }
}

function methodOf(text: string | undefined): 'GET' | 'POST' | 'PATCH' | 'DELETE' {
  const methods = ['POST', 'PATCH', 'DELETE'] as const;
  return methods.find((method) => method === text) ?? 'GET';
}

const REGISTRATION = {
  clientId: '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9',
  clientSecret: 'unused',
  displayName: 'Assent',
  applicationIdUri: 'api://graph.test',
  webRedirectUris: [],
  spaRedirectUris: [],
  service: { clientId: '1c2d3e4f-5061-4728-93a4-b5c6d7e8f90a', clientSecret: 'unused', displayName: 'Assent service' },
};
