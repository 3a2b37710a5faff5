/** A question for Microsoft is made: who may ask what, what is refused, and what the transaction stands on. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createConsentTransaction, newConsent } from '../../src/consent/createConsentTransaction.ts';
import { hashOf, parseConsentId } from '../../src/consent/secrets.ts';
import { refuse } from '../../src/domain/problems.ts';
import type { ConsentRequest } from '../../src/domain/records.ts';
import { AT_FIRST } from '../../src/domain/relevance.ts';
import { EMPTY_SELECTION } from '../../src/domain/selection.ts';
import { type ConsentStory, MAIL, MARA, OWEN, READ, TOM, openStories } from '../support/consentStory.ts';

const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814';
const CONSULTANTS = '7c2a9e10-0002-4c3d-8e5f-100000000001';
const FOR_EVERYONE: ConsentRequest = {
  purpose: 'consent',
  mode: 'organization',
  grantFor: 'everyone',
  selection: MAIL,
  relevance: null,
  erase: [],
};
const FOR_ONESELF = { mode: 'individual', grantFor: 'self' } as const;

const newStory = openStories();
let story: ConsentStory;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  await story.history();
  story.recorded();
});

const ask = (by: string, request: Partial<ConsentRequest>, roles?: readonly string[]) =>
  createConsentTransaction(story.ports, story.as(by, roles), { ...FOR_EVERYONE, ...request });

async function stored(): Promise<number> {
  const rows = await story.database.kysely
    .selectFrom('consents')
    .select('consent_hash')
    .where('tenant_id', '=', story.tenantId)
    .execute();
  return rows.length;
}

describe('a transaction', () => {
  test('can be opened for ten minutes, once', async () => {
    const begun = await ask(OWEN, {});
    const id = begun.kind === 'begun' ? begun.id : '';

    expect(begun).toEqual({ kind: 'begun', id, expiresAt: new Date(story.now().getTime() + 600_000) });
    await story.accepts(id, OWEN);
    await expect(story.accepts(id, OWEN)).rejects.toThrow('It cannot be opened');
  });

  test('keeps the whole request, bound to who asked and to the settings as they are', async () => {
    const relevance = { ...AT_FIRST, excludedDomains: ['quillworks.example'] };
    const request = { ...FOR_EVERYONE, relevance, erase: ['calendar'] } as const;
    const begun = await ask(OWEN, request);
    const id = begun.kind === 'begun' ? begun.id : '';
    const version = (await story.ports.store.organization(story.tenantId))?.version ?? 0;

    expect(parseConsentId(id)).toEqual({ tenantId: story.tenantId, consentHash: hashOf(id) });
    expect(await story.ports.store.consent(story.tenantId, hashOf(id))).toEqual({
      ...request,
      tenantId: story.tenantId,
      memberId: OWEN,
      consentHash: hashOf(id),
      linkHash: null,
      basedOn: { kind: 'settings', version },
      step: 'created',
      state: 'started',
      reason: null,
      browserHash: null,
      grantedBy: null,
      isQualified: true,
      attempts: 0,
      createdAt: story.now(),
      expiresAt: new Date(story.now().getTime() + 600_000),
    });
  });

  test("for oneself stands on one's own connection, of which the first is to come", async () => {
    await story.turnsOn(MARA, MAIL);
    const epoch = (await story.ports.store.connection(story.tenantId, MARA))?.epoch ?? 0;
    const ofMara = await ask(MARA, FOR_ONESELF);
    await story.database.kysely
      .deleteFrom('connections')
      .where('tenant_id', '=', story.tenantId)
      .where('member_id', '=', TOM)
      .execute();
    const ofTom = await ask(TOM, FOR_ONESELF);
    const basis = async (begun: Awaited<ReturnType<typeof ask>>) =>
      begun.kind === 'begun' ? (await story.ports.store.consent(story.tenantId, hashOf(begun.id)))?.basedOn : null;

    expect(epoch).toBeGreaterThan(1);
    expect(await basis(ofMara)).toEqual({ kind: 'connection', epoch });
    expect(await basis(ofTom)).toEqual({ kind: 'connection', epoch: 1 });
  });

  test('says nothing in the history, and tells no one, before it is opened', async () => {
    await ask(OWEN, {});

    expect(story.recorded()).toEqual([]);
  });

  test('is not in the database by its identifier', async () => {
    const begun = await ask(OWEN, {});
    const rows = await story.database.kysely.selectFrom('consents').selectAll().execute();

    expect(JSON.stringify(rows)).not.toContain(begun.kind === 'begun' ? begun.id : '');
  });

  test('made from a link takes only the request of it', () => {
    const of = {
      tenantId: story.tenantId,
      memberId: MARA,
      consentHash: 'hash',
      linkHash: 'link',
      basedOn: { kind: 'settings', version: 7 },
    } as const;
    const link = { ...FOR_EVERYONE, createdAt: new Date(0), expiresAt: new Date(0), revokedAt: new Date(0) };

    expect(newConsent(story.ports, of, link)).toEqual({
      ...FOR_EVERYONE,
      ...of,
      step: 'created',
      state: 'started',
      reason: null,
      browserHash: null,
      grantedBy: null,
      isQualified: true,
      attempts: 0,
      createdAt: story.now(),
      expiresAt: new Date(story.now().getTime() + 600_000),
    });
  });
});

describe('what is asked for', () => {
  test.each([
    ['nothing at all', { selection: EMPTY_SELECTION }, 'nothing_selected'],
    ['what is not offered', { selection: { ...MAIL, mail: { ...READ, act: 'send' as const } } }, 'not_in_plan'],
    [
      'a level that the category does not have',
      { selection: { ...MAIL, contacts: { ...READ, sync: 'limited' as const } } },
      'not_in_plan',
    ],
  ] as const)('cannot be %s, not even of an owner', async (_what, request, code) => {
    expect(await ask(OWEN, request)).toEqual(refuse(code));
    expect(await ask(OWEN, { ...request, ...FOR_ONESELF })).toEqual(refuse(code));
    expect(await stored()).toBe(0);
  });

  test.each(['checkDirectory', 'narrowGrant', 'removeGrant'] as const)('may be nothing for %s', async (purpose) => {
    expect(await ask(OWEN, { purpose, selection: EMPTY_SELECTION })).toMatchObject({ kind: 'begun' });
  });

  test('is nothing of the service where this installation has no registration for it', async () => {
    const ports = { ...story.ports, entra: { ...story.ports.entra, offersService: false } };
    const request = { ...FOR_EVERYONE, mode: 'service' } as const;

    expect(await createConsentTransaction(ports, story.as(OWEN), request)).toEqual(refuse('service_not_offered'));
    expect(await createConsentTransaction(ports, story.as(MARA), request)).toEqual(refuse('service_not_offered'));
    expect(await stored()).toBe(0);
  });
});

describe('who asks for everyone', () => {
  test.each(['consent', 'checkDirectory', 'narrowGrant', 'removeGrant'] as const)(
    'needs a product role for %s, before any role of the directory is looked at',
    async (purpose) => {
      expect(await ask(MARA, { purpose })).toEqual(refuse('product_role_required'));
      expect(await ask(MARA, { purpose }, [PRIVILEGED_ROLE_ADMINISTRATOR])).toEqual(refuse('product_role_required'));
      expect(await stored()).toBe(0);
    },
  );

  test('with an individual purpose of an administrator needs the role as well', async () => {
    expect(await ask(MARA, { ...FOR_ONESELF, purpose: 'checkDirectory' })).toEqual(refuse('product_role_required'));
  });

  test.each([
    ['organization', 'consent', [], false],
    ['organization', 'consent', [CLOUD_APPLICATION_ADMINISTRATOR], true],
    ['individual', 'consent', [CLOUD_APPLICATION_ADMINISTRATOR], true],
    ['service', 'consent', [CLOUD_APPLICATION_ADMINISTRATOR], false],
    ['service', 'consent', [PRIVILEGED_ROLE_ADMINISTRATOR], true],
    ['service', 'removeGrant', [CLOUD_APPLICATION_ADMINISTRATOR], true],
    ['organization', 'narrowGrant', [], false],
  ] as const)('in mode %s, for %s, with the directory roles %j (may: %j)', async (mode, purpose, roles, may) => {
    await story.setMember(MARA, { product_role: 'manager' });
    await story.covers({ kind: 'everyone' });
    const result = await ask(MARA, { mode, purpose }, roles);
    const begun = { kind: 'begun', id: expect.any(String), expiresAt: new Date(story.now().getTime() + 600_000) };

    expect(result).toEqual(may ? begun : { ...refuse('directory_role_required'), consent: begun });
    expect(await stored()).toBe(1);
  });

  test('without the directory role leaves a transaction that is refused and cannot be opened', async () => {
    await story.setMember(MARA, { product_role: 'manager' });
    const handedOn = await ask(MARA, {});
    const id = 'consent' in handedOn ? handedOn.consent.id : '';

    expect(await story.consent(id)).toEqual({ state: 'refused', reason: 'notAdministrator' });
    await expect(story.opens(id)).rejects.toThrow('It cannot be opened: used');
  });

  test.each([
    [{ kind: 'people', memberIds: [] }, refuse('nobody_covered')],
    [{ kind: 'people', memberIds: [MARA] }, { kind: 'begun' }],
    [{ kind: 'group', groupId: CONSULTANTS, name: 'Consultants' }, { kind: 'begun' }],
  ] as const)('in service mode for %j is answered by who is covered', async (coverage, answer) => {
    await story.database.kysely
      .updateTable('organizations')
      .set({ coverage: JSON.stringify(coverage) })
      .where('tenant_id', '=', story.tenantId)
      .execute();

    expect(await ask(OWEN, { mode: 'service' })).toMatchObject(answer);
  });
});

describe('who asks for themselves', () => {
  test('needs neither a product role nor a role of the directory', async () => {
    expect(await ask(MARA, FOR_ONESELF)).toMatchObject({ kind: 'begun' });
  });

  test('is refused where an administrator decides, or the switch is off', async () => {
    await story.changes({ enabled: false });
    const whileOff = await ask(MARA, FOR_ONESELF);
    await story.changes({ enabled: true });
    await story.decides(MAIL);

    expect(whileOff).toEqual(refuse('controlled_by_administrator'));
    expect(await ask(MARA, FOR_ONESELF)).toEqual(refuse('controlled_by_administrator'));
  });

  test('is refused as a guest, and where others may connect only', async () => {
    await story.setMember(TOM, { is_guest: true });
    await story.changes({ access: { kind: 'people', memberIds: [OWEN] } });

    expect(await ask(TOM, FOR_ONESELF)).toEqual(refuse('guest_has_no_mailbox'));
    expect(await ask(MARA, FOR_ONESELF)).toEqual(refuse('not_allowed_to_connect'));
    expect(await ask(OWEN, FOR_ONESELF)).toMatchObject({ kind: 'begun' });
    expect(await stored()).toBe(1);
  });

  test('is refused where nobody is known, and so is everyone else there', async () => {
    const stranger = newStory();
    const begin = (request: Partial<ConsentRequest>) =>
      createConsentTransaction(stranger.ports, stranger.as(OWEN), { ...FOR_EVERYONE, ...request });

    expect(await begin(FOR_ONESELF)).toEqual(refuse('tenant_not_onboarded'));
    expect(await begin({})).toEqual(refuse('tenant_not_onboarded'));
  });
});
