/** How fast the other categories come, beside the floor: their pages, read and thrown away. */
import { Agent, fetch } from 'undici';
import { z } from 'zod';
import type { Database } from '../../src/db/openDatabase.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { connectMailboxes, countItems } from './mailboxes.ts';
import { syncAll } from './product.ts';
import { startGraph } from './startGraph.ts';

const MAILBOXES = 4;
const ITEMS = 2_000;

const PATHS: Readonly<Record<Exclude<Category, 'mail'>, string>> = {
  calendar: 'calendars/default/calendarView',
  contacts: 'contacts/delta',
  tasks: 'todo/lists/tasks/tasks/delta',
  files: 'drive/root/delta',
};

const Page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

export async function benchCategories(engine: string, database: Database): Promise<void> {
  process.stdout.write(`\n${engine}, the other categories, 0 ms an answer\n`);
  for (const category of ['calendar', 'contacts', 'tasks', 'files'] as const) {
    const graph = await startGraph(ITEMS, 0);
    const agent = new Agent({ connections: 64 });
    const http = {
      fetch: (url: string, init: Parameters<typeof fetch>[1]) => fetch(url, { ...init, dispatcher: agent }),
      close: () => agent.close(),
    };
    await connectMailboxes(database, MAILBOXES, category);
    const keyring = await memoryKeys(() => new Date());
    const began = performance.now();
    await syncAll(database, keyring, http, graph.origin, MAILBOXES);
    const ours = (await countItems(database)) / ((performance.now() - began) / 1_000);
    const floor = await discard(`${graph.origin}/v1.0/me/${PATHS[category]}`);
    graph.stop();
    await agent.close();
    process.stdout.write(
      `  ${category.padEnd(10)}${`${Math.round(ours)} items/s`.padStart(16)}   pages discarded ${Math.round(floor)} items/s\n`,
    );
  }
}

/** Every mailbox at once, as the product reads them. */
async function discard(first: string): Promise<number> {
  const began = performance.now();
  const counts = await Promise.all(
    Array.from({ length: MAILBOXES }, async () => {
      let count = 0;
      let url: string | undefined = first;
      while (url !== undefined) {
        const page: z.infer<typeof Page> = Page.parse(await (await fetch(url)).json());
        count += page.value.length;
        url = page['@odata.nextLink'];
      }
      return count;
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}
