/** Microsoft's own server library, and Microsoft's published shapes, as judges of the sandbox. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfidentialClientApplication, type INetworkModule, InteractionRequiredAuthError } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { createWorld, CLIENT_ID, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';

const OPENAPI = resolve(import.meta.dirname, '../../../shared/reference/data/graph-openapi-subset.json');

let world: World;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 25, events: 12 });
  await world.control('POST', '/grants', {
    tenant: HARBOR_REED,
    for: PEOPLE.mara,
    scopes: ['Mail.Read', 'Calendars.Read', 'Contacts.Read', 'Tasks.Read', 'Files.Read'],
  });
});
afterAll(() => world.close());

function msal(secret = 'a-secret-of-the-tests'): ConfidentialClientApplication {
  const send: INetworkModule['sendPostRequestAsync'] = (url, options) => forward(url, 'POST', options);
  const networkClient: INetworkModule = {
    sendGetRequestAsync: (url, options) => forward(url, 'GET', options),
    sendPostRequestAsync: send,
  };
  return new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT_ID,
      clientSecret: secret,
      authority: `${world.origin}/${HARBOR_REED}`,
      knownAuthorities: [new URL(world.origin).host],
    },
    system: { networkClient },
  });
}

async function forward<T>(url: string, method: string, options?: { headers?: Record<string, string>; body?: string }) {
  const { pathname, search } = new URL(url);
  const answer = await world.request(`${pathname}${search}`, { method, ...options });
  const body: T = Object(answer.body);
  return { headers: Object.fromEntries(answer.headers.entries()), body, status: answer.status };
}

describe('@azure/msal-node against the sandbox', () => {
  test('exchanges a token on behalf of a user for everything that was granted', async () => {
    const oboAssertion = await world.token(PEOPLE.mara);
    const result = await msal().acquireTokenOnBehalfOf({
      oboAssertion,
      scopes: ['https://graph.microsoft.com/Mail.Read'],
    });

    expect(result?.scopes.join(' ')).toContain('Mail.Read');
    expect(result?.account?.username).toBe(PEOPLE.mara);
  });

  test('is told that consent is missing in the way that it understands', async () => {
    const oboAssertion = await world.token(PEOPLE.tom);
    const asked = msal().acquireTokenOnBehalfOf({ oboAssertion, scopes: ['https://graph.microsoft.com/Mail.Read'] });

    await expect(asked).rejects.toBeInstanceOf(InteractionRequiredAuthError);
    await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_grant', subError: 'consent_required' });
  });

  test('gets a token for the application alone, and only for everything', async () => {
    const result = await msal().acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });

    expect(result?.accessToken).toMatch(/^ey/);
    await expect(
      msal().acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/Mail.Read'] }),
    ).rejects.toThrow();
  });

  test('is refused with a wrong secret', async () => {
    const asked = msal('wrong').acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });

    await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_client' });
  });
});

const isThere = existsSync(OPENAPI);

(isThere ? describe : describe.skip)("Graph's answers against Microsoft's published shapes", () => {
  const WINDOW = 'startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-01-31T00:00:00Z';

  test.each([
    ['/me', '/me'],
    ['/organization', '/organization'],
    ['/me/mailFolders', '/me/mailFolders'],
    ['/me/mailFolders/delta', '/me/mailFolders/delta()'],
    ['/me/mailFolders/inbox', '/me/mailFolders/{mailFolder-id}'],
    ['/me/mailFolders/inbox/messages', '/me/mailFolders/{mailFolder-id}/messages'],
    ['/me/mailFolders/inbox/messages/delta', '/me/mailFolders/{mailFolder-id}/messages/delta()'],
    ['/me/calendars', '/me/calendars'],
    [`/me/calendarView?${WINDOW}`, '/me/calendarView'],
    [`/me/calendarView/delta?${WINDOW}`, '/me/calendarView/delta()'],
    ['/me/contacts', '/me/contacts'],
    ['/me/contacts/delta', '/me/contacts/delta()'],
    ['/me/contactFolders/delta', '/me/contactFolders/delta()'],
    ['/me/todo/lists', '/me/todo/lists'],
    ['/me/todo/lists/AQMkADtasksAAA/tasks/delta', '/me/todo/lists/{todoTaskList-id}/tasks/delta()'],
    ['/me/drive', '/me/drive'],
    ['/me/drive/root/delta', '/me/drive/root/delta()'],
  ])('GET %s', async (path, documented) => {
    const validate = validatorFor(documented, '200');
    const { status, body } = await graph(path);

    expect(status).toBe(200);
    expect(validate(body) ? [] : validate.errors).toEqual([]);
  });

  test.each([
    ['/me/messages/none', 404, 'ErrorItemNotFound'],
    ['/me/calendarView/delta?$select=subject', 400, 'ErrorInvalidUrlQuery'],
    ['/me/mailFolders/inbox/messages/delta?$deltatoken=old', 410, 'SyncStateNotFound'],
    ['/me/planner', 404, 'ResourceNotFound'],
    ['/me/todo/lists/none/tasks/delta', 404, 'ErrorItemNotFound'],
  ])('GET %s is refused as Graph refuses it', async (path, status, code) => {
    const validate = validatorFor('/me', '4XX');
    const answer = await graph(path);

    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(validate(answer.body) ? [] : validate.errors).toEqual([]);
  });

  test('what a scope does not allow is refused, call by call', async () => {
    expect((await graph('/me/mailFolders', PEOPLE.tom)).status).toBe(403);
    expect((await graph(`/me/calendarView?${WINDOW}`, PEOPLE.tom)).status).toBe(403);
    expect((await graph('/me', PEOPLE.tom)).status).toBe(200);
  });

  test('headers only: without Mail.Read no body is sent, whatever is selected', async () => {
    await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.ines, scopes: ['Mail.ReadBasic'] });
    const { body } = await graph('/me/mailFolders/inbox/messages?$select=subject,body', PEOPLE.ines);

    expect(Object(body).value.length).toBeGreaterThan(0);
    expect(Object(body).value.some((message: object) => 'body' in message)).toBe(false);
  });
});

async function graph(path: string, upn: string = PEOPLE.mara) {
  const token = await world.token(upn, { audience: 'graph' });
  return world.request(`/v1.0${path}`, { headers: { authorization: `Bearer ${token}` } });
}

function validatorFor(path: string, status: string) {
  const document = JSON.parse(readFileSync(OPENAPI, 'utf8'));
  const schema: unknown = Object(document).paths[path].get.responses[status].content['application/json'].schema;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const text = JSON.stringify({ ...Object(schema), components: Object(document).components });
  return ajv.compile(JSON.parse(text));
}
