/**
 * Client libraries that no one here wrote judge the sandbox: PnPjs reads a whole mailbox and drive through its own
 * objects, and Azure's identity library gets tokens on behalf of a person and for the application alone.
 */
import { type AccessToken, ClientSecretCredential, OnBehalfOfCredential } from '@azure/identity';
import { createHttpHeaders, type HttpClient, type PipelineResponse } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DefaultHeaders, DefaultInit, type GraphFI, graphfi } from '@pnp/graph';
// oxlint-disable-next-line import/no-unassigned-import -- the library adds its parts so
import '@pnp/graph/calendars/index.js';
// oxlint-disable-next-line import/no-unassigned-import -- the library adds its parts so
import '@pnp/graph/contacts/index.js';
// oxlint-disable-next-line import/no-unassigned-import -- the library adds its parts so
import '@pnp/graph/files/index.js';
// oxlint-disable-next-line import/no-unassigned-import -- the library adds its parts so
import '@pnp/graph/mail/index.js';
// oxlint-disable-next-line import/no-unassigned-import -- the library adds its parts so
import '@pnp/graph/to-do/index.js';
// oxlint-disable-next-line import/no-unassigned-import -- the library adds its parts so
import '@pnp/graph/users/index.js';
import { DefaultParse, type Queryable } from '@pnp/queryable';
import { CLIENT_ID, createWorld, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';

const SCOPES = ['Mail.Read', 'Mail.Send', 'Calendars.Read', 'Contacts.Read', 'Tasks.Read', 'Files.Read'];
const SECRET = 'a-secret-of-the-tests';

let world: World;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 25, events: 12, contacts: 4 });
  await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: SCOPES });
});
afterAll(() => world.close());

describe('PnPjs', () => {
  let graph: GraphFI;

  beforeAll(async () => {
    const token = await world.token(PEOPLE.mara, { audience: 'graph' });
    graph = graphfi().using(
      DefaultHeaders(),
      DefaultInit(`${world.origin}/v1.0`),
      DefaultParse(),
      (instance: Queryable) => {
        instance.on.auth.replace(async (url, init) => [
          url,
          { ...init, headers: { ...Object(init.headers), authorization: `Bearer ${token}` } },
        ]);
        instance.on.send.replace(async (url, init) => {
          const { pathname, search } = new URL(url);
          const headers = Object.fromEntries(new Headers(init.headers).entries());
          const body = typeof init.body === 'string' ? { body: init.body } : {};
          const answer = await world.request(`${pathname}${search}`, {
            method: init.method ?? 'GET',
            headers,
            ...body,
          });
          const text = answer.status === 202 || answer.status === 204 ? null : JSON.stringify(answer.body);
          return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json' } });
        });
        return instance;
      },
    );
  });

  const READS: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['me', () => graph.me()],
    ['users.getById', () => graph.users.getById(PEOPLE.mara)()],
    ['me.messages', () => graph.me.messages.top(3)()],
    ['me.mailFolders', () => graph.me.mailFolders()],
    ['me.mailFolders.getById', () => graph.me.mailFolders.getById('inbox')()],
    ['messages of a folder', () => graph.me.mailFolders.getById('inbox').messages.top(2).select('id', 'subject')()],
    ['me.calendar', () => graph.me.calendar()],
    ['me.calendars', () => graph.me.calendars()],
    ['me.events', () => graph.me.events()],
    ['calendarView', () => graph.me.calendarView('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')()],
    ['me.contacts', () => graph.me.contacts()],
    ['me.contactFolders', () => graph.me.contactFolders()],
    ['me.todo.lists', () => graph.me.todo.lists()],
    ['tasks of a list', () => graph.me.todo.lists.getById('AQMkADtasksAAA').tasks()],
    ['me.drive', () => graph.me.drive()],
    ['me.drive.root', () => graph.me.drive.root()],
    ['me.drive.root.children', () => graph.me.drive.root.children()],
  ];

  test.each(READS)('reads %s', async (_what, read) => {
    const answer = await read();

    expect(Array.isArray(answer) ? answer.length >= 0 : typeof Object(answer).id).toEqual(
      Array.isArray(answer) ? true : 'string',
    );
  });

  test('sends a message, which lies in Sent Items then', async () => {
    await graph.me.sendMail({
      subject: 'From a library',
      body: { contentType: 'text', content: 'Hello' },
      toRecipients: [{ emailAddress: { address: 'nora.whitfield@quillworks.example' } }],
    });
    const sent = await graph.me.mailFolders.getById('sentitems').messages.top(1)();

    expect(sent).toMatchObject([{ subject: 'From a library', isDraft: false }]);
  });
});

describe('@azure/identity', () => {
  /** Its requests, by the certificate of this machine. */
  const httpClient: HttpClient = {
    sendRequest: async (request): Promise<PipelineResponse> => {
      const { pathname, search } = new URL(request.url);
      const headers = request.headers.toJSON();
      const body = typeof request.body === 'string' ? { body: request.body } : {};
      const answer = await world.request(`${pathname}${search}`, { method: request.method, headers, ...body });
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders(Object.fromEntries(answer.headers.entries())),
        bodyAsText: JSON.stringify(answer.body),
      };
    },
  };
  const options = () => ({ authorityHost: world.origin, disableInstanceDiscovery: true, httpClient });

  const onBehalfOf = async (upn: string, scope: string): Promise<AccessToken> =>
    new OnBehalfOfCredential({
      tenantId: HARBOR_REED,
      clientId: CLIENT_ID,
      clientSecret: SECRET,
      userAssertionToken: await world.token(upn),
      ...options(),
    }).getToken(scope);

  test.each([['https://graph.microsoft.com/.default'], ['https://graph.microsoft.com/Mail.Read']])(
    'acts on behalf of a person for %s',
    async (scope) => {
      const { token } = await onBehalfOf(PEOPLE.mara, scope);
      const { body } = await world.request('/v1.0/me?$select=id,userPrincipalName', {
        headers: { authorization: `Bearer ${token}` },
      });

      expect(body).toEqual({ id: expect.any(String), userPrincipalName: PEOPLE.mara });
    },
  );

  test('is told that consent is missing', async () => {
    await expect(onBehalfOf(PEOPLE.tom, 'https://graph.microsoft.com/Mail.Read')).rejects.toThrow(/AADSTS65001/);
  });

  test('gets a token for the application alone', async () => {
    const credential = new ClientSecretCredential(HARBOR_REED, CLIENT_ID, SECRET, options());

    expect(await credential.getToken('https://graph.microsoft.com/.default')).toMatchObject({
      token: expect.stringMatching(/^ey/),
    });
  });
});
