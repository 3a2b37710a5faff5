/** The main job without a browser: sign-in, consent, one message in the database, sealed, and back out. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ } from '../support/grantConsent.ts';
import { press, visit } from '../support/browserConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const EML = [
  'From: Nora Whitfield <nora.whitfield@quillworks.example>',
  'To: Mara Ellis <mara.ellis@harborreed.example>',
  'Subject: The candidate said yes',
  'Date: Sat, 21 Nov 2026 10:00:00 +0000',
  'Message-ID: <yes@quillworks.example>',
  '',
  'She starts in January.',
].join('\r\n');

describe.each(ENGINES)('a member turns mail on, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 30 });
  });
  afterAll(() => world.close());

  test('before the first sign-in the organization is unknown', async () => {
    const answer = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');

    expect(answer).toMatchObject({ status: 403, body: { code: 'tenant_not_onboarded' } });
  });

  test('signing in onboards, and everything is off by own choice', async () => {
    const session = await world.as(PEOPLE.mara, 'GET', '/api/session');
    const sync = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');

    expect(session).toMatchObject({
      status: 200,
      body: { organization: { name: 'Harbor Reed Partners', mode: 'individual' }, connection: { state: 'connected' } },
    });
    expect(sync).toMatchObject({
      status: 200,
      body: { decisions: { mail: { effective: { sync: 'off' }, reason: 'offByOwnChoice', action: 'turnOn' } } },
    });
  });

  test('turning mail on is not applied before Microsoft was asked', async () => {
    const change = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: READ } });
    const sync = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');

    expect(change).toMatchObject({ status: 409, body: { code: 'consent_required' } });
    expect(sync).toMatchObject({ body: { preference: { mail: { sync: 'off' } } } });
  });

  test('after the consent the mailbox arrives, sealed in the database and readable by its member', async () => {
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: EML });
    const selection = { ...EMPTY_SELECTION, mail: READ };
    const started = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection });
    expect(started.status).toBe(201);
    const page = await visit(world, new URL(readField(started.body, 'startUrl')).pathname);
    await press(world, page, 'answer', 'accept');
    await world.settle();

    const followed = await world.as(PEOPLE.mara, 'GET', `/api/me/consents/${readField(started.body, 'id')}`);
    const items = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');
    const explained = await world.as(
      PEOPLE.mara,
      'GET',
      `/api/me/items/explain?internetMessageId=${encodeURIComponent('<yes@quillworks.example>')}`,
    );

    expect(followed).toMatchObject({ status: 200, body: { state: 'verified' } });
    expect(items).toHaveProperty(
      'body.items.0',
      expect.objectContaining({ subject: 'The candidate said yes', folder: 'Inbox', level: 'full' }),
    );
    expect(explained).toMatchObject({ body: { verdict: 'synced', level: 'full' } });
    expect(await dump(world)).not.toContain('candidate said yes');
    expect(await countItems(world)).toBe(31);
  });

  test('what arrives later arrives without being asked for, once', async () => {
    const later = EML.replace('<yes@', '<later@').replace('said yes', 'has a question');
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: later });
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: later });
    await world.nextRound();

    expect(await countItems(world)).toBe(32);
  });

  test('another member sees nothing of it', async () => {
    await world.as(PEOPLE.tom, 'GET', '/api/session');

    expect(await world.as(PEOPLE.tom, 'GET', '/api/me/items?category=mail')).toMatchObject({ body: { items: [] } });
  });

  test('turning it off with erase destroys everything and leaves a receipt with the count', async () => {
    const off = { sync: 'off', act: 'none', shared: false };
    const change = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', {
      selection: { mail: off },
      data: { mail: 'erase' },
    });
    await world.settle();

    expect(change.status).toBe(200);
    const [receipt] = readReceipts(change.body);
    expect(await world.as(PEOPLE.mara, 'GET', `/api/me/receipts/${receipt ?? ''}`)).toMatchObject({
      body: { state: 'erased', items: { mail: 32 } },
    });
    expect(await countItems(world)).toBe(0);
    expect(await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail')).toMatchObject({ body: { items: [] } });
  });
});

function readReceipts(body: unknown): readonly string[] {
  const receipts: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'receipts') : [];
  return Array.isArray(receipts) ? receipts.map((receipt) => readField(receipt, 'id')) : [];
}

async function countItems(world: World): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from items`.execute(
    world.product.database.kysely,
  );
  return Number(rows[0]?.count);
}

/** Everything readable in the tables that hold content. */
async function dump(world: World): Promise<string> {
  const { rows } = await sql`select items.*, encode(sealed, 'escape') as text from items`.execute(
    world.product.database.kysely,
  );
  return JSON.stringify(rows);
}
