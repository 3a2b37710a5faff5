/** Graph's notifications: they only wake a mailbox, are durable before they are answered, and forgers learn nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { OFF } from '../../src/domain/levels.ts';
import { folderId } from '../../src/sandbox/graph/folders.ts';
import { READ, readList, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually, whenAnswerIsHeld } from '../support/eventually.ts';

const HALF_A_DAY = 13 * 3_600_000;

describe.each(ENGINES)('on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 5, events: 2, contacts: 2 });
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    await turnOn(world, PEOPLE.mara, { mail: READ, calendar: READ, contacts: READ, tasks: READ, files: READ });
    await world.settle();
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', '/faults'));

  test('WHK-01 the handshake gives back what was asked, decoded, as text', async () => {
    for (const path of ['/graph/notifications', '/graph/lifecycle']) {
      const answer = await world.request(`${path}?validationToken=abc%20%2B%2F%3D%C3%A9`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
      });

      expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: 'abc +/=é' });
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    }
  });

  test('T12 every category that Graph tells of has a subscription; tasks and files are polled, and no subscription is requested for them', async () => {
    const resources = (await subscriptions()).map(({ resource }) => resource.replace(/^users\/[^/]+\//, ''));

    expect(resources.toSorted()).toEqual(['contacts', 'events', 'messages']);
    expect(await made()).toEqual([201, 201, 201]);
  });

  test('what arrives is there soon after, without anyone asking for it', async () => {
    await deliver('told of');

    await expect(arrives('told of')).resolves.toBeUndefined();
  });

  test('WHK-04, WHK-05 a wrong secret, none, or an unknown subscription is accepted and changes nothing', async () => {
    const [subscription] = await subscriptions();
    const id = subscription?.id ?? '';
    const before = await rounds();
    const forged = [
      { subscriptionId: id },
      { subscriptionId: id, clientState: '' },
      { subscriptionId: id, clientState: 'a guess' },
      { subscriptionId: id, clientState: ['a', 'list'] },
      { subscriptionId: '5d1f0c6e-0000-4a57-9d27-2d0b6e3a1001', clientState: 'a guess' },
      'nonsense',
    ];
    const answer = await post('/graph/notifications', { value: forged });
    await world.settle();
    const { text } = await world.request('/metrics');

    expect(answer.status).toBe(202);
    expect(await rounds()).toBe(before);
    expect(await waiting()).toBe(0);
    expect(text).toMatch(/assent_notifications_refused_total 4/);
  });

  test('WHK-08 a thousand notifications for one mailbox are few rounds', async () => {
    const before = await rounds();
    await world.control('POST', '/faults', [
      { match: { method: 'POST', path: '/graph/notifications$' }, times: 50, action: 'duplicate' },
    ]);
    for (let count = 0; count < 40; count += 1) {
      await deliver(`one of many ${count}`);
    }
    await expect(arrives('one of many 39')).resolves.toBeUndefined();

    expect((await rounds()) - before).toBeLessThan(10);
  });

  test('WHK-11 what is too large, too much or no JSON is refused', async () => {
    const many = { value: Array.from({ length: 1_001 }, () => ({ subscriptionId: 'x' })) };

    expect((await post('/graph/notifications', many)).status).toBe(400);
    expect((await post('/graph/notifications', { value: 'x'.repeat(5 * 1024 * 1024) })).status).toBe(413);
    expect((await raw('/graph/notifications', '{"value":')).status).toBe(400);
    expect((await post('/graph/notifications', [])).status).toBe(400);
    expect((await post('/graph/notifications', { value: [] })).status).toBe(202);
  });

  test('WHK-24 ids and names that no database keeps are accepted and left alone, and cost no one anything', async () => {
    const [subscription] = await subscriptions();
    const good = { subscriptionId: subscription?.id, clientState: 'a guess' };
    const poison = ['\u0000', 'a\u0000b', '\ud800', 'x'.repeat(300_000)];
    const bodies = poison.flatMap((text) => [
      { value: [{ subscriptionId: text, clientState: 'x' }] },
      { value: [good, { ...good, tenantId: text }, good] },
      { value: [{ ...good, clientState: text, lifecycleEvent: text }] },
    ]);
    const answers = await Promise.all(
      bodies.flatMap((body) => [post('/graph/notifications', body), post('/graph/notifications', { value: [good] })]),
    );
    await deliver('beside the poison');

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    await expect(arrives('beside the poison')).resolves.toBeUndefined();
  });

  test.each([
    ['brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
  ])('WHK-25 %s in %s are refused before anything is made of them', async (_what, nested) => {
    const answer = await raw('/graph/notifications', `{"value":[${nested}]}`);

    expect(answer.status).toBe(400);
  });

  test('WHK-25 four megabytes of anything are not read', async () => {
    for (const part of ['{},', '{"constructor":{}},']) {
      const value = part.repeat((4 * 1024 * 1024) / part.length).slice(0, -1);

      expect((await raw('/graph/notifications', `{"value":[${value}]}`)).status).toBe(413);
    }
  });

  test('WHK-26 what is told of while its folder is being read is there soon after', async () => {
    const path = `mailFolders/${folderId('inbox')}/messages/delta`;
    await world.control('POST', '/faults', [{ match: { path }, action: 'hold', delayMilliseconds: 60_000 }]);
    await deliver('the first');
    await whenAnswerIsHeld(world);
    const before = await wakes();
    await deliver('while it is read');
    await eventually(async () => (await wakes()) > before);
    await world.control('DELETE', '/faults');

    await expect(arrives('while it is read')).resolves.toBeUndefined();
  });

  test('WHK-17 a subscription that Graph removed is recreated, and what came meanwhile is there', async () => {
    const before = await ids();
    await world.control('POST', '/faults', [
      { match: { method: 'POST', path: '/graph/notifications$' }, times: 20, action: 'cut' },
    ]);
    await deliver('while it was gone');
    await world.control('POST', `/subscriptions/${PEOPLE.mara}`, { lifecycleEvent: 'subscriptionRemoved' });

    await expect(arrives('while it was gone')).resolves.toBeUndefined();
    await eventually(async () => (await ids()).length === before.length);
    expect((await ids()).filter((id) => before.includes(id))).toEqual([]);
  });

  test('WHK-18 after "missed" everything is read again', async () => {
    await world.control('POST', '/faults', [
      { match: { method: 'POST', path: '/graph/notifications$' }, times: 20, action: 'cut' },
    ]);
    await deliver('missed');
    await world.control('POST', `/subscriptions/${PEOPLE.mara}`, { lifecycleEvent: 'missed' });

    await expect(arrives('missed')).resolves.toBeUndefined();
  });

  test('WHK-16 Graph wants a confirmation: one renewal, however often it asks', async () => {
    const { next } = Object((await world.control('GET', '/requests')).body);
    for (let time = 0; time < 3; time += 1) {
      await world.control('POST', `/subscriptions/${PEOPLE.mara}`, { lifecycleEvent: 'reauthorizationRequired' });
    }
    await eventually(async () => (await renewals(next)).length >= 3);
    await world.settle();

    expect((await renewals(next)).length).toBeLessThanOrEqual(6);
  });

  test('a life that Graph refuses is asked for shorter', async () => {
    await world.control('POST', '/faults', [
      {
        match: { method: 'PATCH', path: '/v1.0/subscriptions/' },
        action: 'status',
        status: 400,
        code: 'ValidationError',
      },
    ]);
    await sql`update subscriptions set act_at = now() - interval '1 day' where resource = 'messages'`.execute(db());
    await world.nextRound();
    const { rows } = await sql<{ days: number; error: string | null }>`
      select round(extract(epoch from expires_at - ${new Date()}::timestamptz) / 86400, 1)::float as days, error
      from subscriptions where resource = 'messages'
    `.execute(db());

    expect(rows).toEqual([{ days: 2.9, error: null }]);
  });

  test('WHK-20 a subscription that vanished without a word is found within a day, and the gap is closed', async () => {
    await world.control('DELETE', `/subscriptions/${PEOPLE.mara}`);
    await deliver('into the silence');
    world.advance(HALF_A_DAY);
    await world.settle();

    expect(await ids()).toHaveLength(3);
    await expect(arrives('into the silence')).resolves.toBeUndefined();
  });

  test('WHK-21 a life that is shorter than what was asked for is renewed in time', async () => {
    await world.control('PUT', '/subscription-life', { lifeMinutes: 60 * 14 });
    await world.control('POST', `/subscriptions/${PEOPLE.mara}`, { lifecycleEvent: 'subscriptionRemoved' });
    await eventually(async () => (await ids()).length === 3);
    await world.settle();
    const { rows } = await sql<{
      act_at: Date;
      expires_at: Date;
    }>`select act_at, expires_at from subscriptions`.execute(db());

    expect(rows.filter((row) => row.act_at >= row.expires_at)).toEqual([]);
    expect(rows).toHaveLength(3);
  });

  test('one that Graph removes while it is being renewed is recreated', async () => {
    const [messages] = (await subscriptions()).filter(({ resource }) => resource.endsWith('/messages'));
    await world.control('POST', '/faults', [
      { match: { method: 'PATCH', path: '/v1.0/subscriptions/' }, action: 'hold', delayMilliseconds: 1_500 },
    ]);
    await sql`update subscriptions set act_at = now() - interval '1 day' where resource = 'messages'`.execute(db());
    const round = world.nextRound();
    await eventually(isReading);
    await world.control('POST', `/subscriptions/${PEOPLE.mara}`, { lifecycleEvent: 'subscriptionRemoved' });
    await round;
    await eventually(async () => (await ids()).length === 3);

    expect((await ids()).includes(messages?.id ?? '')).toBe(false);
    expect(await ids()).toHaveLength(3);
    const { rows } = await sql<{ subscription_id: string }>`select subscription_id from subscriptions`.execute(db());
    expect(rows.map((row) => row.subscription_id).toSorted()).toEqual((await ids()).toSorted());
  });

  test('WHK-23 one whose answer was lost does not stay beside its successor', async () => {
    await world.control('PUT', '/subscription-life', { lifeMinutes: null });
    await sql`update subscriptions set subscription_id = null, act_at = now() - interval '1 day'`.execute(db());
    await world.nextRound();
    await deliver('after the doubt');

    expect(await ids()).toHaveLength(3);
    await expect(arrives('after the doubt')).resolves.toBeUndefined();
  });

  test('a category that is off has no subscription, and a disconnected member none at all', async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { contacts: OFF } });
    await world.settle();
    const left = (await subscriptions()).map(({ resource }) => resource.split('/').at(-1));
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/connection', { data: 'keep' });
    await world.settle();
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from subscriptions`.execute(db());

    expect(new Set(left)).toEqual(new Set(['events', 'messages']));
    expect(rows[0]?.count).toBe(0);
  });

  async function deliver(subject: string): Promise<void> {
    const eml = [
      `Message-ID: <${subject.replaceAll(' ', '-')}@x.example>`,
      `Subject: ${subject}`,
      `To: ${PEOPLE.mara}`,
      '',
      'x',
    ];
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: eml.join('\r\n') });
  }

  /** Resolves when a message is stored, which the timed round would bring later. */
  async function arrives(subject: string): Promise<void> {
    const id = `<${subject.replaceAll(' ', '-')}@x.example>`;
    await eventually(async () => {
      const { body } = await world.as(
        PEOPLE.mara,
        'GET',
        `/api/me/items/explain?internetMessageId=${encodeURIComponent(id)}`,
      );
      return readField(body, 'verdict') === 'synced';
    });
  }

  async function subscriptions(): Promise<readonly { readonly id: string; readonly resource: string }[]> {
    const { body } = await world.control('GET', `/subscriptions/${PEOPLE.mara}`);
    return readList(body, 'subscriptions').map((each) => ({
      id: readField(each, 'id'),
      resource: readField(each, 'resource'),
    }));
  }

  async function ids(): Promise<readonly string[]> {
    return (await subscriptions()).map(({ id }) => id);
  }

  /** How Graph answered each wish for a subscription. */
  async function made(): Promise<readonly number[]> {
    const { body } = await world.control('GET', '/requests');
    return readList(body, 'requests')
      .filter((each) => readField(each, 'method') === 'POST' && readField(each, 'url').endsWith('/subscriptions'))
      .map((each) => Number(Reflect.get(Object(each), 'status')));
  }

  async function renewals(since: number): Promise<readonly unknown[]> {
    const { body } = await world.control('GET', `/requests?since=${since}`);
    return readList(body, 'requests').filter((each) => readField(each, 'method') === 'PATCH');
  }

  /** How often the streams were told that there is more to read. */
  async function wakes(): Promise<number> {
    const { rows } = await sql<{ wakes: number }>`select max(wakes)::int as wakes from streams`.execute(db());
    return Number(rows[0]?.wakes);
  }

  async function rounds(): Promise<number> {
    const { rows } = await sql<{ fence: number }>`select sum(fence)::int as fence from mailboxes`.execute(db());
    return Number(rows[0]?.fence);
  }

  async function isReading(): Promise<boolean> {
    const { rows } = await sql<{ held: number }>`
      select count(*)::int as held from mailboxes where lease_owner is not null
    `.execute(db());
    return rows[0]?.held === 1;
  }

  async function waiting(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from notifications`.execute(db());
    return Number(rows[0]?.count);
  }

  function post(path: string, body: unknown) {
    return raw(path, JSON.stringify(body));
  }

  function raw(path: string, body: string) {
    return world.request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }

  function db() {
    return world.product.database.kysely;
  }
});
