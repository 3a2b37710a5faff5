/** What a file holds, on request: passed on from Microsoft, never stored, and no token goes where it is kept. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { OFF } from '../../src/domain/levels.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

let world: World;
let files: readonly unknown[];

beforeAll(async () => {
  world = await createWorld({ messages: 0, events: 0, contacts: 6 });
  await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, files: READ });
  await turnOn(world, PEOPLE.tom, { ...EMPTY_SELECTION, files: READ });
  files = readList((await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=files')).body, 'items');
});
afterAll(() => world.close());

const open = (upn: string, id: string) => world.as(upn, 'GET', `/api/me/items/content?id=${encodeURIComponent(id)}`);

/** The first that is no folder. */
async function aFile(): Promise<{ readonly id: string; readonly name: string }> {
  for (const file of files) {
    const id = readField(file, 'id');
    if ((await open(PEOPLE.mara, id)).status === 200) {
      return { id, name: readField(file, 'subject') };
    }
  }
  throw new Error('There is no file');
}

async function requests(since: number): Promise<readonly unknown[]> {
  return readList((await world.control('GET', `/requests?since=${since}`)).body, 'requests');
}

describe('a file', () => {
  test('comes as Microsoft has it, to be saved and not to be run', async () => {
    const { id, name } = await aFile();
    const { status, text, headers } = await open(PEOPLE.mara, id);

    expect(status).toBe(200);
    expect(text).toMatch(new RegExp(`^The content of ${name}\n\\.*$`));
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toContain('no-store');
  });

  test("is fetched without anyone's token, from where Microsoft keeps it", async () => {
    const { id } = await aFile();
    const since = Number(Reflect.get(Object((await world.control('GET', '/requests')).body), 'next'));
    await open(PEOPLE.mara, id);
    const asked = (await requests(since)).filter((each) => /downloads|content/.test(readField(each, 'url')));

    expect(asked.map((each) => Reflect.get(Object(each), 'status'))).toEqual([302, 200]);
    expect(Reflect.get(Object(asked[0]), 'claims')).not.toBeNull();
    expect(Reflect.get(Object(asked[1]), 'claims')).toBeNull();
  });

  test("of someone else's is not found, and neither is a folder or what never was", async () => {
    const { id } = await aFile();
    const ids = files.map((file) => readField(file, 'id'));
    const statuses = await Promise.all(ids.map(async (each) => (await open(PEOPLE.mara, each)).status));

    expect(await open(PEOPLE.tom, id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await open(PEOPLE.mara, '../../../me/messages')).toMatchObject({ status: 404 });
    expect(new Set(statuses)).toEqual(new Set([200, 404]));
  });

  test('is not opened when files are off', async () => {
    const { id } = await aFile();
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { files: OFF }, data: { files: 'keep' } });

    expect(await open(PEOPLE.mara, id)).toMatchObject({ status: 409, body: { code: 'files_not_read' } });
  });
});
