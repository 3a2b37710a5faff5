/** An administrator comes back from Microsoft's page for admins: nothing is believed before a sign-in shows it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { hashOf } from '../../src/consent/secrets.ts';
import { type ConsentStory, MAIL, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';
import * as visits from '../support/consentVisit.ts';
import type { Visit } from '../support/consentVisit.ts';

const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';
const GRANTED = { kind: 'done', outcome: 'granted', reason: null };
const refusedFor = (reason: string) => ({ kind: 'done', outcome: 'refused', reason });

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  story.recorded();
});

/** Owen is at Microsoft's page for admins. */
async function visitForEveryone(mode: 'organization' | 'individual' | 'service' = 'organization'): Promise<Visit> {
  const id = await story.asksForEveryone(OWEN, { mode, selection: MAIL });
  return visits.visitOf(story, id);
}

const back = (visit: Visit, answer: Readonly<Record<string, string>>) => visits.back(story, visit, answer);
const signsIn = (visit: Visit, memberId: string) => visits.signsIn(story, visit, memberId);
const stored = ({ id }: Visit) => story.ports.store.consent(story.tenantId, hashOf(id));
const organization = () => story.ports.store.organization(story.tenantId);

describe('an administrator who decides for everyone', () => {
  test('the return from the page for admins leads to a sign-in, and proves nothing', async () => {
    const visit = await visitForEveryone();
    const next = await back(visit, { admin_consent: 'True', tenant: 'typed by anyone' });

    expect(next).toEqual({
      kind: 'redirect',
      url: `https://login.example/authorize?${new URLSearchParams({
        scope: 'openid profile offline_access User.Read',
        state: `${visit.id}.signIn`,
      }).toString()}`,
    });
    expect(await stored(visit)).toMatchObject({ step: 'signIn', state: 'started' });
    expect(await organization()).toMatchObject({ mode: 'individual', grant: null });
    expect(story.recorded()).toEqual([]);
  });

  test('someone without a directory role is believed only where a grant would be new', async () => {
    const visit = await visitForEveryone();

    expect(await signsIn(visit, MARA)).toEqual(GRANTED);
    expect(await stored(visit)).toMatchObject({ step: 'proving', isQualified: false, grantedBy: MARA });
    expect(await organization()).toMatchObject({ mode: 'individual', grant: null });
  });

  test('someone without a directory role shows nothing by a grant that was there before', async () => {
    await story.decides(MAIL, 'individual');
    const visit = await visitForEveryone();
    const epochs = await story.epochs();

    expect(await signsIn(visit, MARA)).toEqual(refusedFor('notAdministrator'));
    expect(await story.consent(visit.id)).toEqual({ state: 'refused', reason: 'notAdministrator' });
    expect(await story.epochs()).toEqual(epochs);
    expect((await organization())?.mode).toBe('individual');
  });

  test('a grant to the application needs someone who may give it', async () => {
    await story.covers({ kind: 'everyone' });
    const visit = await visitForEveryone('service');

    expect(await signsIn(visit, MARA)).toEqual(refusedFor('notAdministrator'));
    expect((await organization())?.service).toBeNull();
  });

  test.each([
    ['service', refusedFor('notAdministrator')],
    ['organization', GRANTED],
  ] as const)(
    'an administrator of applications alone may grant for mode %s as Entra lets them',
    async (mode, ended) => {
      await story.covers({ kind: 'everyone' });
      const visit = await visitForEveryone(mode);
      const { redeem } = story.microsoft.entra;
      story.microsoft.entra.redeem = async (request) => ({
        ...(await redeem(request)),
        signedIn: { tenantId: story.tenantId, memberId: TOM, directoryRoles: [CLOUD_APPLICATION_ADMINISTRATOR] },
      });

      expect(await signsIn(visit, TOM)).toEqual(ended);
      expect(await stored(visit)).toMatchObject({
        isQualified: true,
        state: mode === 'service' ? 'refused' : 'propagating',
      });
    },
  );

  test("an administrator's token that shows the grant decides at once", async () => {
    const visit = await visitForEveryone();
    story.microsoft.grantToEverybody(['Mail.Read']);

    expect(await signsIn(visit, OWEN)).toEqual(GRANTED);
    expect(await stored(visit)).toMatchObject({ step: 'ended', state: 'verified', grantedBy: OWEN });
    expect(await organization()).toMatchObject({ mode: 'organization', selection: MAIL, grant: { state: 'verified' } });
  });

  test("an administrator's token that does not show it leaves it to be proven", async () => {
    const visit = await visitForEveryone();
    await signsIn(visit, OWEN);

    expect(await stored(visit)).toMatchObject({ step: 'proving', state: 'propagating', isQualified: true });
    expect(await organization()).toMatchObject({ mode: 'individual', grant: null });
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'consent.granted', hashOf(visit.id), { mode: 'organization' }]],
        tell: 'everyone',
        wake: [],
      },
    ]);
  });

  test('a grant to the application is never shown by a token of a person', async () => {
    await story.covers({ kind: 'everyone' });
    const visit = await visitForEveryone('service');
    story.microsoft.grantToEverybody(['Mail.Read']);

    expect(await signsIn(visit, OWEN)).toEqual(GRANTED);
    expect(await stored(visit)).toMatchObject({ step: 'proving', state: 'settling' });
    expect((await organization())?.mode).toBe('individual');
  });
});
