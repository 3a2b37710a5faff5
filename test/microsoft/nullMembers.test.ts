/**
 * SYN-44 Whatever Microsoft's schema calls nullable is null, one member at a time, in every resource that is read: it is
 * read without it. Where Microsoft's published schema is at hand, our table of these members is compared with it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import type { GraphPage, Reading } from '../../src/sync/ports.ts';
import {
  wholeContact,
  wholeDriveItem,
  wholeEvent,
  wholeFolder,
  wholeMessage,
  wholeTask,
} from '../support/graphEntries.ts';
import { NULLABLE_MEMBERS } from '../support/facts/nullableMembers.ts';
import { GRAPH, ScriptedGraph } from '../support/scriptedGraph.ts';
import { aDesiredStream } from '../support/buildStream.ts';

const OPENAPI = resolve(import.meta.dirname, '../../../shared/reference/data/graph-openapi-subset.json');

const ACCESS = { accessToken: 'a token', mailbox: 'me', memberId: '7c2a9e10-0001-4c3d-8e5f-100000000001' };
const WINDOW = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

type Read = (entry: object) => Promise<GraphPage<unknown>>;

/** An event without a beginning is nowhere in a calendar: it is set aside, with its reason. */
const SET_ASIDE = ['event start'];

const RESOURCES: readonly (readonly [string, object, Read])[] = [
  ['message', wholeMessage('m'), (entry) => readItems('mail', entry)],
  ['event', wholeEvent('e'), readView],
  ['contact', wholeContact('c'), (entry) => readItems('contacts', entry)],
  ['todoTask', wholeTask('t'), (entry) => readItems('tasks', entry)],
  ['driveItem', wholeDriveItem('d'), (entry) => readItems('files', entry)],
  ['mailFolder', wholeFolder('f', 'Inbox'), (entry) => readContainers('mail', entry)],
  [
    'contactFolder',
    { id: 'f', displayName: 'Clients', parentFolderId: 'root' },
    (entry) => readContainers('contacts', entry),
  ],
  [
    'calendar',
    {
      id: 'f',
      name: 'Calendar',
      canShare: true,
      isDefaultCalendar: true,
      owner: { name: 'Mara', address: 'mara@x.example' },
    },
    (entry) => readContainers('calendar', entry),
  ],
  ['todoTaskList', { id: 'f', displayName: 'Tasks', isOwner: true }, (entry) => readContainers('tasks', entry)],
];

const reading = (category: Category, container: string): Reading => ({
  ...aDesiredStream(category, container),
  pageSize: 10,
  isLight: false,
});

function portFor(entry: object) {
  const graph = new ScriptedGraph((url) => ({
    body: { value: [entry], '@odata.deltaLink': `${url.href.split('?')[0] ?? ''}?$deltatoken=now` },
  }));
  const urls = { notifications: `${GRAPH}/notifications`, lifecycle: `${GRAPH}/lifecycle` };
  return openGraphPort(new GraphTransport(graph, GRAPH), urls);
}

async function readItems(category: Category, entry: object): Promise<GraphPage<unknown>> {
  return pageOf(await portFor(entry).items(ACCESS, reading(category, 'a'), null));
}

async function readContainers(category: Category, entry: object): Promise<GraphPage<unknown>> {
  return pageOf(await portFor(entry).containers(ACCESS, reading(category, ''), null));
}

async function readView(entry: object): Promise<GraphPage<unknown>> {
  return pageOf(await portFor(entry).calendarView(ACCESS, reading('calendar', 'a'), WINDOW, null));
}

function pageOf(answer: { readonly kind: string; readonly value?: GraphPage<unknown> }): GraphPage<unknown> {
  if (answer.value === undefined) {
    throw new Error(`There is no page: ${answer.kind}`);
  }
  return answer.value;
}

const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  allOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});

/** The paths of a sample whose members may be null by the schema. */
class Nullables {
  readonly #schemas: Record<string, unknown>;

  constructor(document: unknown) {
    this.#schemas = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(document).components.schemas;
  }

  in(resource: string, sample: object): readonly string[] {
    return this.#walk({ $ref: `#/components/schemas/microsoft.graph.${resource}` }, sample, '');
  }

  #walk(raw: unknown, sample: unknown, path: string): readonly string[] {
    const { properties, items, isNullable } = this.#resolve(raw);
    const own = isNullable && path !== '' ? [path] : [];
    const join = (name: string) => (path === '' ? name : `${path}.${name}`);
    if (Array.isArray(sample)) {
      return [...own, ...sample.flatMap((each, index) => this.#walk(items, each, join(String(index))))];
    }
    const inside = Object.entries(Object(sample)).flatMap(([name, value]) =>
      properties[name] === undefined ? [] : this.#walk(properties[name], value, join(name)),
    );
    return typeof sample === 'object' && sample !== null ? [...own, ...inside] : own;
  }

  #resolve(raw: unknown): { properties: Record<string, unknown>; items: unknown; isNullable: boolean } {
    const schema = Schema.safeParse(raw).data ?? {};
    const named = schema.$ref?.split('/').at(-1);
    const parts = [
      ...(named === undefined ? [] : [this.#schemas[named]]),
      ...(schema.allOf ?? []),
      ...(schema.anyOf ?? []),
    ];
    const resolved = parts.map((part) => this.#resolve(part));
    const types = [schema.type ?? []].flat();
    return {
      properties: Object.assign({}, ...resolved.map(({ properties }) => properties), schema.properties),
      items: schema.items ?? resolved.find(({ items }) => items !== undefined)?.items,
      isNullable:
        types.includes('null') || (schema.anyOf ?? []).some((part) => Schema.safeParse(part).data?.type === 'null'),
    };
  }
}

function withNull(sample: unknown, [name = '', ...rest]: readonly string[]): unknown {
  const value = rest.length === 0 ? null : withNull(Reflect.get(Object(sample), name), rest);
  return Array.isArray(sample)
    ? sample.map((each: unknown, index) => (String(index) === name ? value : each))
    : { ...Object(sample), [name]: value };
}

const CASES = RESOURCES.flatMap(([resource, sample, read]) =>
  (NULLABLE_MEMBERS[resource] ?? []).map((path) => [`${resource} ${path}`, sample, path, read] as const),
);

test('there is something to try in every resource', () => {
  expect(RESOURCES.map(([resource]) => resource)).toEqual(Object.keys(NULLABLE_MEMBERS));
});

test.each(CASES)('%s may be null', async (name, sample, path, read) => {
  const { changes } = await read(Object(withNull(sample, path.split('.'))));

  expect(changes.map(({ kind }) => kind)).toEqual([SET_ASIDE.some((each) => name === each) ? 'unreadable' : 'upsert']);
});

(existsSync(OPENAPI) ? test : test.skip)('the published schema calls these nullable, and no others', () => {
  const nullables = new Nullables(JSON.parse(readFileSync(OPENAPI, 'utf8')));

  expect(Object.fromEntries(RESOURCES.map(([resource, sample]) => [resource, nullables.in(resource, sample)]))).toEqual(
    NULLABLE_MEMBERS,
  );
});
