import { expect, test } from '@jest/globals';
import type { EvaluatedPage } from '../../src/administration/ports.ts';
import { previewRelevance } from '../../src/administration/previewRelevance.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import type { Connection } from '../../src/domain/records.ts';
import { NO_FILTERS } from '../../src/domain/relevance.ts';
import { AT, CONNECTED } from '../support/storedRecords.ts';

/** Ports over members that have so many items a category, of which every tenth is excluded. */
function portsOver(members: number, itemsPerCategory: Partial<Record<Category, number>>) {
  const asked: string[] = [];
  const unused = () => Promise.reject(new Error('not asked for'));
  const store = {
    connections: () =>
      Promise.resolve(Array.from({ length: members }, (_, n): Connection => ({ ...CONNECTED, memberId: `${n}` }))),
    evaluate: async function* (
      connection: Connection,
      categories: readonly Category[],
      _policy: unknown,
      { limit }: { readonly limit: number },
    ): AsyncGenerator<EvaluatedPage> {
      for (const category of categories) {
        let begun = 0;
        let looked = limit;
        while (looked === limit) {
          asked.push(`${connection.memberId} ${category} ${begun === 0 ? 'first' : begun}`);
          looked = Math.min(limit, (itemsPerCategory[category] ?? 0) - begun);
          begun += looked;
          yield await Promise.resolve({ looked, excluded: Math.floor(looked / 10) });
        }
      }
    },
    organization: unused,
    members: unused,
    membersOf: unused,
    peopleIn: unused,
    people: unused,
    person: unused,
    addPeople: unused,
    fleet: unused,
    audit: unused,
  };
  return { asked, ports: { store, now: () => AT } };
}

test('counts what is stored of everyone, in every category that has folders, page by page', async () => {
  const { asked, ports } = portsOver(2, { mail: 700, tasks: 20 });

  expect(await previewRelevance(ports, 'tenant', NO_FILTERS)).toEqual({
    looked: 1_440,
    excluded: 144,
    isComplete: true,
  });
  expect(asked).toEqual(
    ['0', '1'].flatMap((member) => [
      `${member} mail first`,
      `${member} mail 500`,
      `${member} calendar first`,
      `${member} contacts first`,
      `${member} tasks first`,
    ]),
  );
});

test('ends at twenty thousand, and says that there is more', async () => {
  const { ports } = portsOver(3, { mail: 15_000 });

  expect(await previewRelevance(ports, 'tenant', NO_FILTERS)).toEqual({
    looked: 20_000,
    excluded: 2_000,
    isComplete: false,
  });
});

test('of no one is nothing, and complete', async () => {
  expect(await previewRelevance(portsOver(0, {}).ports, 'tenant', NO_FILTERS)).toEqual({
    looked: 0,
    excluded: 0,
    isComplete: true,
  });
});
