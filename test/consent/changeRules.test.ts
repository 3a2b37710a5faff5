/** Rules change: who may change them, what is looked through again, and what of them anyone else hears. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeOrganization } from '../../src/consent/changeOrganization.ts';
import { changeRules } from '../../src/consent/changeRules.ts';
import type { ConsentPorts } from '../../src/consent/ports.ts';
import { type MemberRules, NO_RULES, type RulesChange } from '../../src/domain/memberRules.ts';
import { refuse } from '../../src/domain/problems.ts';
import { AT_FIRST, countsOf, NO_FILTERS, type RelevancePolicy } from '../../src/domain/relevance.ts';
import { type ConsentStory, MAIL, MARA, OWEN, TOM, openStories } from '../support/consentStory.ts';

const CHANGED = { kind: 'changed' };
const SUPPORT = { id: '7c2a9e10-0003-4c3d-8e5f-100000000001', address: 'support@harborreed.example', closed: [] };
const NEVER_SEEN = '7c2a9e10-0001-4c3d-8e5f-100000000009';

const newStory = openStories();
let story: ConsentStory;
let ports: ConsentPorts;
let reviews: unknown[];

beforeEach(async () => {
  story = newStory();
  await story.begin(MARA, TOM);
  await story.turnsOn(MARA, MAIL);
  reviews = [];
  ports = reviewing(story.ports);
  story.recorded();
});

/** The same ports, which note what is looked through again, of whom, and whether more may be relevant then. */
function reviewing({ store, ...rest }: ConsentPorts): ConsentPorts {
  return {
    ...rest,
    store: {
      ...store,
      transact: (work) =>
        store.transact((writer) =>
          work({
            ...writer,
            startReview: (tenantId, memberId, review) => {
              reviews.push([memberId, review.isWider]);
              return writer.startReview(tenantId, memberId, review);
            },
          }),
        ),
    },
  };
}

const exclude = (value: string) => ({ kind: 'exclude', what: { kind: 'domain', value } }) as const;
const include = (value: string) => ({ kind: 'include', what: { kind: 'domain', value } }) as const;
const change = (what: RulesChange, memberId = MARA) => changeRules(ports, { tenantId: story.tenantId, memberId }, what);

/** What is stored, as the member reads it. */
async function rules(memberId = MARA): Promise<MemberRules> {
  const vault = await story.ports.rules.open(story.tenantId, memberId);
  return vault.read(await story.ports.store.transact((writer) => writer.sealedRules(story.tenantId, memberId)));
}

const withPolicy = (policy: Partial<RelevancePolicy>): MemberRules => ({
  ...NO_RULES,
  policy: { ...NO_FILTERS, ...policy },
});

describe("a member's own rules", () => {
  test('leave out less, or more, of what is stored, and stop late writers', async () => {
    const before = await story.epochs();
    const changed = await change(exclude('doctor.example'));

    expect(changed).toEqual(CHANGED);
    expect(await rules()).toEqual(withPolicy({ excludedDomains: ['doctor.example'] }));
    expect(await story.epochs()).toEqual({ ...before, [MARA]: 3 });
    expect(reviews).toEqual([[MARA, false]]);
    expect(story.recorded()).toEqual([
      {
        acts: [[MARA, 'sync.rulesChanged', MARA, countsOf({ ...NO_FILTERS, excludedDomains: ['doctor.example'] })]],
        tell: [MARA],
        wake: [MARA],
      },
    ]);
  });

  test('change in any mode, and are told by counts alone', async () => {
    await story.decides(MAIL);
    await story.opensThePage(MARA);
    story.recorded();

    expect(await change(exclude('doctor.example'))).toEqual(CHANGED);
    const recorded = JSON.stringify(story.recorded());
    expect(recorded).toContain('"excludedDomains":1');
    expect(recorded).not.toContain('doctor');
  });

  test('are sealed, but for how long things are kept', async () => {
    await change(exclude('doctor.example'));
    await change({ kind: 'settings', settings: { retentionDays: 30 } });
    const rows = await story.database.kysely
      .selectFrom('members')
      .select(['rules', 'retention_days'])
      .where('tenant_id', '=', story.tenantId)
      .where('member_id', '=', MARA)
      .execute();

    expect(rows).toEqual([{ rules: expect.any(Uint8Array), retention_days: 30 }]);
    expect(Buffer.from(rows[0]?.rules ?? []).toString('latin1')).not.toContain('doctor');
    expect(await rules(TOM)).toEqual(NO_RULES);
  });

  test.each([
    ['an exclusion that is taken back', exclude('doctor.example'), include('doctor.example'), true],
    ['one exclusion more', exclude('doctor.example'), exclude('bank.example'), false],
    [
      'a shorter look back',
      { kind: 'settings', settings: { lookBackDays: 30 } },
      { kind: 'settings', settings: { lookBackDays: 7 } },
      false,
    ],
    [
      'a longer look back',
      { kind: 'settings', settings: { lookBackDays: 7 } },
      { kind: 'settings', settings: { lookBackDays: 30 } },
      true,
    ],
  ] as const)('with %s have mail read again only where more may be relevant', async (_what, first, second, isWider) => {
    await change(first);
    reviews = [];
    await change(second);

    expect(reviews).toEqual([[MARA, isWider]]);
  });

  test.each([
    ['the same again', exclude('doctor.example')],
    ['an end of what is not there', include('bank.example')],
    ['nothing', { kind: 'settings', settings: {} }],
    ['a mailbox that is not named', { kind: 'unshare', mailboxId: SUPPORT.id }],
  ] as const)('that say %s change nothing', async (_what, second) => {
    await change(exclude('doctor.example'));
    story.recorded();
    reviews = [];
    const before = await story.epochs();

    expect(await change(second)).toEqual(CHANGED);
    expect(await story.epochs()).toEqual(before);
    expect([reviews, story.recorded()]).toEqual([[], []]);
  });

  test('of two changes at once both hold', async () => {
    await Promise.all([change(exclude('doctor.example')), change(exclude('bank.example'))]);

    expect((await rules()).policy.excludedDomains.toSorted()).toEqual(['bank.example', 'doctor.example']);
  });

  test('grow no further than can be judged quickly', async () => {
    const excludedDomains = Array.from({ length: 200 }, (_each, count) => `n${count}.example`);
    const vault = await story.ports.rules.open(story.tenantId, MARA);
    const sealed = vault.seal(withPolicy({ excludedDomains }));
    await story.ports.store.transact((writer) => writer.setRules(story.tenantId, MARA, sealed, null));

    expect(await change(exclude('one.more.example'))).toEqual(refuse('too_many_rules'));
    expect(await rules()).toEqual(withPolicy({ excludedDomains }));
    expect([reviews, story.recorded()]).toEqual([[], []]);
  });

  test('of a stranger, or where nobody is known, are refused', async () => {
    const stranger = newStory();

    expect(await change(exclude('x.example'), NEVER_SEEN)).toEqual(refuse('tenant_not_onboarded'));
    expect(await changeRules(stranger.ports, stranger.as(MARA), exclude('x.example'))).toEqual(
      refuse('tenant_not_onboarded'),
    );
    expect(story.recorded()).toEqual([]);
  });
});

describe('a shared mailbox', () => {
  test('that is named has nothing looked through, and is told by number', async () => {
    expect(await change({ kind: 'share', mailbox: SUPPORT })).toEqual(CHANGED);
    expect(await rules()).toEqual({ ...NO_RULES, mailboxes: [SUPPORT] });
    expect(reviews).toEqual([]);
    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'sync.mailboxesChanged', MARA, { named: 1 }]], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('that is forgotten has what was stored of it looked for', async () => {
    await change({ kind: 'share', mailbox: SUPPORT });
    story.recorded();
    await change({ kind: 'unshare', mailboxId: SUPPORT.id });

    expect(await rules()).toEqual(NO_RULES);
    expect(reviews).toEqual([[MARA, false]]);
    expect(story.recorded()).toEqual([
      { acts: [[MARA, 'sync.mailboxesChanged', MARA, { named: 0 }]], tell: [MARA], wake: [MARA] },
    ]);
  });

  test('that is closed for something since is looked through, under the id that it had', async () => {
    await change({ kind: 'share', mailbox: SUPPORT });
    await change({ kind: 'share', mailbox: { ...SUPPORT, id: NEVER_SEEN, closed: ['calendar'] } });

    expect((await rules()).mailboxes).toEqual([{ ...SUPPORT, closed: ['calendar'] }]);
    expect(reviews).toEqual([[MARA, false]]);
  });

  test('is one of twenty at most', async () => {
    const mailboxes = Array.from({ length: 20 }, (_each, count) => ({
      ...SUPPORT,
      address: `n${count}@harborreed.example`,
    }));
    const vault = await story.ports.rules.open(story.tenantId, MARA);
    const sealed = vault.seal({ ...NO_RULES, mailboxes });
    await story.ports.store.transact((writer) => writer.setRules(story.tenantId, MARA, sealed, null));

    expect(await change({ kind: 'share', mailbox: SUPPORT })).toEqual(refuse('too_many_mailboxes'));
    expect((await rules()).mailboxes).toHaveLength(20);
    expect(story.recorded()).toEqual([]);
  });
});

describe('a key that an erasure destroys', () => {
  /** The rules' key is destroyed after it was opened, as often as said. */
  function destroyed(times: number): void {
    const { rules: vault, ...rest } = ports;
    let left = times;
    ports = {
      ...rest,
      rules: {
        ...vault,
        open: async (tenantId, memberId) => {
          const opened = await vault.open(tenantId, memberId);
          left -= 1;
          return left >= 0 ? { ...opened, isCurrent: () => Promise.resolve(false) } : opened;
        },
      },
    };
  }

  test('while a change is made has it made again with the next one', async () => {
    destroyed(2);

    expect(await change(exclude('doctor.example'))).toEqual(CHANGED);
    expect(await rules()).toEqual(withPolicy({ excludedDomains: ['doctor.example'] }));
    expect(story.recorded()).toHaveLength(1);
  });

  test('three times over is a conflict, and nothing is sealed with it', async () => {
    destroyed(3);

    expect(await change(exclude('doctor.example'))).toEqual(refuse('version_conflict'));
    expect(await rules()).toEqual(NO_RULES);
    expect([reviews, story.recorded()]).toEqual([[], []]);
  });

  test('leaves rules that do not open, and the next change writes them anew although it says what holds', async () => {
    await change(exclude('doctor.example'));
    await story.ports.rules.destroy(story.tenantId, MARA);
    story.recorded();

    expect(await change({ kind: 'settings', settings: {} })).toEqual(CHANGED);
    expect(await rules()).toEqual(NO_RULES);
    expect(story.recorded()).toMatchObject([{ acts: [[MARA, 'sync.rulesChanged', MARA, {}]] }]);
  });
});

describe("the organization's rules", () => {
  const relevance = { ...AT_FIRST, excludedDomains: ['quillworks.example'] };
  const organization = () => story.ports.store.organization(story.tenantId);

  async function decide(policy: RelevancePolicy): Promise<void> {
    await changeOrganization(ports, story.as(OWEN), { relevance: policy }, (await organization())?.version ?? 0);
  }

  test('have what is stored of everyone looked through', async () => {
    await decide(relevance);

    expect((await organization())?.relevance).toEqual(relevance);
    expect(reviews).toEqual([[null, false]]);
    expect(story.recorded()).toEqual([
      {
        acts: [[OWEN, 'organization.relevanceChanged', null, countsOf(relevance)]],
        tell: 'everyone',
        wake: 'everyone',
      },
    ]);
  });

  test('that leave out less have mail read again', async () => {
    await decide(relevance);
    reviews = [];
    await decide(AT_FIRST);

    expect(reviews).toEqual([[null, true]]);
  });

  test('that say the same have nothing looked through', async () => {
    await decide(AT_FIRST);

    expect(reviews).toEqual([]);
  });
});
