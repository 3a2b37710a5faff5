/**
 * A receiver of webhooks: some it takes, some it refuses, of some the answer is lost; whoever sends them dies now and then.
 * It drops what is older than what it has of an item, and knows in the end which items there are.
 */
import { ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { openEndpointStore } from '../../src/db/delivery/endpointStore.ts';
import { openWebhookQueue } from '../../src/db/delivery/webhookQueue.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { bodyOf, planBatch } from '../../src/delivery/planBatch.ts';
import type { ClaimedBatch, EndpointStore, WebhookQueue } from '../../src/delivery/webhookPorts.ts';
import { CHANGE_TYPES, type ChangeType } from '../../src/domain/feed.ts';
import { HEALTHY, type Outcome } from '../../src/domain/webhookLife.ts';
import type { Chance } from './random.ts';

const ENDPOINT = 'whk_simulated';
const YEAR_MILLISECONDS = 365 * 86_400_000;

const Change = z.object({
  sequence: z.number(),
  type: z.enum(['item.upserted', 'item.removed']),
  memberId: z.string(),
  category: z.string(),
  itemId: z.string(),
});
const ABOUT_ITEMS = ['item.upserted', 'item.removed', 'category.erased'] as const;
const isOther = (type: ChangeType): type is Exclude<ChangeType, (typeof ABOUT_ITEMS)[number]> =>
  !ABOUT_ITEMS.some((each) => each === type);
const Hook = z.discriminatedUnion('type', [
  z.object({ type: z.literal('items.changed'), data: z.object({ changes: z.array(Change) }) }),
  z.object({
    type: z.literal('category.erased'),
    data: z.object({ memberId: z.string(), category: z.string(), upTo: z.number() }),
  }),
  // What happens to organizations and connections is of no item.
  z.object({
    type: z.enum(CHANGE_TYPES.filter(isOther)),
    data: z.object({ sequence: z.number() }),
  }),
]);

type Fate = 'taken' | 'refused' | 'answerLost' | 'senderDies';

interface Known {
  readonly sequence: number;
  readonly isThere: boolean;
}

export class WebhookReceiver {
  readonly #database: Database;
  readonly #endpoints: EndpointStore;
  readonly #queue: WebhookQueue;
  readonly #now: () => Date;
  readonly #known = new Map<string, Known>();
  /** Of each id the text that came first. */
  readonly #texts = new Map<string, string>();
  #isOpen = false;

  constructor(database: Database, keyring: Keyring, now: () => Date, random: () => number) {
    this.#database = database;
    this.#endpoints = openEndpointStore(database, keyring);
    const parts = { keyring, generation: 'of the simulation', plan: planBatch, write: bodyOf, random };
    this.#queue = openWebhookQueue(database, parts);
    this.#now = now;
  }

  /** Before anything is published, so that it is told everything. */
  async open(): Promise<void> {
    if (this.#isOpen) {
      return;
    }
    this.#isOpen = true;
    await this.#endpoints.add({
      id: ENDPOINT,
      url: 'https://hooks.example.com/',
      events: null,
      organizationIds: null,
      payload: 'changes',
      linger: 250,
      maxInFlight: 10,
      headers: {},
      secrets: [],
      health: HEALTHY,
      createdAt: this.#now(),
    });
  }

  /** A process looks once whether there is something to send. */
  async receive(chance: Chance): Promise<string> {
    const fate = chance.weighted<Fate>([
      [6, 'taken'],
      [2, 'refused'],
      [1, 'answerLost'],
      [1, 'senderDies'],
    ]);
    const sent = await this.#send(fate, this.#now());
    return `${sent} webhooks are sent: ${fate}`;
  }

  /** Everything that is left is sent, and what it knows then is what there is. */
  async finish(): Promise<ReadonlySet<string>> {
    const now = new Date(this.#now().getTime() + YEAR_MILLISECONDS);
    await this.#endpoints.resume(ENDPOINT, () => true, now);
    for (let quiet = 0, turn = 1; quiet < 2; turn += 1) {
      // Where it was off, it is sent so many a second.
      const sent = await this.#send('taken', new Date(now.getTime() + turn * 1_000));
      quiet = sent === 0 ? quiet + 1 : 0;
    }
    return new Set([...this.#known].filter(([, { isThere }]) => isThere).map(([name]) => name));
  }

  async #send(fate: Fate, now: Date): Promise<number> {
    // The leases of those who died are over.
    const over = sql`now() - interval '1 second'`;
    await sql`update webhook_lanes set lease_until = ${over} where lease_owner is not null`.execute(
      this.#database.kysely,
    );
    const owner = randomUUID();
    const { batches } = await this.#queue.claim(owner, now, 10);
    if (fate !== 'refused') {
      batches.forEach((batch) => {
        this.#take(batch);
      });
    }
    if (fate !== 'senderDies') {
      const outcome: Outcome = fate === 'taken' ? { kind: 'delivered' } : { kind: 'failed' };
      const attempt = { at: now, status: null, milliseconds: 0, error: null, excerpt: null };
      await this.#queue.finish(
        owner,
        batches.map((claimed) => ({ claimed, outcome, attempt })),
        now,
      );
    }
    return batches.length;
  }

  #take({ body, messageId }: ClaimedBatch): void {
    const hook = Hook.parse(JSON.parse(body));
    const before = this.#texts.get(messageId);
    this.#texts.set(messageId, before ?? body);
    if (hook.type === 'items.changed') {
      // What was erased meanwhile is missing, and nothing else is different.
      const isSame = before === undefined || hook.data.changes.every((each) => before.includes(JSON.stringify(each)));
      ok(isSame, `${messageId} tells something else than before`);
      hook.data.changes.forEach(({ sequence, type, memberId, category, itemId }) => {
        this.#learn(`${memberId} ${category} ${itemId}`, { sequence, isThere: type === 'item.upserted' });
      });
    } else if (hook.type === 'category.erased') {
      const { memberId, category, upTo } = hook.data;
      const names = [...this.#known.keys()].filter((name) => name.startsWith(`${memberId} ${category} `));
      names.forEach((name) => {
        this.#learn(name, { sequence: upTo, isThere: false });
      });
    }
  }

  #learn(name: string, known: Known): void {
    if (known.sequence >= (this.#known.get(name)?.sequence ?? 0)) {
      this.#known.set(name, known);
    }
  }
}
