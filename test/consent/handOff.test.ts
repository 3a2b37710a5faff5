/** Links with which an administrator grants what someone else asked for: what they stand for, and when they do no more. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createConsentTransaction } from '../../src/consent/createConsentTransaction.ts';
import { type MadeLink, makeLink, resolveLink, revokeLink, startFromLink } from '../../src/consent/handOff.ts';
import { hashOf, parseConsentId } from '../../src/consent/secrets.ts';
import type { ConsentTransaction } from '../../src/domain/records.ts';
import { type ConsentStory, MAIL, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const DAY_MINUTES = 24 * 60;

const newStory = openStories();
let story: ConsentStory;
let asked: ConsentTransaction;

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  asked = await ask();
  await story.history();
});

/** Mara asks for mail, for herself. */
async function ask(): Promise<ConsentTransaction> {
  const begun = await createConsentTransaction(story.ports, story.as(MARA), {
    purpose: 'consent',
    mode: 'individual',
    grantFor: 'self',
    selection: MAIL,
    relevance: null,
    erase: [],
  });
  const { consentHash = '' } = begun.kind === 'begun' ? (parseConsentId(begun.id) ?? {}) : {};
  const consent = await story.ports.store.consent(story.tenantId, consentHash);
  if (consent === null) {
    throw new Error('Nothing was asked');
  }
  return consent;
}

const make = (): Promise<MadeLink> => makeLink(story.ports, story.as(MARA), asked);
const read = (token: string) => resolveLink(story.ports, token);

async function start(token: string): Promise<string> {
  const link = await read(token);
  if (link.kind !== 'link') {
    throw new Error(`The link is ${link.kind}`);
  }
  return startFromLink(story.ports, link);
}

describe('a link', () => {
  test('shows who asks and for what, for seven days, and asks Microsoft for everyone', async () => {
    const { token, expiresAt } = await make();

    expect(expiresAt).toEqual(new Date(story.now().getTime() + 7 * DAY_MINUTES * 60_000));
    expect(await read(token)).toMatchObject({
      kind: 'link',
      link: { memberId: MARA, mode: 'individual', grantFor: 'everyone', selection: MAIL },
      maker: { memberId: MARA },
      organization: { tenantId: story.tenantId },
    });
    expect(await story.history()).toEqual([[MARA, 'link.made', { mode: 'individual', scopes: ['Mail.Read'] }]]);
  });

  test('is not in the database as it is given out', async () => {
    const { token } = await make();
    const links = await story.database.kysely.selectFrom('consent_links').selectAll().execute();

    expect(JSON.stringify(links)).not.toContain(token.split('.').at(-1));
  });

  test('ends after its time, to the minute', async () => {
    const { token } = await make();
    await story.pass(7 * DAY_MINUTES - 1);
    const before = await read(token);
    await story.pass(1);

    expect(before.kind).toBe('link');
    expect(await read(token)).toEqual({ kind: 'expired' });
  });

  test('that is taken back does nothing more; taking it back again says nothing', async () => {
    const { token } = await make();
    await revokeLink(story.ports, story.as(MARA), asked.consentHash);
    await story.history();
    await revokeLink(story.ports, story.as(MARA), asked.consentHash);

    expect(await read(token)).toEqual({ kind: 'revoked' });
    expect(await story.history()).toEqual([]);
  });

  test('that is made again replaces the former one', async () => {
    const first = await make();
    const second = await make();

    expect(await read(first.token)).toEqual({ kind: 'revoked' });
    expect(await read(second.token)).toMatchObject({ kind: 'link' });
  });

  test.each(['', 'nonsense', 'AAAA.BBBB'])('that was never made (%j) is unknown', async (token) => {
    expect(await read(token)).toEqual({ kind: 'unknown' });
  });
});

describe('whoever continues to Microsoft from it', () => {
  test('permits everyone, and who asked has what they chose', async () => {
    const { token } = await make();
    const id = await start(token);
    await story.accepts(id, OWEN);
    await story.pass(1);
    await story.opensThePage(MARA);
    await story.opensThePage(TOM);

    expect(await story.consent(id)).toMatchObject({ reason: null });
    expect((await story.ports.store.organization(story.tenantId))?.mode).toBe('individual');
    expect(await story.reason(MARA)).toBe('onByOwnChoice');
    expect(await story.reason(TOM)).toBe('offByOwnChoice');
  });

  test('can do so as often as they like, each time anew', async () => {
    const { token } = await make();
    const first = await start(token);
    const second = await start(token);

    expect(first).not.toBe(second);
    expect(await story.consent(second)).toEqual({ state: 'started', reason: null });
    expect((await story.history()).map(([actor, action]) => [actor, action])).toEqual([
      [MARA, 'link.made'],
      [null, 'link.opened'],
      [null, 'link.opened'],
    ]);
  });

  test('grants nothing to who has said otherwise since', async () => {
    const { token } = await make();
    const id = await start(token);
    await story.turnsOn(MARA, MAIL);
    await story.changesSync(MARA, { selection: { mail: { sync: 'off', act: 'none', shared: false } } });
    await story.accepts(id, OWEN);
    await story.pass(1);
    await story.opensThePage(MARA);

    expect(await story.reason(MARA)).toBe('offByOwnChoice');
  });

  test('grants nothing to who asked once the link was taken back', async () => {
    const { token } = await make();
    const id = await start(token);
    await revokeLink(story.ports, story.as(MARA), asked.consentHash);
    await story.accepts(id, OWEN);
    await story.pass(1);
    await story.opensThePage(MARA);

    expect(await story.reason(MARA)).toBe('offByOwnChoice');
  });
});

describe('what is written of a link', () => {
  test('is the whole request, on what it was made on', async () => {
    const { token, expiresAt } = await make();
    const link = await read(token);

    expect(link.kind === 'link' ? link.link : link).toEqual({
      tenantId: story.tenantId,
      memberId: MARA,
      linkHash: hashOf(token),
      consentHash: asked.consentHash,
      purpose: 'consent',
      mode: 'individual',
      grantFor: 'everyone',
      selection: MAIL,
      relevance: null,
      erase: [],
      basisNumber: asked.basedOn.kind === 'connection' ? asked.basedOn.epoch : 0,
      createdAt: story.now(),
      expiresAt,
      revokedAt: null,
    });
  });

  test('says who made it, who took it back, and nothing of who opened it', async () => {
    story.recorded();
    const { token } = await make();
    const id = await start(token);
    await revokeLink(story.ports, story.as(MARA), asked.consentHash);
    const acts = (...act: readonly unknown[]) => ({ acts: [act], tell: [], wake: [] });

    expect(story.recorded()).toEqual([
      acts(MARA, 'link.made', asked.consentHash, { mode: 'individual', scopes: ['Mail.Read'] }),
      acts(null, 'link.opened', hashOf(id), { mode: 'individual' }),
      acts(MARA, 'link.revoked', asked.consentHash, {}),
    ]);
  });

  test('to read it starts nothing', async () => {
    const { token } = await make();
    story.recorded();
    await read(token);
    await read(token);
    const rows = await story.database.kysely
      .selectFrom('consents')
      .select('consent_hash')
      .where('tenant_id', '=', story.tenantId)
      .execute();

    expect(rows).toHaveLength(1);
    expect(story.recorded()).toEqual([]);
  });

  test("of someone else's consent is left alone by taking back one's own", async () => {
    const { token } = await make();
    const other = await ask();
    await revokeLink(story.ports, story.as(MARA), other.consentHash);

    expect(await read(token)).toMatchObject({ kind: 'link' });
  });

  test('is refused to who has a link that ended and was taken back, as taken back', async () => {
    const { token } = await make();
    await revokeLink(story.ports, story.as(MARA), asked.consentHash);
    await story.pass(8 * DAY_MINUTES);

    expect(await read(token)).toEqual({ kind: 'revoked' });
  });
});

describe('what a transaction from a link stands on', () => {
  const basisOf = async (id: string) => (await story.ports.store.consent(story.tenantId, hashOf(id)))?.basedOn;

  /** Mara asks for everyone, and has a link made of it. */
  async function makeForEveryone(): Promise<{ readonly origin: ConsentTransaction | null; readonly token: string }> {
    const begun = await createConsentTransaction(story.ports, story.as(MARA), {
      purpose: 'consent',
      mode: 'organization',
      grantFor: 'everyone',
      selection: MAIL,
      relevance: null,
      erase: [],
    });
    const id = 'consent' in begun ? begun.consent.id : begun.kind;
    const origin = await story.ports.store.consent(story.tenantId, hashOf(id));
    const { token } = origin === null ? { token: '' } : await makeLink(story.ports, story.as(MARA), origin);
    return { origin, token };
  }

  test("is what a member's request was made on, however late it is opened", async () => {
    const { token } = await make();
    await story.ports.store.transact((writer) => writer.raiseEpoch(story.tenantId, MARA));
    await story.changes({ enabled: true });
    await story.changes({ enabled: true });

    expect(await basisOf(await start(token))).toEqual(asked.basedOn);
  });

  test("is what the organization is now for a manager's request", async () => {
    await story.setMember(MARA, { product_role: 'manager' });
    const { origin, token } = await makeForEveryone();
    await story.changes({ enabled: true });
    const version = (await story.ports.store.organization(story.tenantId))?.version;
    const started = await start(token);
    await story.accepts(started, OWEN);

    expect(origin?.basedOn).not.toEqual({ kind: 'settings', version });
    expect(await basisOf(started)).toEqual({ kind: 'settings', version });
    expect((await story.ports.store.organization(story.tenantId))?.mode).toBe('organization');
  });

  test('decides nothing where whoever granted has no product role', async () => {
    await story.setMember(MARA, { product_role: 'owner' });
    const { token } = await makeForEveryone();
    await story.setMember(OWEN, { product_role: null });
    await story.accepts(await start(token), OWEN);

    expect(await story.ports.store.organization(story.tenantId)).toMatchObject({
      mode: 'individual',
      grant: { state: 'verified', scopes: ['Mail.Read'] },
    });
  });
});
