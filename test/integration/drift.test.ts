/** What is revoked or narrowed at Microsoft stops here; what is narrowed here is proven at Microsoft. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import {
  answer,
  changeSettings,
  decideForEveryone,
  goToMicrosoft,
  HEADERS,
  MAIL,
  MAIL_AND_CALENDAR,
  organizationOf,
  READ,
  readList,
  reasonOf,
  turnOn,
} from '../support/grantConsent.ts';
import {
  type Answer,
  createWorld,
  HARBOR_REED,
  LINDQVIST,
  PEOPLE,
  readField,
  type World,
} from '../support/createWorld.ts';

const MINUTE = 60_000;

describe('a tenant-wide grant', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 5, events: 3 });
    await decideForEveryone(world, PEOPLE.owen, MAIL_AND_CALENDAR);
    for (const person of [PEOPLE.mara, PEOPLE.tom]) {
      await world.as(person, 'GET', '/api/session');
    }
    await world.settle();
  });
  afterAll(() => world.close());

  const graphRequests = async (since: number) => {
    const { body } = await world.control('GET', `/requests?since=${since}`);
    const requests = readList(body, 'requests').filter((each) => readField(each, 'target') === 'graph');
    return { next: Number(Reflect.get(Object(body), 'next')), count: requests.length };
  };

  test('CON-18 is narrowed at Microsoft: within five minutes the category is off for everyone, with the reason', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(5 * MINUTE + 1_000);
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('consentRevoked');
    expect(await reasonOf(world, PEOPLE.tom)).toBe('consentRevoked');
    expect(await reasonOf(world, PEOPLE.tom, 'calendar')).toBe('onByAdministrator');
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ grant: { missing: ['Mail.Read'] } });
  });

  test('CON-18 Graph is not asked for that category any more, nor Entra again and again', async () => {
    const before = await graphRequests(0);
    await world.settle();
    const { body } = await world.control('GET', `/requests?since=${before.next}`);
    const urls = readList(body, 'requests').map((each) => readField(each, 'url'));

    expect(urls.filter((url) => url.includes('messages'))).toEqual([]);
    expect(urls.filter((url) => url.includes('/token')).length).toBeLessThanOrEqual(1);
  });

  test('resumes after the grant is restored at Microsoft', async () => {
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(15 * MINUTE + 1_000);
    await world.settle();
    world.advance(6 * MINUTE);
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByAdministrator');
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ grant: { missing: [] } });
  });

  test('a page that opens looks at once', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(6_000);
    await world.as(PEOPLE.tom, 'GET', '/api/session');
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('consentRevoked');
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: 'everyone', scopes: ['Mail.Read'] });
  });

  test('what was lost and found stands in the audit log', async () => {
    const { body } = await world.as(PEOPLE.owen, 'GET', '/api/organization/audit');
    const actions = readList(body, 'events').map((event) => readField(event, 'action'));

    expect(actions).toContain('grant.lost');
    expect(actions).toContain('grant.found');
  });

  test('wider than the selection, it is narrowed in place, and Assent gives its own permission back', async () => {
    world.advance(16 * MINUTE);
    await world.settle();
    await changeSettings(world, PEOPLE.owen, { selection: MAIL });
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ grant: { unused: ['Calendars.Read'] } });

    const begun = await world.as(PEOPLE.owen, 'POST', '/api/organization/grant/narrow');
    await answer(world, await goToMicrosoft(world, begun), ['accept']);
    world.advance(MINUTE);
    await world.settle();

    expect(await stateOf(world, begun)).toBe('verified');
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ grant: { scopes: ['Mail.Read'], unused: [] } });
    expect(await grantedTo(world, PEOPLE.owen)).toEqual(['Mail.Read', 'User.Read']);
    expect(await grantedTo(world, PEOPLE.tom)).toEqual(['Mail.Read', 'User.Read']);
  });

  test('is removed from here: everyone decides alone again, and the next token proves it', async () => {
    const begun = await world.as(PEOPLE.owen, 'DELETE', '/api/organization/grant');
    const consent: unknown = Reflect.get(Object(begun.body), 'consent');
    expect(begun.status).toBe(409);
    expect(await grantedTo(world, PEOPLE.tom)).toEqual(['Mail.Read', 'User.Read']);

    const walk = await goToMicrosoft(world, { ...begun, body: consent });
    await answer(world, walk, ['accept']);
    world.advance(MINUTE);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ mode: 'individual', grant: null });
    expect(await grantedTo(world, PEOPLE.tom)).toEqual(['User.Read']);
    expect(await grantedTo(world, PEOPLE.owen)).toEqual(['User.Read']);
    expect(await reasonOf(world, PEOPLE.tom)).toBe('offByOwnChoice');
  });
});

describe('a personal grant', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 5, events: 0 });
    await turnOn(world, PEOPLE.mara, { ...MAIL, mail: HEADERS });
  });
  afterAll(() => world.close());

  test('is taken back at Microsoft: within the hour the category is off, and she may ask again', async () => {
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Mail.ReadBasic'] });
    world.advance(51 * MINUTE);
    await world.settle();

    expect(await reasonOf(world, PEOPLE.mara)).toBe('consentRevoked');
    await turnOn(world, PEOPLE.mara, { ...MAIL, mail: HEADERS });
    expect(await reasonOf(world, PEOPLE.mara)).toBe('onByOwnChoice');
  });

  test('D5 what she took back is seen when her page opens, and is not asked for again with something else', async () => {
    await turnOn(world, PEOPLE.ines, { ...EMPTY_SELECTION, tasks: READ });
    await world.control('DELETE', '/grants', { tenant: HARBOR_REED, for: PEOPLE.ines, scopes: ['Tasks.Read'] });
    world.advance(6_000);
    await world.as(PEOPLE.ines, 'GET', '/api/session');
    await world.settle();
    const seen = await reasonOf(world, PEOPLE.ines, 'tasks');
    const asked = await world.as(PEOPLE.ines, 'PATCH', '/api/me/sync', { selection: { contacts: READ } });
    const start: unknown = Reflect.get(Object(asked.body), 'consent') ?? asked.body;
    const opened = await world.request(new URL(readField(start, 'startUrl')).pathname);
    const scope = new URL(opened.headers.get('location') ?? '').searchParams.get('scope') ?? '';

    expect(seen).toBe('consentRevoked');
    expect(asked.status).toBe(409);
    expect(scope.split(' ')).toContain('Contacts.Read');
    expect(scope).not.toContain('Tasks');
  });

  test('P13 what Microsoft has granted since the page was opened is turned on without asking', async () => {
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.ines, scopes: ['Contacts.Read'] });
    world.advance(6_000);
    const changed = await world.as(PEOPLE.ines, 'PATCH', '/api/me/sync', { selection: { contacts: READ } });

    expect(changed.status).toBe(200);
    expect(await reasonOf(world, PEOPLE.ines, 'contacts')).toBe('onByOwnChoice');
    expect(await reasonOf(world, PEOPLE.ines, 'tasks')).toBe('consentRevoked');
  });

  test('wider than the level is a note beside the outcome', async () => {
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Mail.Read'] });
    world.advance(51 * MINUTE);
    await world.settle();
    const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/sync');

    expect(body).toMatchObject({ decisions: { mail: { effective: HEADERS, notes: ['overConsented'] } } });
  });
});

describe('what an administrator lets Assent read once', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({ messages: 1, events: 0 });
    await world.as(PEOPLE.astrid, 'GET', '/api/session');
    await world.as(PEOPLE.astrid, 'POST', '/api/organization/claim');
  });
  afterAll(() => world.close());

  const finding = async (check: string) => {
    const { body } = await world.as(PEOPLE.astrid, 'GET', '/api/organization/readiness');
    return readList(body, 'checks').find((each) => readField(each, 'check') === check);
  };

  test('is unknown before, never assumed', async () => {
    for (const check of ['application', 'assignment', 'publisher', 'requests', 'userConsent']) {
      expect(await finding(check)).toMatchObject({ result: 'unknown' });
    }
  });

  test('policy, publisher, assignment and requests are shown with their age', async () => {
    await world.control('PUT', '/application', {
      tenant: 'lindqvist.example',
      assignmentRequired: false,
      verifiedPublisher: 'Assent Limited',
      requestsEnabled: true,
    });
    const begun = await world.as(PEOPLE.astrid, 'POST', '/api/organization/readiness');
    await answer(world, await goToMicrosoft(world, begun), ['accept']);

    expect(await stateOf(world, begun, PEOPLE.astrid)).toBe('verified');
    expect(await finding('userConsent')).toMatchObject({ result: 'blocked', values: { policy: 'managed' } });
    expect(await finding('publisher')).toMatchObject({ finding: 'verified', values: { publisher: 'Assent Limited' } });
    expect(await finding('requests')).toMatchObject({ finding: 'requestsOn' });
    expect(await finding('application')).toMatchObject({ result: 'good', checkedAt: expect.any(String) });
  });

  test('a member sees before the click that Microsoft keeps mail from users', async () => {
    await world.as(PEOPLE.priya, 'GET', '/api/session');
    const { body } = await world.as(PEOPLE.priya, 'GET', '/api/me/sync');

    expect(body).toMatchObject({ offers: { mail: { full: { mayConsent: 'no', source: 'policy' } } } });
  });

  test('a person may send a request to administrators where that is on, and is told that it waits', async () => {
    const begun = await world.as(PEOPLE.priya, 'POST', '/api/me/consents', { selection: MAIL });
    await answer(world, await goToMicrosoft(world, begun), ['request']);
    const { body } = await world.control('GET', '/consent-requests?tenant=lindqvist.example');

    expect(await stateOf(world, begun, PEOPLE.priya, 'me')).toBe('refused approvalRequested');
    expect(readList(body, 'requests')).toHaveLength(1);
  });

  test('D6 when the request is approved at Microsoft, what was asked for is on without another click', async () => {
    const waiting = await reasonOf(world, PEOPLE.priya);
    await world.control('POST', '/grants', { tenant: LINDQVIST, for: 'everyone', scopes: ['Mail.Read'] });
    world.advance(61_000);
    await world.as(PEOPLE.priya, 'GET', '/api/session');
    await world.settle();
    const { body } = await world.as(PEOPLE.priya, 'GET', '/api/me/items?category=mail');

    expect(waiting).toBe('consentNeedsAdministrator');
    expect(await reasonOf(world, PEOPLE.priya)).toBe('onByOwnChoice');
    expect(readList(body, 'items').length).toBeGreaterThan(0);
  });

  test('someone who is no administrator learns nothing by it', async () => {
    expect((await world.as(PEOPLE.priya, 'POST', '/api/organization/readiness')).status).toBe(403);
    expect((await world.as(PEOPLE.priya, 'GET', '/api/organization/readiness')).status).toBe(403);
  });
});

async function stateOf(world: World, begun: Answer, upn: string = PEOPLE.owen, whom = 'organization'): Promise<string> {
  const { body } = await world.as(upn, 'GET', `/api/${whom}/consents/${readField(begun.body, 'id')}`);
  const hasReason = Object.hasOwn(Object(body), 'reason');
  return hasReason ? `${readField(body, 'state')} ${readField(body, 'reason')}` : readField(body, 'state');
}

/** What a new token of this person would carry, as Microsoft has it. */
async function grantedTo(world: World, upn: string): Promise<readonly string[]> {
  const { body } = await world.control('POST', '/token', { as: upn, audience: 'graph' });
  const [, payload = ''] = readField(body, 'token').split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const ours = ['openid', 'profile', 'offline_access'];
  return readField(claims, 'scp')
    .split(' ')
    .filter((scope) => !ours.includes(scope))
    .toSorted();
}
