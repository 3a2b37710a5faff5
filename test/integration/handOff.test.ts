/** A member who may not consent hands the request to an admin, who needs no account in Assent. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { press, visit } from '../support/browserConsent.ts';
import {
  answer,
  decideForEveryone,
  goToMicrosoft,
  MAIL,
  oidOf,
  organizationOf,
  reasonOf,
} from '../support/grantConsent.ts';
import { createWorld, PEOPLE, readField, type World } from '../support/createWorld.ts';

describe('in an organization under the Microsoft-managed default', () => {
  let world: World;
  let consentId: string;
  let link: string;

  beforeAll(async () => {
    world = await createWorld({ messages: 3, events: 0 });
    await world.as(PEOPLE.priya, 'GET', '/api/session');
  });
  afterAll(() => world.close());

  const offer = async () => {
    const { body } = await world.as(PEOPLE.priya, 'GET', '/api/me/sync');
    return Reflect.get(Object(Reflect.get(Object(body), 'offers')), 'mail');
  };

  test('before anyone tried, it is unknown whether users may consent', async () => {
    expect(await offer()).toMatchObject({ full: { mayConsent: 'unknown', source: null } });
  });

  test('a popup that was closed proves nothing', async () => {
    const begun = await world.as(PEOPLE.priya, 'POST', '/api/me/consents', { selection: MAIL });
    consentId = readField(begun.body, 'id');
    await goToMicrosoft(world, begun);

    expect(await offer()).toMatchObject({ full: { mayConsent: 'unknown' } });
  });

  test('a person who met the page may say so, and the switch says it before the next click', async () => {
    await world.as(PEOPLE.priya, 'POST', '/api/me/refusals', { selection: MAIL });

    expect(await offer()).toMatchObject({ full: { mayConsent: 'no', source: 'said' } });
  });

  test("Microsoft's own refusal is stronger evidence and says so", async () => {
    const begun = await world.as(PEOPLE.priya, 'POST', '/api/me/consents', { selection: MAIL });
    await press(world, await goToMicrosoft(world, begun), 'answer', 'unapproved');

    expect(await offer()).toMatchObject({ full: { mayConsent: 'no', source: 'refusal' } });
  });

  test('D10 the rest of what the managed policy keeps is offered by link first; what it leaves to people is not', async () => {
    const { body } = await world.as(PEOPLE.priya, 'GET', '/api/me/sync');

    expect(Reflect.get(Object(body), 'offers')).toMatchObject({
      mail: { full: { mayConsent: 'no', source: 'refusal' } },
      calendar: { full: { mayConsent: 'no', source: 'likely', checkedAt: expect.any(String) } },
      tasks: { full: { mayConsent: 'no', source: 'likely' } },
      contacts: { full: { mayConsent: 'unknown', source: null } },
    });
  });

  test('the link can be made from a transaction that is long over', async () => {
    world.advance(11 * 60_000);
    const made = await world.as(PEOPLE.priya, 'POST', `/api/me/consents/${consentId}/link`);

    expect(made.status).toBe(201);
    link = new URL(readField(made.body, 'url')).pathname;
  });

  test('its page needs no sign-in, starts nothing, and says what is asked, by whom, and that it only permits', async () => {
    const page = await world.request(link);

    expect(page.status).toBe(200);
    expect(page.text).toContain('Priya Nair');
    expect(page.text).toContain('Lindqvist Search Group');
    expect(page.text).toContain('Read user mail');
    expect(page.text).toContain('only permits people to connect');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  test('someone who is no administrator gets nowhere at Microsoft, and the link continues working', async () => {
    const walk = await startFrom(world, link);
    const end = await answer(world, walk, [PEOPLE.sam, 'unapproved']);

    expect(end.page.text).toContain('Nothing has changed');
    expect((await world.request(link)).status).toBe(200);
  });

  test("an administrator who never opened Assent accepts; Priya's mail comes on by itself and the mode stays", async () => {
    const walk = await startFrom(world, link);
    await answer(world, walk, [PEOPLE.astrid, 'accept', PEOPLE.astrid]);
    await world.settle();

    expect(await reasonOf(world, PEOPLE.priya)).toBe('onByOwnChoice');
    expect(await organizationOf(world, PEOPLE.priya)).toMatchObject({
      mode: 'individual',
      // Whoever decides alone may be using it.
      grant: { state: 'verified', scopes: ['Mail.Read'], unused: [] },
    });
  });

  test('others in the organization may now turn mail on without Microsoft asking', async () => {
    await world.as(PEOPLE.sam, 'GET', '/api/session');
    const changed = await world.as(PEOPLE.sam, 'PATCH', '/api/me/sync', { selection: { mail: MAIL.mail } });

    expect(changed.status).toBe(200);
    expect(await reasonOf(world, PEOPLE.sam)).toBe('onByOwnChoice');
  });

  test('the same link opened again starts a transaction of its own', async () => {
    const first = await startFrom(world, link);
    const second = await startFrom(world, link);

    expect(first.path).not.toBe(second.path);
  });

  test('a link that was revoked says so; revoking it twice is the same as once', async () => {
    const path = `/api/me/consents/${consentId}/link`;

    expect((await world.as(PEOPLE.priya, 'DELETE', path)).status).toBe(204);
    expect((await world.as(PEOPLE.priya, 'DELETE', path)).status).toBe(204);
    expect((await world.request(link)).status).toBe(410);
    expect((await world.request(link, { method: 'POST' })).status).toBe(410);
  });

  test('a link expires after seven days', async () => {
    const made = await world.as(PEOPLE.priya, 'POST', `/api/me/consents/${consentId}/link`);
    const path = new URL(readField(made.body, 'url')).pathname;
    world.advance(7 * 86_400_000 + 1_000);

    expect((await world.request(path)).status).toBe(410);
    expect((await world.request(path)).text).toContain('expired');
  });

  test("no one else can make or revoke a link from another person's consent", async () => {
    expect((await world.as(PEOPLE.sam, 'POST', `/api/me/consents/${consentId}/link`)).status).toBe(404);
    expect((await world.as(PEOPLE.mara, 'DELETE', `/api/me/consents/${consentId}/link`)).status).toBe(404);
  });

  test.each(['', 'x', 'A'.repeat(64), '%00', '..%2f..%2fapi'])(
    'an address that was never a link: %j',
    async (token) => {
      expect([404, 400, 200]).toContain((await world.request(`/connect/${token}`)).status);
      expect((await world.request(`/connect/${token}x`)).text).not.toContain('Continue to Microsoft');
    },
  );
});

describe('a manager without a directory role', () => {
  let world: World;
  let link: string;

  beforeAll(async () => {
    world = await createWorld({ messages: 3, events: 0 });
    await decideForEveryone(world, PEOPLE.owen);
    await world.as(PEOPLE.mara, 'GET', '/api/session');
    const mara = await oidOf(world, PEOPLE.mara);
    await world.as(PEOPLE.owen, 'PATCH', `/api/organization/members/${mara}`, { productRole: 'manager' });
  });
  afterAll(() => world.close());

  test('is told to ask an administrator, and gets a request to hand on', async () => {
    const refused = await world.as(PEOPLE.mara, 'POST', '/api/organization/consents', {
      mode: 'organization',
      selection: { ...MAIL, calendar: MAIL.mail },
      confirmAdministrator: true,
    });
    const consent: unknown = Reflect.get(Object(refused.body), 'consent');
    const made = await world.as(PEOPLE.mara, 'POST', `/api/organization/consents/${readField(consent, 'id')}/link`);
    link = new URL(readField(made.body, 'url')).pathname;

    expect(refused.status).toBe(403);
    expect(readField(refused.body, 'code')).toBe('directory_role_required');
    expect((await visit(world, new URL(readField(consent, 'startUrl')).pathname)).page.status).toBe(410);
  });

  test('a directory administrator without a role in Assent grants by it, and the selection stays', async () => {
    await answer(world, await startFrom(world, link), [PEOPLE.ines, 'accept', PEOPLE.ines]);
    await world.settle();

    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({
      selection: { calendar: { sync: 'off' } },
      grant: { scopes: ['Mail.Read', 'Calendars.Read'] },
    });
  });

  test('someone with both roles grants by the same link, and the selection changes', async () => {
    const before = await organizationOf(world, PEOPLE.owen);
    await answer(world, await startFrom(world, link), [PEOPLE.owen, 'accept', PEOPLE.owen]);
    await world.settle();

    expect(before).toMatchObject({ selection: { calendar: { sync: 'off' } } });
    expect(await organizationOf(world, PEOPLE.owen)).toMatchObject({ selection: { calendar: { sync: 'full' } } });
  });
});

/** Presses 'Continue to Microsoft' on the page behind a link. */
async function startFrom(world: World, link: string) {
  const pressed = await world.request(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  return visit(world, new URL(pressed.headers.get('location') ?? '', world.origin).pathname);
}
