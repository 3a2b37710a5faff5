/**
 * `GET /api/events`: what changed, as server-sent events over a bearer-authenticated `fetch`.
 *
 * Nothing is queued: an event carries the present state, and its id is a digest of that state, so that a
 * reader who comes back with the newest id gets nothing until something changes. The stream ends when its
 * token expires.
 *
 * Source  "Server-sent events", HTML Living Standard.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Principal } from '../../domain/people.ts';
import type { EventName } from '../../contract/api/events.ts';
import type { OrganizationDocument } from '../../contract/api/organization.ts';
import type { Sync } from '../../contract/api/sync.ts';
import type { Refused } from '../../domain/problems.ts';
import { presentOrganization } from '../present/organization.ts';
import { presentSync } from '../present/sync.ts';
import { callerOf } from '../authorize.ts';
import type { Services } from '../services.ts';

const KEEP_ALIVE_MILLISECONDS = 20_000;
const GRACE_MILLISECONDS = 5_000;
/** A first sync commits many pages a second; screens need no more than this. */
const SPACING_MILLISECONDS = 250;

export function registerEvents(app: FastifyInstance, services: Services): void {
  app.get('/api/events', { preHandler: services.allow.member }, async (request, reply) => {
    const { principal, expiresAt } = callerOf(request);
    reply.hijack();
    const lastId = request.headers['last-event-id'];
    const stream = new EventStream(services, principal, reply, typeof lastId === 'string' ? lastId : '');
    stream.open(expiresAt);
    return reply;
  });
}

class EventStream {
  readonly #services: Services;
  readonly #principal: Principal;
  readonly #reply: FastifyReply;
  #digests: { sync: string; organization: string };
  #pending: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #sentAt = 0;
  #isOpen = true;

  constructor(services: Services, principal: Principal, reply: FastifyReply, lastId: string) {
    this.#services = services;
    this.#principal = principal;
    this.#reply = reply;
    const [sync = '', organization = ''] = lastId.split('.');
    this.#digests = { sync, organization };
  }

  open(expiresAt: Date): void {
    const { raw } = this.#reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const { tenantId, memberId } = this.#principal;
    const stop = this.#services.changes.subscribe(tenantId, memberId, () => {
      this.#soon();
    });
    const keepAlive = setInterval(() => {
      if (!raw.writableNeedDrain) {
        raw.write(':\n\n');
      }
    }, KEEP_ALIVE_MILLISECONDS);
    const life = Math.min(Math.max(0, expiresAt.getTime() - this.#services.consent.now().getTime()), 2 ** 31 - 1);
    const close = () => {
      this.#isOpen = false;
      stop();
      clearInterval(keepAlive);
      clearTimeout(expiry);
      clearTimeout(this.#pending);
    };
    const expiry = setTimeout(() => {
      this.#write('expired', {});
      close();
      raw.end();
      // A reader that has stalled never closes by itself.
      setTimeout(() => raw.destroy(), GRACE_MILLISECONDS).unref();
    }, life);
    raw.once('close', close);
    raw.on('error', close);
    this.#soon();
  }

  #soon(): void {
    if (this.#pending === undefined && this.#isOpen && !this.#reply.raw.destroyed) {
      const wait = Math.max(0, this.#sentAt + SPACING_MILLISECONDS - Date.now());
      this.#pending = setTimeout(() => {
        this.#pending = undefined;
        this.#sentAt = Date.now();
        this.#sending = this.#sending.then(() => this.#send());
      }, wait);
    }
  }

  async #send(): Promise<void> {
    const { syncSources, organizationSources, contentVersion } = this.#services;
    if (this.#reply.raw.writableNeedDrain) {
      // A slow reader gets the newest state when it has caught up, not every state on the way.
      this.#reply.raw.once('drain', () => {
        this.#soon();
      });
      return;
    }
    try {
      const version = await contentVersion(this.#principal.tenantId);
      this.#writeIfNew('sync', await presentSync(syncSources, this.#principal), version);
      this.#writeIfNew('organization', await presentOrganization(organizationSources, this.#principal));
    } catch (error) {
      this.#reply.log.error({ err: error }, 'an event could not be made');
      this.#reply.raw.end();
    }
  }

  /**
   * A refusal is no state. On `sync`, screens read what is stored again; the state itself only says how far it has come, and
   * `version` says that what is stored has changed.
   */
  #writeIfNew(name: 'sync' | 'organization', state: Sync | OrganizationDocument | Refused, version = 0): void {
    const digest = digestOf(`${name} ${version}`, state);
    if (!('kind' in state) && digest !== this.#digests[name]) {
      this.#digests[name] = digest;
      this.#write(name, state);
    }
  }

  #write(name: EventName, data: object): void {
    if (this.#isOpen) {
      const id = `${this.#digests.sync}.${this.#digests.organization}`;
      this.#reply.raw.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  }
}

/** Rates and remaining times change with the clock; they alone are no news. */
function digestOf(name: string, state: object): string {
  const text = JSON.stringify(state, (key, value: unknown) =>
    key === 'rate' || key === 'secondsLeft' ? undefined : value,
  );
  return createHash('sha256').update(`${name} ${text}`).digest('base64url').slice(0, 16);
}
