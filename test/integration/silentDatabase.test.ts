/** P4 A database that neither answers nor breaks off: probes are told in time, callers are told, and it continues. */
import { describe, expect, test } from '@jest/globals';
import { createWorld, PEOPLE } from '../support/createWorld.ts';
import { ENGINES, newPostgres } from '../support/databases.ts';
import { FreezingProxy } from '../support/freezingProxy.ts';

const onPostgres = ENGINES.includes('postgres') ? describe : describe.skip;

onPostgres('a silent database', () => {
  test('is told as one that is not ready, and everyone is served when it speaks again', async () => {
    const proxy = await FreezingProxy.open(await newPostgres());
    const databases = {
      DATABASE_URL: proxy.url,
      KEYS_DATABASE_URL: await newPostgres(),
      MASTER_KEYS: Buffer.from('a master key of thirty-two bytes').toString('base64'),
    };
    const world = await createWorld({ messages: 2, events: 0, startWorker: false, env: databases });
    try {
      const before = await world.as(PEOPLE.mara, 'GET', '/api/session');
      proxy.freeze();
      const [probe, asked] = await Promise.all([
        world.request('/readyz'),
        world.as(PEOPLE.mara, 'GET', '/api/me/sync'),
      ]);
      const alive = await world.request('/healthz');
      proxy.thaw();
      const after = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
      const ready = await world.request('/readyz');

      expect(before.status).toBe(200);
      expect(probe.status).toBe(503);
      expect(probe.text).toContain('database');
      expect(asked.status).toBe(503);
      expect(asked.body).toMatchObject({ code: 'storage_unavailable' });
      expect(alive.status).toBe(200);
      expect(after.status).toBe(200);
      expect(ready.status).toBe(200);
    } finally {
      proxy.thaw();
      await world.close();
      await proxy.close();
    }
  });
});
