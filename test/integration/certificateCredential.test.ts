/** T15 Assent and Microsoft's own library prove themselves to Entra by a certificate, in the form that Entra documents. */
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientCertificate } from '../support/clientCertificate.ts';
import { MAIL, readList, turnOn } from '../support/grantConsent.ts';
import { CLIENT_ID, createWorld, HARBOR_REED, PEOPLE, type World } from '../support/createWorld.ts';

let world: World;
let own: Awaited<ReturnType<typeof clientCertificate>>;

beforeAll(async () => {
  own = await clientCertificate();
  world = await createWorld({
    messages: 3,
    events: 0,
    certificates: [own.certificate],
    env: { ENTRA_CLIENT_CERTIFICATE: own.pem },
  });
});
afterAll(() => world.close());

async function forward<T>(url: string, method: string, options?: { headers?: Record<string, string>; body?: string }) {
  const { pathname, search } = new URL(url);
  const answer = await world.request(`${pathname}${search}`, { method, ...options });
  const body: T = Object(answer.body);
  return { headers: Object.fromEntries(answer.headers.entries()), body, status: answer.status };
}

function msal(credential: typeof own): ConfidentialClientApplication {
  const networkClient: INetworkModule = {
    sendGetRequestAsync: (url, options) => forward(url, 'GET', options),
    sendPostRequestAsync: (url, options) => forward(url, 'POST', options),
  };
  return new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT_ID,
      clientCertificate: { thumbprintSha256: credential.thumbprint, privateKey: credential.key },
      authority: `${world.origin}/${HARBOR_REED}`,
      knownAuthorities: [new URL(world.origin).host],
    },
    system: { networkClient },
  });
}

test('a person turns mail on, and it arrives', async () => {
  await world.as(PEOPLE.mara, 'GET', '/api/session');
  await turnOn(world, PEOPLE.mara, MAIL);
  const { body } = await world.as(PEOPLE.mara, 'GET', '/api/me/items?category=mail');

  expect(readList(body, 'items')).toHaveLength(3);
});

test('@azure/msal-node is taken with the same certificate, and with no other', async () => {
  const scopes = ['https://graph.microsoft.com/.default'];
  const result = await msal(own).acquireTokenByClientCredential({ scopes });
  const other = await clientCertificate();

  expect(result?.accessToken).toMatch(/^ey/);
  await expect(msal(other).acquireTokenByClientCredential({ scopes })).rejects.toMatchObject({
    errorCode: 'invalid_client',
  });
  await expect(
    msal({ ...other, thumbprint: own.thumbprint }).acquireTokenByClientCredential({ scopes }),
  ).rejects.toMatchObject({ errorCode: 'invalid_client' });
});
