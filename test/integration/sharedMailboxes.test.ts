/** Shared mailboxes that a member names: taken up where Microsoft opens them, polled, and gone with the name. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type Level, OFF } from '../../src/domain/levels.ts';
import { answer, goToMicrosoft, HEADERS, READ, readList, reasonOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const CAREERS = 'careers@harborreed.example';
const SHARED: Level = { ...READ, shared: true };
const WITH_SHARED = { ...EMPTY_SELECTION, mail: SHARED, contacts: SHARED };
const OWN = 5;
/** By then a shared mailbox is read again, and not by the proof that follows ten minutes after a subscription. */
const POLLED = 6 * 60_000;

function message(subject: string, from = 'nora.whitfield@quillworks.example'): string {
  const headers = [`From: ${from}`, `To: ${CAREERS}`, `Subject: ${subject}`, `Date: ${new Date().toUTCString()}`];
  return [...headers, `Message-ID: <${subject.replaceAll(' ', '.')}@x>`, '', 'A text.'].join('\r\n');
}

describe.each(ENGINES)('a shared mailbox, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: OWN, events: 0, contacts: 2 });
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, contacts: READ });
  });
  afterAll(() => world.close());

  const add = (address: string) => world.as(PEOPLE.mara, 'PUT', '/api/me/mailboxes', { address });
  const mailboxes = async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
    return readList(body, 'mailboxes');
  };
  const subjects = async (category = 'mail') => {
    const { body } = await world.as(PEOPLE.mara, 'GET', `/api/me/items?category=${category}`);
    return readList(body, 'items').map((item) => readField(item, 'subject'));
  };
  const ownSubjects = async () => {
    const { body } = await world.control('GET', `/mailboxes/${PEOPLE.mara}`);
    return readList(body, 'messages').map((each) => readField(each, 'subject'));
  };
  const deliver = async (subject: string, from?: string) => {
    const { body } = await world.control('POST', '/messages', { to: CAREERS, eml: message(subject, from) });
    return readField(body, 'id');
  };
  const shareWith = (people: readonly string[]) =>
    world.control('PUT', `/mailboxes/${CAREERS}/shared`, { sharedWith: people });
  const requested = async (since: number, pattern: RegExp) => {
    const { body } = await world.control('GET', `/requests?since=${since}`);
    return readList(body, 'requests').filter((each) => pattern.test(readField(each, 'url')));
  };
  const nextRequest = async () => Number(Reflect.get(Object((await world.control('GET', '/requests')).body), 'next'));

  test('is not taken up while nothing shared is included', async () => {
    expect(await add(CAREERS)).toMatchObject({ status: 409, body: { code: 'shared_off' } });
  });

  test('wants permissions of its own', async () => {
    const needed = await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: SHARED } });
    const begun = await world.as(PEOPLE.mara, 'POST', '/api/me/consents', { selection: WITH_SHARED });
    const page = await goToMicrosoft(world, begun);
    await answer(world, page, ['accept']);
    await world.settle();

    expect(needed).toMatchObject({ status: 409, body: { code: 'consent_required' } });
    expect(page.page.text).toContain('Mail.Read.Shared');
    expect(page.page.text).toContain('Contacts.Read.Shared');
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect(await mailboxes()).toEqual([]);
  });

  test.each([
    ['what is no address', 'careers', 400, 'no_address'],
    ["one's own", PEOPLE.mara.toUpperCase(), 409, 'own_mailbox'],
    ['one that is not shared', PEOPLE.owen, 404, 'mailbox_not_open'],
    ['one of another organization', 'priya.nair@lindqvist.example', 404, 'mailbox_not_open'],
    ['one that does not exist', 'nobody@harborreed.example', 404, 'mailbox_not_open'],
    ['one that would lead elsewhere', '../me/messages?x=@harborreed.example', 404, 'mailbox_not_open'],
  ])('is not taken up: %s', async (_what, address, status, code) => {
    expect(await add(address)).toMatchObject({ status, body: { code } });
    expect(await mailboxes()).toEqual([]);
  });

  test('is read beside the own one, folder by folder', async () => {
    await deliver('An application');
    const added = await add(CAREERS.toUpperCase());
    await world.settle();
    const { body } = await world.control('GET', `/mailboxes/${CAREERS}`);
    const theirs = readList(body, 'messages').map((each) => readField(each, 'subject'));

    expect(added).toMatchObject({ status: 200, body: { mailboxes: [{ address: CAREERS }] } });
    expect(await mailboxes()).toMatchObject([{ address: CAREERS, stage: 'current', error: null }]);
    expect(theirs).toHaveLength(OWN + 1);
    expect(await subjects()).toEqual(expect.arrayContaining(theirs));
    expect(await subjects()).toHaveLength(OWN + theirs.length);
    expect(await subjects('contacts')).toHaveLength(4);
  });

  test('named again it is the same', async () => {
    const before = await mailboxes();
    await add(CAREERS);

    expect(await mailboxes()).toEqual(before);
  });

  test('is shown part by part, under its address', async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');
    const mail = readList(body, 'streams').find((each) => readField(each, 'category') === 'mail');
    const inboxes = readList(mail, 'parts').filter((part) => Reflect.get(Object(part), 'name') === 'Inbox');

    expect(new Set(inboxes.map((part) => Reflect.get(Object(part), 'mailbox')))).toEqual(new Set([CAREERS, null]));
  });

  test('its folders can be left out, told from the own ones by its address', async () => {
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/exclusions');
    const inboxes = readList(body, 'folders').filter((each) => readField(each, 'name').endsWith('Inbox'));
    const theirs = inboxes.find((each) => readField(each, 'name') === `${CAREERS}: Inbox`);
    const folder = { kind: 'folder', value: readField(theirs, 'id') };
    const all = await subjects();
    await world.as(PEOPLE.mara, 'PUT', '/api/me/exclusions', folder);
    await world.settle();
    const without = await subjects();
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/exclusions', folder);
    await world.settle();
    await world.nextRound();

    expect(inboxes).toHaveLength(2);
    expect(without.length).toBeLessThan(all.length);
    expect(without).toEqual(expect.arrayContaining([...(await ownSubjects())]));
    expect((await subjects()).toSorted()).toEqual(all.toSorted());
  });

  test('its address stands nowhere in clear', async () => {
    const { kysely } = world.product.database;
    const rows = [
      await kysely.selectFrom('containers').selectAll().execute(),
      await kysely.selectFrom('streams').selectAll().execute(),
      await kysely.selectFrom('items').selectAll().execute(),
      await kysely.selectFrom('members').selectAll().where('account', '=', PEOPLE.mara).execute(),
      await kysely.selectFrom('audit').selectAll().execute(),
    ].flat();
    const texts = rows.flatMap((row) =>
      Object.values(row).map((value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value),
      ),
    );

    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => /careers(?:@|%40)/i.test(text))).toEqual([]);
  });

  test('is polled, for Graph offers no subscription to it', async () => {
    const since = await nextRequest();
    const id = await deliver('A second application');
    world.advance(POLLED);
    await world.nextRound();
    const arrived = await subjects();
    await world.control('DELETE', `/items/${id}`);
    world.advance(POLLED);
    await world.nextRound();
    await world.nextRound();
    const subscriptions = await world.product.database.kysely.selectFrom('subscriptions').select('resource').execute();

    expect(arrived).toContain('A second application');
    expect(await subjects()).not.toContain('A second application');
    expect(await subjects()).toHaveLength(OWN * 2 + 1);
    expect(subscriptions.map(({ resource }) => resource).toSorted()).toEqual(['contacts', 'messages']);
    expect((await requested(since, /users.*messages/)).length).toBeGreaterThan(0);
  });

  test('what a rule leaves out of it is explained', async () => {
    await world.as(PEOPLE.mara, 'PUT', '/api/me/exclusions', { kind: 'domain', value: 'spam.example' });
    await deliver('Buy now', 'seller@spam.example');
    world.advance(POLLED);
    await world.nextRound();
    const why = await world.as(PEOPLE.mara, 'GET', '/api/me/items/explain?internetMessageId=%3CBuy.now%40x%3E');

    expect(await subjects()).not.toContain('Buy now');
    expect(why.body).toMatchObject({ verdict: 'excludedDomains', by: 'member' });
  });

  test("throttling a shared mailbox doesn't delay the member's own", async () => {
    const fault = { match: { path: 'careers' }, times: 1_000, action: 'throttle', retryAfterSeconds: 3_000 };
    await world.control('POST', '/faults', [fault]);
    world.advance(POLLED);
    await world.nextRound();
    const [waiting] = await mailboxes();
    await world.control('POST', '/messages', {
      to: PEOPLE.mara,
      eml: message('While the other waits').replace(CAREERS, PEOPLE.mara),
    });
    await world.nextRound();
    const arrived = await subjects();
    await world.control('DELETE', '/faults');
    world.advance(3_600_000);
    await world.nextRound();

    expect(waiting).toMatchObject({ stage: 'failing', error: 'throttled' });
    expect(arrived).toContain('While the other waits');
    expect(await mailboxes()).toMatchObject([{ stage: 'current', error: null }]);
  });

  test('closed, it says so, the own mailbox continues, and Entra is not asked again and again', async () => {
    await shareWith([]);
    await world.control('POST', '/messages', {
      to: PEOPLE.mara,
      eml: message('To Mara alone').replace(CAREERS, PEOPLE.mara),
    });
    const since = await nextRequest();
    for (let look = 0; look < 6; look += 1) {
      world.advance(15 * 60_000);
      await world.nextRound();
    }
    const [shown] = await mailboxes();
    const tokens = await requested(since, /oauth2\/v2\.0\/token/);

    expect(shown).toMatchObject({ stage: 'failing', error: 'forbidden' });
    expect(await subjects()).toContain('To Mara alone');
    expect(await subjects()).toContain('An application');
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    // One for each stream that met the closed door first, and those that are due by time: every hour.
    expect(tokens.length).toBeLessThan(15);
  });

  test('open again, it continues where it was', async () => {
    await deliver('While it was closed');
    await shareWith([PEOPLE.mara]);
    world.advance(7 * 3_600_000);
    await world.nextRound();
    await world.nextRound();

    expect(await mailboxes()).toMatchObject([{ stage: 'current', error: null }]);
    expect(await subjects()).toContain('While it was closed');
  });

  test('headers only are read of it where that is the level', async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: { ...HEADERS, shared: true } } });
    await world.settle();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');
    const levels = readList(body, 'items').map((item) => readField(item, 'level'));

    expect(new Set(levels)).toEqual(new Set(['limited']));
    expect(levels.length).toBeGreaterThan(OWN);
  });

  test('open for contacts only, its mail is not asked for again and again', async () => {
    const [before] = await mailboxes();
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/mailboxes', { id: readField(before, 'id') });
    const fault = { match: { path: 'careers.*mailFolders' }, times: 1_000, action: 'status', status: 403 };
    await world.control('POST', '/faults', [fault]);
    const added = await add(CAREERS);
    await world.settle();
    const since = await nextRequest();
    world.advance(POLLED);
    await world.nextRound();
    const asked = await requested(since, /careers.*mailFolders/);
    const contacts = await subjects('contacts');
    await world.control('DELETE', '/faults');
    await add(CAREERS);
    await world.settle();

    expect(added.status).toBe(200);
    expect(asked).toEqual([]);
    expect(contacts).toHaveLength(4);
    expect(await mailboxes()).toMatchObject([{ stage: 'current', error: null }]);
    expect((await subjects()).length).toBeGreaterThan((await ownSubjects()).length);
  });

  test('taken off the list while mail is off, what was kept of it goes, and the own mail stays', async () => {
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: OFF }, data: { mail: 'keep' } });
    await world.settle();
    const kept = await subjects();
    const [shown] = await mailboxes();
    await world.as(PEOPLE.mara, 'DELETE', '/api/me/mailboxes', { id: readField(shown, 'id') });
    await world.settle();
    const left = await subjects();
    await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail: SHARED } });
    await add(CAREERS);
    await world.settle();
    await world.nextRound();

    expect(kept.length).toBeGreaterThan(left.length);
    expect(left.toSorted()).toEqual((await ownSubjects()).toSorted());
    expect((await subjects()).toSorted()).toEqual(kept.toSorted());
  });

  test('taken off the list, what was read of it is gone, and the feed is told', async () => {
    const [shown] = await mailboxes();
    const stored = await subjects();
    const removed = await world.as(PEOPLE.mara, 'DELETE', '/api/me/mailboxes', { id: readField(shown, 'id') });
    await world.settle();
    await world.nextRound();
    const { kysely } = world.product.database;
    const containers = await kysely.selectFrom('containers').select('folder_id').execute();
    const told = await kysely.selectFrom('outbox').select('item_id').where('kind', '=', 'removed').execute();
    const since = await nextRequest();
    world.advance(POLLED);
    await world.nextRound();

    expect(removed.body).toMatchObject({ mailboxes: [] });
    expect((await subjects()).toSorted()).toEqual((await ownSubjects()).toSorted());
    expect((await subjects()).length).toBeLessThan(stored.length);
    expect(containers.filter(({ folder_id: id }) => id.includes('/'))).toEqual([]);
    expect(told.length).toBeGreaterThanOrEqual(OWN);
    expect(await requested(since, /users/)).toEqual([]);
  });

  test('taken back at Microsoft, the own mailbox continues and the decision says why', async () => {
    await add(CAREERS);
    await world.settle();
    await world.control('DELETE', '/grants', {
      tenant: HARBOR_REED,
      for: PEOPLE.mara,
      scopes: ['Mail.Read.Shared', 'Mail.ReadBasic.Shared'],
    });
    world.advance(61 * 60_000);
    await world.nextRound();
    await world.nextRound();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('grantedLess');
    expect((await subjects()).toSorted()).toEqual((await ownSubjects()).toSorted());
  });
});
