/**
 * The operator's product: it follows the feed with what it tells of items, dies before it has stored a page now and then,
 * and has in the end what is stored.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { openFeedStore } from '../../src/db/delivery/feedStore.ts';
import { openItemStore } from '../../src/db/delivery/itemStore.ts';
import { publish, publishAll } from '../../src/db/delivery/publisher.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import type { DeliveredItem, FeedPorts } from '../../src/delivery/ports.ts';
import { readChanges, type ToldChange } from '../../src/delivery/readChanges.ts';
import type { MemberName } from '../../src/domain/records.ts';
import type { Chance } from './random.ts';
import { WebhookReceiver } from './webhookReceiver.ts';

const MAX_CHANGES_PER_READ = 1_000;

export class Consumer {
  readonly #database: Database;
  readonly #ports: FeedPorts;
  readonly #hooks: WebhookReceiver;
  readonly #copies = new Map<string, string>();
  #cursor: string | null = null;

  constructor(database: Database, keyring: Keyring, now: () => Date, random: () => number) {
    this.#database = database;
    this.#hooks = new WebhookReceiver(database, keyring, now, random);
    this.#ports = {
      feed: openFeedStore(database),
      items: openItemStore(database, keyring),
      cursors: { generation: 'of the simulation', secret: Buffer.alloc(32, 1) },
      newsCount: () => 0,
      untilNews: () => Promise.resolve(),
      isStopping: () => false,
      now,
    };
  }

  /** Answers what happened, as `consume` does. */
  async publish(): Promise<string> {
    await this.#hooks.open();
    await publish(this.#database, this.#ports.now());
    return 'what was committed is published';
  }

  async consume(chance: Chance): Promise<string> {
    const [limit, dies] = [chance.pick([1, 3, 40]), chance.below(5) === 0];
    await this.#read(limit, dies);
    return `the operator reads ${limit} changes${dies ? ', and dies' : ''}`;
  }

  receive(chance: Chance): Promise<string> {
    return this.#hooks.receive(chance);
  }

  /** Reads a page of at most so many changes; one that dies behind it has stored nothing of it. Answers whether there is more. */
  async #read(limit: number, dies = false): Promise<boolean> {
    const page = await readChanges(this.#ports, {
      scope: { kind: 'all', organizationIds: null },
      filter: { types: null, category: null, memberId: null },
      cursor: this.#cursor,
      limit,
      waitMilliseconds: 0,
      withItems: true,
    });
    if (page.kind === 'problem') {
      throw new Error(`The feed refuses: ${page.code}`);
    }
    if (!dies) {
      page.changes.forEach((change) => {
        this.#apply(change);
      });
      this.#cursor = page.next;
    }
    return page.isMore;
  }

  #apply({ type, memberId, category, itemId, item }: ToldChange): void {
    const owner = `${memberId} ${category} `;
    if (type === 'item.upserted' && item !== null && item !== undefined) {
      this.#copies.set(`${owner}${itemId}`, textOf(item));
    } else if (type === 'item.upserted' || type === 'item.removed') {
      this.#copies.delete(`${owner}${itemId}`);
    } else if (type === 'category.erased') {
      [...this.#copies.keys()].filter((name) => name.startsWith(owner)).forEach((name) => this.#copies.delete(name));
    }
  }

  async expectTheSame(member: MemberName): Promise<void> {
    await this.#hooks.open();
    await publishAll(this.#database, this.#ports.now());
    while (await this.#read(MAX_CHANGES_PER_READ)) {
      // To the end.
    }
    const { tenantId, memberId } = member;
    const filter = { category: null, folderId: null, participant: null, conversationId: null, modifiedSince: null };
    const most = { items: 100_000, bytes: Number.MAX_SAFE_INTEGER };
    const { items } = await this.#ports.items.list({ tenantId, memberId }, filter, null, most);
    const stored = new Map(items.map((item) => [`${item.memberId} ${item.category} ${item.itemId}`, textOf(item)]));
    deepStrictEqual(this.#copies, stored, 'the operator has something else than is stored');
    deepStrictEqual(await this.#hooks.finish(), new Set(stored.keys()), 'webhooks told something else than is stored');
  }
}

function textOf({ folderId, level, content }: DeliveredItem): string {
  return JSON.stringify([folderId, level, content]);
}
