/** Who receives what people share is named, with logo and privacy policy, on every page that is served. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, type World } from '../support/createWorld.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ startWorker: false, messages: 0, events: 0 });
});
afterAll(() => world.close());

test.each(['/tab/me', '/tab/organization', '/pane'])('%s hands it to the screens', async (path) => {
  const { text } = await world.request(path);
  const [, json = '{}'] = /id="settings">([^<]*)</.exec(text) ?? [];

  expect(JSON.parse(json)).toMatchObject({
    recipient: {
      name: 'Northgate CRM',
      logoUrl: '/operator/logo',
      privacyUrl: `${world.origin}/sandbox/northgate`,
    },
  });
});

test('/connect names it', async () => {
  const { text } = await world.request('/connect');

  expect(text).toContain('Northgate CRM receives what people share in Assent.');
  expect(text).toContain(`<a href="${world.origin}/sandbox/northgate">Privacy policy of Northgate CRM</a>`);
});

test('the logo comes from here, and is nothing but a picture', async () => {
  const { status, headers } = await world.request('/operator/logo');

  expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('without a logo there is none', async () => {
  const bare = await createWorld({ startWorker: false, messages: 0, events: 0, env: { OPERATOR_LOGO_FILE: '' } });
  const { status } = await bare.request('/operator/logo');
  const page = await bare.request('/connect');
  await bare.close();

  expect(status).toBe(404);
  expect(page.text).not.toContain('<img');
});
