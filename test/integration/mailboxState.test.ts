/** Mailboxes that move away, lose their license and come back: a state of their own, and never an endless retry. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { READ, readList, reasonOf, storedOf, turnOn } from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { ENGINES } from '../support/databases.ts';

const HOUR = 3_600_000;

function message(subject: string): string {
  const headers = ['From: nora.whitfield@quillworks.example', `To: ${PEOPLE.mara}`, `Subject: ${subject}`];
  return [...headers, `Date: ${new Date().toUTCString()}`, `Message-ID: <${subject.length}@x>`, '', 'A text.'].join(
    '\r\n',
  );
}

describe.each(ENGINES)('a mailbox that is away for a while, on %s', (engine) => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ engine, messages: 12, events: 4, contacts: 3 });
    await turnOn(world, PEOPLE.mara, { ...EMPTY_SELECTION, mail: READ, calendar: READ, contacts: READ });
  });
  afterAll(() => world.close());

  const requests = async (since: number) => {
    const { body } = await world.control('GET', `/requests?since=${since}`);
    return readList(body, 'requests').filter(
      (each) => readField(each, 'target') === 'graph' && /\/me\/|\/subscriptions/.test(readField(each, 'url')),
    );
  };
  const nextRequest = async () => {
    const { body } = await world.control('GET', '/requests');
    const next: unknown = Reflect.get(Object(body), 'next');
    return Number(next);
  };
  const setMailbox = (mailbox: string) => world.control('PUT', `/mailboxes/${PEOPLE.mara}`, { mailbox });
  const reading = (found: readonly unknown[]) => found.filter((each) => /\/me\//.test(readField(each, 'url')));

  test('SYN-27 without a licence the state is said, everything stays, and mail is asked for no more', async () => {
    await setMailbox('unlicensed');
    await world.nextRound();
    const before = await nextRequest();
    await world.nextRound();
    world.advance(5 * HOUR);
    await world.nextRound();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('mailboxNone');
    expect(await storedOf(world, PEOPLE.mara)).toHaveLength(16);
    expect(reading(await requests(before))).toEqual([]);
  });

  test('SYN-26 it is looked for again once in six hours, by one request', async () => {
    const before = await nextRequest();
    world.advance(HOUR + 60_000);
    await world.nextRound();
    await world.nextRound();

    expect(reading(await requests(before))).toHaveLength(1);
  });

  test('SYN-27 resumes after a license is restored, with no removals in the feed', async () => {
    await world.control('POST', '/messages', { to: PEOPLE.mara, eml: message('While it was away') });
    await setMailbox('cloud');
    const before = await nextRequest();
    world.advance(6 * HOUR + 60_000);
    await world.nextRound();
    await world.nextRound();
    const deltas = reading(await requests(before)).filter((each) => /messages\/delta/.test(readField(each, 'url')));
    const { rows } = await sql<{ removed: number }>`
      select count(*)::int as removed from outbox where item_id is not null and kind <> 'upserted'
    `.execute(world.product.database.kysely);

    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
    expect((await storedOf(world, PEOPLE.mara)).map((item) => readField(item, 'subject'))).toContain(
      'While it was away',
    );
    expect(deltas.filter((each) => !/token=/.test(readField(each, 'url')))).toEqual([]);
    expect(rows).toEqual([{ removed: 0 }]);
  });

  test('SYN-25 one that was moved, with every place in it lost, is read again and told as nothing new', async () => {
    await setMailbox('onPremises');
    await world.nextRound();
    const away = await reasonOf(world, PEOPLE.mara);
    await setMailbox('cloud');
    await world.control('POST', '/faults', [{ match: { path: 'delta' }, times: 30, action: 'expire-cursor' }]);
    world.advance(6 * HOUR + 60_000);
    await world.nextRound();
    await world.control('DELETE', '/faults');
    await world.nextRound();
    await world.nextRound();
    const { rows } = await sql<{ told: number }>`
      select count(*)::int as told from outbox where item_id is not null
    `.execute(world.product.database.kysely);

    expect(away).toBe('mailboxNone');
    expect(await storedOf(world, PEOPLE.mara)).toHaveLength(17);
    // Every item, and every contact, was told once in all this time.
    expect(rows).toEqual([{ told: 17 + 3 }]);
  });

  test('SYN-28 an account that is disabled stops, and is not tried again and again', async () => {
    await setMailbox('disabled');
    world.advance(2 * HOUR);
    await world.nextRound();
    const before = await nextRequest();
    await world.nextRound();
    await world.nextRound();
    const { body } = await world.control('GET', `/requests?since=${before}`);

    expect(['memberDisabled', 'reauthenticate']).toContain(await reasonOf(world, PEOPLE.mara));
    expect(readList(body, 'requests').filter((each) => readField(each, 'method') === 'POST')).toEqual([]);
  });
});
