/**
 * Data of the version before authorization was complete opens and keeps working: the fixture is what that
 * version wrote, its tables as rows, its keys and the sandbox's state as files.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findBrokenLink } from '../../src/db/organization/audit.ts';
import { createWorld, HARBOR_REED, LINDQVIST, PEOPLE, type World } from '../support/createWorld.ts';
import { organizationOf, readList, reasonOf } from '../support/grantConsent.ts';
import { restoring } from '../support/legacyDataFolder.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ data: restoring('beforeAuthorization', '001_first'), startWorker: false });
});
afterAll(() => world.close());

describe('a data folder of the version before', () => {
  test('keeps what people had turned on, and what was synchronized can be read', async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');

    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(readList(body, 'items')).toHaveLength(6);
  });

  test("keeps the administrator's grant, rules and proof", async () => {
    expect(await organizationOf(world, PEOPLE.astrid)).toMatchObject({
      mode: 'organization',
      relevance: { ignoredDomains: ['lindqvist.example'] },
      grant: { state: 'verified', scopes: ['Mail.Read'], grantedBy: 'Astrid Lindqvist', missing: [] },
      access: { kind: 'everyone' },
      offersService: true,
    });
    expect(await reasonOf(world, PEOPLE.priya)).toBe('onByAdministrator');
  });

  test('remembers that Microsoft kept users of one organization from consenting', async () => {
    const { body } = await world.as(PEOPLE.astrid, 'GET', '/api/organization/readiness');

    expect(readList(body, 'checks')).toContainEqual(
      expect.objectContaining({ check: 'userConsent', finding: 'mayNotConsent' }),
    );
  });

  test('counts everyone who had opened Assent as having opened it', async () => {
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ members: { opened: 2 } });
  });

  test('has chains of audit events that still hold', async () => {
    for (const tenantId of [HARBOR_REED, LINDQVIST]) {
      expect(await findBrokenLink(world.product.database.kysely, tenantId)).toBeNull();
    }
  });

  test('continues: new mail arrives by the cursors and the refresh tokens that were stored', async () => {
    await world.product.worker.start();
    await world.settle();
    await world.control('POST', '/messages', {
      to: PEOPLE.mara,
      eml: 'From: Client <client@northpier.example>\r\nTo: mara.ellis@harborreed.example\r\nSubject: After the update\r\nMessage-ID: <after-the-update@northpier.example>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n\r\nHello.\r\n',
    });
    await world.nextRound();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');

    expect(readList(body, 'items')).toContainEqual(expect.objectContaining({ subject: 'After the update' }));
    expect(readList(body, 'items')).toHaveLength(7);
  });
});
