/** The sandbox refuses what Graph refuses, and knows items by the ids that Graph knows them by. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readList } from '../support/grantConsent.ts';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';

const SCOPES = ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Tasks.Read', 'Files.Read'];
const WINDOW = 'startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-01-31T00:00:00Z';

let world: World;
let token: string;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 12, events: 12, contacts: 3 });
  await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: SCOPES });
  token = await world.token(PEOPLE.mara, { audience: 'graph' });
});
afterAll(() => world.close());

function graph(path: string, headers: Record<string, string> = {}) {
  return world.request(`/v1.0${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

describe('a delta takes only the parameters that it takes', () => {
  test.each([
    ['/me/mailFolders/inbox/messages/delta?$search=offer', 400],
    ['/me/mailFolders/inbox/messages/delta?$orderby=subject', 400],
    ['/me/mailFolders/inbox/messages/delta?$filter=isRead eq true', 400],
    ['/me/mailFolders/inbox/messages/delta?$filter=receivedDateTime ge 2026-01-01T00:00:00Z', 200],
    ['/me/mailFolders/inbox/messages/delta?$orderby=receivedDateTime desc', 200],
    ['/me/mailFolders/delta?$top=5', 400],
    ['/me/mailFolders/delta?$filter=displayName eq x', 400],
    ['/me/mailFolders/delta?$select=displayName', 200],
    ['/me/contactFolders/delta?$top=5', 400],
    ['/me/contacts/delta?$top=5', 400],
    ['/me/contacts/delta?$orderby=displayName', 400],
    [`/me/calendarView/delta?${WINDOW}&$top=5`, 400],
    [`/me/calendarView/delta?${WINDOW}&$select=subject`, 400],
    ['/me/drive/root/delta?$filter=name eq x', 400],
    ['/me/drive/root/delta?$select=id', 200],
  ])('GET %s answers %i', async (path, status) => {
    const answer = await graph(path.replaceAll(' ', '%20'));
    const error: unknown = Reflect.get(Object(answer.body), 'error');

    expect(answer.status).toBe(status);
    expect(Reflect.get(Object(error), 'code')).toBe(status === 200 ? undefined : 'ErrorInvalidUrlQuery');
  });

  test('changes of messages are tracked folder by folder', async () => {
    expect(await graph('/me/messages/delta')).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
  });

  test('a subscription to what there is no such thing as is refused', async () => {
    const answer = await world.request('/v1.0/subscriptions', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        changeType: 'exploded',
        notificationUrl: `${world.origin}/graph/notifications`,
        resource: 'me/messages',
        expirationDateTime: '2026-11-30T00:00:00Z',
        clientState: 'x',
      }),
    });

    expect(answer.status).toBe(400);
  });

  test('how long a subscription is to live is looked at before whether there is one already', async () => {
    const subscribe = (expirationDateTime: string) =>
      world.request('/v1.0/subscriptions', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          changeType: 'created,updated,deleted',
          notificationUrl: `${world.origin}/graph/notifications`,
          resource: 'me/messages',
          expirationDateTime,
          clientState: 'x',
        }),
      });
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const answers = [await subscribe(inDays(1)), await subscribe(inDays(1)), await subscribe(inDays(365))];

    expect(answers.map(({ status }) => status)).toEqual([201, 409, 400]);
  });
});

describe('every collection names its context', () => {
  test.each([
    '/me/mailFolders/delta',
    '/me/mailFolders/inbox/messages/delta',
    '/me/mailFolders',
    '/me/calendars',
    `/me/calendarView/delta?${WINDOW}`,
    '/me/contacts/delta',
    '/me/contactFolders',
    '/me/todo/lists',
    '/me/drive/root/delta',
    '/me/drive/root/children',
  ])('%s', async (path) => {
    const { body } = await graph(path);

    expect(readField(body, '@odata.context')).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/\$metadata#/);
    expect(Reflect.get(Object(body), 'value')).toEqual(expect.any(Array));
  });
});

describe('ids', () => {
  const IMMUTABLE = { prefer: 'IdType="ImmutableId"' };
  const list = async (path: string, headers: Record<string, string> = {}) =>
    readList((await graph(path, headers)).body, 'value').map((item) => readField(item, 'id'));

  test.each([['/me/mailFolders/inbox/messages?$top=3'], ['/me/events?$top=3'], ['/me/contacts']])(
    'of %s are others without the preference for immutable ones, and either names the item',
    async (path) => {
      const [kept, changing] = [await list(path, IMMUTABLE), await list(path)];
      const collection = /\/me\/(?:mailFolders\/inbox\/)?(\w+)/.exec(path)?.[1];
      const names = await Promise.all(
        [kept[0], changing[0]].map(async (id) => (await graph(`/me/${collection}/${id}`, IMMUTABLE)).body),
      );

      expect(changing).toHaveLength(kept.length);
      expect(kept.filter((id) => changing.includes(id))).toEqual([]);
      expect(names[1]).toEqual(names[0]);
    },
  );

  test('change with a move, unless they are immutable', async () => {
    const [kept = ''] = await list('/me/mailFolders/inbox/messages?$top=1', IMMUTABLE);
    const before = readField((await graph(`/me/messages/${kept}`)).body, 'id');
    await world.control('PATCH', `/items/${kept}`, { folder: 'archive' });

    expect(readField((await graph(`/me/messages/${kept}`)).body, 'id')).not.toBe(before);
    expect(readField((await graph(`/me/messages/${kept}`, IMMUTABLE)).body, 'id')).toBe(kept);
  });
});

test('Entra takes no request on behalf of a person that asks for nothing', async () => {
  const assertion = await world.token(PEOPLE.mara);
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    client_id: world.env['ENTRA_CLIENT_ID'] ?? '',
    client_secret: world.env['ENTRA_CLIENT_SECRET'] ?? '',
    assertion,
  });
  const answer = await world.request(`/${HARBOR_REED}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  });

  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request', error_codes: [900144] } });
});

describe('what clients touch is there', () => {
  test.each([
    ['/me/calendar', { name: 'Calendar', isDefaultCalendar: true }],
    ['/me/drive/root', { name: 'root', root: {} }],
    [`/users/${PEOPLE.mara}`, { userPrincipalName: PEOPLE.mara }],
  ])('GET %s', async (path, body) => {
    expect(await graph(path)).toMatchObject({ status: 200, body });
  });

  test("a drive by its own id, with paths of names, and no one else's", async () => {
    const id = readField((await graph('/me/drive')).body, 'id');
    const [folder] = readList((await graph(`/drives/${id}/root/children`)).body, 'value').filter(
      (item) => Reflect.get(Object(item), 'folder') !== undefined,
    );
    const name = readField(folder, 'name');

    expect(await graph(`/drives/${id}/root:/${encodeURIComponent(name)}`)).toMatchObject({
      status: 200,
      body: { id: readField(folder, 'id') },
    });
    expect((await graph(`/drives/${id}/root:/Nowhere`)).status).toBe(404);
    expect((await graph(`/drives/${id}x/root`)).status).toBe(404);
  });

  test('a person without a permission to send sends nothing, and sees no one else', async () => {
    const sent = await world.request('/v1.0/me/sendMail', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: { toRecipients: [{ emailAddress: { address: 'a@x.example' } }] } }),
    });

    expect(sent.status).toBe(403);
    expect((await graph(`/users/${PEOPLE.tom}`)).status).toBe(403);
  });
});
