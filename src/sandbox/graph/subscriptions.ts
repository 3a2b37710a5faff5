/**
 * Subscriptions to change notifications, and the notifications.
 *
 * Source  "subscription resource type", "Create subscription", "Change notifications delivery by webhooks", "Lifecycle
 *         notifications" (learn.microsoft.com/graph); the lives of the table in "subscription resource type".
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StoredSubscription } from '../world/state.ts';
import type { World } from '../world/world.ts';
import type { Caller } from './access.ts';
import { ALLOWED, requireMailboxAccess } from './access.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';

/** Posts to the application and answers what it answered. */
export type Post = (url: string, body: object | null) => Promise<{ readonly status: number; readonly text: string }>;

/** What happened in a mailbox or drive. */
export interface MailboxChange {
  readonly kind: 'messages' | 'events' | 'contacts' | 'tasks' | 'driveItems';
  /** The mail folder or task list in question. */
  readonly container: string;
  readonly id: string;
  readonly changeType: 'created' | 'updated' | 'deleted';
}

export const LIFECYCLE_EVENTS = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

const MINUTE = 60_000;
const SHORTEST_LIFE = 45 * MINUTE;
const MAX_CLIENT_STATE_LENGTH = 128;

interface Kind {
  readonly pattern: RegExp;
  readonly kind: MailboxChange['kind'];
  readonly longestLife: number;
  readonly needs: string;
}

const KINDS: readonly Kind[] = [
  { pattern: /^messages$/, kind: 'messages', longestLife: 10_080 * MINUTE, needs: 'mail' },
  { pattern: /^mailFolders\('?[^')/]+'?\)\/messages$/, kind: 'messages', longestLife: 10_080 * MINUTE, needs: 'mail' },
  { pattern: /^events$/, kind: 'events', longestLife: 10_080 * MINUTE, needs: 'calendarDelta' },
  { pattern: /^contacts$/, kind: 'contacts', longestLife: 10_080 * MINUTE, needs: 'contacts' },
  { pattern: /^todo\/lists\/[^/]+\/tasks$/, kind: 'tasks', longestLife: 4_230 * MINUTE, needs: 'taskWebhooks' },
  { pattern: /^drive\/root$/, kind: 'driveItems', longestLife: 42_300 * MINUTE, needs: 'driveWebhooks' },
];

const CreateBody = z.object({
  changeType: z.string().regex(/^(created|updated|deleted)(,(created|updated|deleted))*$/),
  notificationUrl: z.url(),
  lifecycleNotificationUrl: z.url().optional(),
  resource: z.string(),
  expirationDateTime: z.iso.datetime({ offset: true }),
  clientState: z.string().max(MAX_CLIENT_STATE_LENGTH).optional(),
});

export class Subscriptions {
  readonly #world: World;
  readonly #post: Post;
  readonly #now: () => Date;

  constructor(world: World, post: Post, now: () => Date) {
    this.#world = world;
    this.#post = post;
    this.#now = now;
  }

  /** Makes a subscription, after the application has answered for each of its addresses. */
  async create(caller: Caller, isApplication: boolean, input: unknown): Promise<StoredSubscription> {
    const parsed = CreateBody.safeParse(input);
    const named = parsed.success ? resourceOf(parsed.data.resource, caller) : null;
    if (!parsed.success || named === null) {
      throw new GraphError(GRAPH_REFUSALS.badRequest);
    }
    if (ALLOWED[named.kind.needs]?.some((scope) => caller.scopes.includes(scope)) !== true) {
      throw new GraphError(GRAPH_REFUSALS.accessDenied);
    }
    if (named.kind.kind !== 'driveItems') {
      requireMailboxAccess(caller);
    }
    const { data } = parsed;
    const owner = isApplication ? 'application' : caller.person.oid;
    const expiresAt = this.#life(data.expirationDateTime, named.kind);
    const twin = this.listOf(caller.tenant.id, owner).find(
      (each) => each.resource === named.resource && each.changeType === data.changeType,
    );
    if (twin !== undefined) {
      throw new GraphError({
        ...GRAPH_REFUSALS.subscriptionExists,
        message: `Subscription Id ${twin.id} already exists for the requested combination`,
      });
    }
    const urls = [data.notificationUrl, data.lifecycleNotificationUrl].flatMap((url) => url ?? []);
    for (const url of urls) {
      await this.#handshake(url);
    }
    const subscription: StoredSubscription = {
      id: randomUUID(),
      tenantId: caller.tenant.id,
      owner,
      upn: caller.person.upn,
      kind: named.kind.kind,
      resource: named.resource,
      container: named.container,
      changeType: data.changeType,
      notificationUrl: data.notificationUrl,
      lifecycleNotificationUrl: data.lifecycleNotificationUrl ?? null,
      clientState: data.clientState ?? null,
      expiresAt,
    };
    this.#world.setSubscriptions([...this.#live(), subscription]);
    return subscription;
  }

  renew(tenantId: string, owner: string, id: string, until: string): StoredSubscription {
    const subscription = this.find(tenantId, owner, id);
    const kind = KINDS.find((each) => each.kind === subscription.kind);
    const expiresAt = kind === undefined ? subscription.expiresAt : this.#life(until, kind);
    const renewed = { ...subscription, expiresAt };
    this.#world.setSubscriptions(this.#live().map((each) => (each.id === id ? renewed : each)));
    return renewed;
  }

  find(tenantId: string, owner: string, id: string): StoredSubscription {
    const found = this.listOf(tenantId, owner).find((each) => each.id === id);
    if (found === undefined) {
      throw new GraphError(GRAPH_REFUSALS.resourceNotFound);
    }
    return found;
  }

  listOf(tenantId: string, owner: string): readonly StoredSubscription[] {
    return this.#live().filter((each) => each.tenantId === tenantId && each.owner === owner);
  }

  /** Every subscription to a person's mailbox, whoever made it. */
  of(upn: string): readonly StoredSubscription[] {
    return this.#live().filter((each) => each.upn.toLowerCase() === upn.toLowerCase());
  }

  remove(id: string): void {
    this.#world.setSubscriptions(this.#live().filter((each) => each.id !== id));
  }

  /** Tells everyone who wants to know; an application that does not answer is told again a little later. */
  async changed(upn: string, { kind, container, id, changeType }: MailboxChange): Promise<void> {
    const wanting = this.of(upn).filter(
      (each) =>
        each.kind === kind &&
        each.changeType.includes(changeType) &&
        (each.container === null || each.container === container),
    );
    for (const subscription of wanting) {
      await this.#tell(subscription.notificationUrl, {
        ...commonOf(subscription),
        changeType,
        resource: `${subscription.resource}/${id}`,
        resourceData: { '@odata.type': '#Microsoft.Graph.Entity', '@odata.id': `${subscription.resource}/${id}`, id },
      });
    }
  }

  async lifecycle(subscription: StoredSubscription, lifecycleEvent: LifecycleEvent): Promise<void> {
    if (lifecycleEvent === 'subscriptionRemoved') {
      this.remove(subscription.id);
    }
    const { lifecycleNotificationUrl: url, resource } = subscription;
    await (url === null ? undefined : this.#tell(url, { ...commonOf(subscription), lifecycleEvent, resource }));
  }

  async #tell(url: string, notification: object): Promise<void> {
    await this.#post(url, { value: [notification] });
  }

  async #handshake(url: string): Promise<void> {
    const token = `Validation: ${randomUUID()} + é`;
    const answer = await this.#post(`${url}?validationToken=${encodeURIComponent(token)}`, null);
    if (answer.status !== 200 || answer.text !== token) {
      throw new GraphError(GRAPH_REFUSALS.validationFailed);
    }
  }

  #life(until: string, kind: Kind): string {
    const now = this.#now().getTime();
    const asked = Date.parse(until);
    if (asked <= now || asked > now + kind.longestLife) {
      throw new GraphError(GRAPH_REFUSALS.badRequest);
    }
    const longest = this.#world.subscriptionLife ?? kind.longestLife;
    return new Date(Math.min(Math.max(asked, now + SHORTEST_LIFE), now + longest)).toISOString();
  }

  #live(): readonly StoredSubscription[] {
    const now = this.#now().getTime();
    return this.#world.subscriptions.filter(({ expiresAt }) => Date.parse(expiresAt) > now);
  }
}

function commonOf({ id, tenantId, clientState, expiresAt }: StoredSubscription): object {
  return { subscriptionId: id, subscriptionExpirationDateTime: expiresAt, clientState, tenantId };
}

/** A resource as it is asked for, as it is written down, and what kind it is. */
function resourceOf(
  text: string,
  { person }: Caller,
): { readonly resource: string; readonly container: string | null; readonly kind: Kind } | null {
  const match = /^\/?(?:me|users\/([^/]+))\/(.+)$/i.exec(text);
  const [, user, rest = ''] = match ?? [];
  const kind = KINDS.find(({ pattern }) => pattern.test(rest));
  if (match === null || kind === undefined || (user !== undefined && ![person.oid, person.upn].includes(user))) {
    return null;
  }
  const container = /^(?:mailFolders\('?|todo\/lists\/)([^')/]+)/.exec(rest)?.[1] ?? null;
  return { resource: `users/${person.oid}/${rest}`, container, kind };
}

/** As Graph shows a subscription; the secret only to whoever makes it. */
export function presentSubscription(subscription: StoredSubscription): object {
  const { id, resource, changeType, notificationUrl, lifecycleNotificationUrl, expiresAt } = subscription;
  return {
    id,
    resource,
    changeType,
    clientState: null,
    notificationUrl,
    lifecycleNotificationUrl,
    expirationDateTime: expiresAt,
    latestSupportedTlsVersion: 'v1_2',
  };
}
