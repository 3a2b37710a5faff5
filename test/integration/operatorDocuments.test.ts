/** The document of the operator's API: what it tells of, that a client can be made of it, and how it is shown. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHANGE_TYPES } from '../../src/domain/feed.ts';
import { createWorld, type World } from '../support/createWorld.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let world: World;
let document: unknown;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 0, events: 0 });
  document = (await world.request('/openapi.json')).body;
});
afterAll(() => world.close());

const within = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), value);

describe('the document', () => {
  test('has every route of the operator’s API, and no other', () => {
    const served = world.product.application.routes
      .filter(({ method, path }) => path.startsWith('/v1/') && method !== 'HEAD')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const told = Object.entries(Object(within(document, 'paths'))).flatMap(([path, methods]) =>
      Object.keys(Object(methods)).map((method) => `${method} ${path}`),
    );

    expect(within(document, 'openapi')).toBe('3.1.0');
    expect(told.toSorted()).toEqual(served.toSorted());
  });

  test('names every operation, its refusals, and the types of changes', () => {
    const operations = Object.values(Object(within(document, 'paths'))).flatMap((methods) =>
      Object.values(Object(methods)),
    );
    const ids = operations.map((operation) => within(operation, 'operationId'));
    const change = within(
      document,
      'paths',
      '/v1/changes',
      'get',
      'responses',
      '200',
      'content',
      'application/json',
      'schema',
    );

    expect(new Set(ids).size).toBe(operations.length);
    for (const operation of operations) {
      expect(within(operation, 'responses', 'default', 'content', 'application/problem+json', 'schema')).toBeDefined();
      expect(within(operation, 'summary')).toEqual(expect.any(String));
    }
    expect(within(change, 'properties', 'changes', 'items', 'properties', 'type', 'enum')).toEqual(CHANGE_TYPES);
  });

  test('lets answers have more members than it says', () => {
    expect(within(document, 'components', 'schemas', 'Item', 'additionalProperties')).toBeUndefined();
    expect(new Set(Object.keys(Object(within(document, 'components', 'schemas'))))).toEqual(
      new Set([
        'Item',
        'Organization',
        'Member',
        'WebhookEndpoint',
        'WebhookDelivery',
        'Act',
        'Health',
        'ApiKey',
        'ListedApiKey',
      ]),
    );
  });

  test('becomes a client that compiles', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-client-'));
    const { generateApi } = await import('swagger-typescript-api');
    await generateApi({
      spec: Object(document),
      output: folder,
      fileName: 'client.ts',
      httpClientType: 'fetch',
      silent: true,
    });
    await writeFile(
      join(folder, 'use.ts'),
      `import { Api } from './client.ts';
      const api = new Api();
      export async function subjects(cursor: string): Promise<(string | undefined)[]> {
        const { data } = await api.v1.listChanges({ cursor, include: 'item' });
        return data.changes.map(({ type, item }) => type === 'item.upserted' ? item?.subject : undefined);
      }`,
    );
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--target',
      'es2024',
      '--module',
      'nodenext',
      '--allowImportingTsExtensions',
    ];
    const compiled = promisify(execFile)(process.execPath, [
      compiler,
      '--ignoreConfig',
      ...flags,
      '--types',
      '',
      join(folder, 'use.ts'),
    ]);

    await expect(
      compiled.catch((error: unknown) => Promise.reject(new Error(String(Reflect.get(Object(error), 'stdout'))))),
    ).resolves.toBeDefined();
    await rm(folder, { recursive: true });
  });
});

describe('the page', () => {
  test('comes from here as a whole, under a policy that lets nothing else in', async () => {
    const page = await world.request('/docs/');
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    const scripts = [...page.text.matchAll(/<script[^>]*>([^<]*)/g)].map(([, text = '']) => text.trim());

    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
    expect(addresses.filter((address) => !address.startsWith('./static/'))).toEqual([]);
    expect(new Set(scripts)).toEqual(new Set(['']));
  });

  test('is not there where it was closed', async () => {
    const closed = await createWorld({ startWorker: false, messages: 0, events: 0, env: { OPERATOR_DOCS: 'closed' } });
    const statuses = [await closed.request('/docs/'), await closed.request('/openapi.json')].map(
      ({ status }) => status,
    );
    await closed.close();

    expect(statuses).toEqual([404, 404]);
  });
});
