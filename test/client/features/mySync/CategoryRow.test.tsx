/** One row says what holds, who decided it and what can be done, and offers nothing that the person cannot do. */
import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import { CategoryRow } from '../../../../src/client/features/mySync/CategoryRow.tsx';
import type { OrganizationDocument } from '../../../../src/contract/api/organization.ts';
import type { Offer, Sync } from '../../../../src/contract/api/sync.ts';
import type { Category } from '../../../../src/domain/categories/categories.ts';
import { type Level, OFF } from '../../../../src/domain/levels.ts';
import { type Reason, REASON_WORDS, REASONS } from '../../../../src/domain/reasons.ts';
import { EMPTY_SELECTION } from '../../../../src/domain/selection.ts';
import screens from '../../../../src/text/en/screens.json' with { type: 'json' };
import { anApi, aProblem } from '../../../support/anApi.ts';
import { anOrganization, aProgress, aSync } from '../../../support/apiDocuments.ts';
import { inApp, NORTHGATE } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

const FULL: Level = { sync: 'full', act: 'none', shared: false };
const HEADERS: Level = { sync: 'limited', act: 'none', shared: false };
type Decision = NonNullable<Sync['decisions'][Category]>;

/** What `decide` makes of a reason, where each member decides. */
function decided(
  reason: Reason,
  more: Partial<Decision> = {},
  mode: 'individual' | 'tenantWide' = 'individual',
): Decision {
  const effective = REASONS[reason].standing === 'runs' ? FULL : OFF;
  return { effective, reason, notes: [], ...REASONS[reason][mode], ...more };
}

interface Shown {
  readonly category?: Category;
  readonly sync?: Partial<Sync>;
  readonly organization?: OrganizationDocument;
}

function show(decision: Decision, { category = 'mail', sync = {}, organization = anOrganization() }: Shown = {}) {
  const { api, sent } = anApi({ 'PATCH /api/me/sync': aProblem('paused', 'It is paused for everyone.', 'Ask them.') });
  const clicks: string[] = [];
  const { container } = render(
    <CategoryRow
      category={category}
      sync={aSync({ decisions: { [category]: decision }, ...sync })}
      organization={organization}
      onTurnOn={() => clicks.push('on')}
      onTurnOff={() => clicks.push('off')}
      onPause={() => clicks.push('pause')}
    />,
    { wrapper: inApp(api) },
  );
  return { clicks, sent, text: () => container.textContent };
}

/** The switch of mail, or what stands in its place. */
function control() {
  const toggle = screen.queryByRole<HTMLInputElement>('switch', { name: 'Mail sync' });
  return toggle === null
    ? screen.queryByRole('img', { name: 'Only an administrator can change this' }) === null
      ? 'nothing'
      : 'lock'
    : `${toggle.checked ? 'on' : 'off'}${toggle.disabled ? ', disabled' : ''}`;
}

describe('the reason', () => {
  test.each(REASON_WORDS)('%s is said in its own words', (reason) => {
    const { text } = show(decided(reason));

    expect(text()).toContain(screens[`reason.${reason}`].replace('{recipient}', NORTHGATE.name));
  });

  test.each([
    [
      'with those who can be asked',
      [
        { name: 'Owen Park', role: 'owner' },
        { name: null, role: 'manager' },
        { name: 'Priya Nair', role: 'manager' },
      ],
      'Ask: Owen Park, Priya Nair',
    ],
    [
      'and that no one can be asked yet',
      [],
      'No administrator has opened Assent yet. Ask your Microsoft 365 administrator to open it.',
    ],
  ] as const)('that needs an administrator is said %s', (_who, people, text) => {
    const shown = show(decided('notAllowed'), { organization: anOrganization({ people: [...people] }) });

    expect(shown.text()).toContain(`Your administrator has not included you.  ${text}`);
  });

  test('that needs no administrator names none', () => {
    const { text } = show(decided('onByOwnChoice'), {
      organization: anOrganization({ people: [{ name: 'Owen Park', role: 'owner' }] }),
    });

    expect(text()).not.toContain('Owen Park');
  });

  test('of a pause says when it ends, where it does', () => {
    const until = '2026-11-22T08:00:00.000Z';
    const when = new Date(until).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
    const { text } = show(decided('paused', { until }));

    expect(text()).toContain(`Paused by you. It resumes by itself: ${when}.`);
  });
});

describe('the switch', () => {
  test.each([
    ['onByOwnChoice', FULL, 'on', 'off'],
    ['grantedLess', FULL, 'on', 'off'],
    ['offByOwnChoice', OFF, 'off', 'on'],
    ['paused', FULL, 'on', 'off'],
    // What Microsoft has to be asked for is off, whatever was chosen.
    ['consentNeeded', FULL, 'off', 'on'],
    ['consentRevoked', FULL, 'off', 'on'],
    ['reauthenticate', FULL, 'on', 'off'],
    ['consentNeeded', OFF, 'off', 'on'],
    // What the person wanted can be taken back, whatever blocks it.
    ['pausedByAdministrator', FULL, 'on', 'off'],
    ['integrationOff', FULL, 'on', 'off'],
    ['consentNeedsAdministrator', FULL, 'on', 'off'],
  ] as const)('for %s, having chosen %j, is %s and a click turns %s', (reason, chosen, state, click) => {
    const { clicks } = show(decided(reason), { sync: { preference: { ...EMPTY_SELECTION, mail: chosen } } });

    expect(control()).toBe(state);
    fireEvent.click(screen.getByRole('switch'));
    expect(clicks).toEqual([click]);
  });

  test('cannot be used while data is erased', () => {
    show(decided('erasing'), { sync: { preference: { ...EMPTY_SELECTION, mail: FULL } } });

    expect(control()).toBe('off, disabled');
  });

  test.each(['notAllowed', 'offByAdministrator', 'mailboxNone', 'pausedByAdministrator'] as const)(
    'is a lock for %s where nothing was chosen',
    (reason) => {
      show(decided(reason));

      expect(control()).toBe('lock');
    },
  );

  test.each([
    ['organization', 'onByAdministrator', 'Read'],
    ['organization', 'offByAdministrator', 'Off'],
    ['service', 'onByAdministrator', 'Read'],
  ] as const)('is a lock in %s mode for %s, whatever was chosen once', (mode, reason, level) => {
    const { text } = show(decided(reason, {}, 'tenantWide'), {
      sync: { mode, preference: { ...EMPTY_SELECTION, mail: FULL } },
    });

    expect(control()).toBe('lock');
    expect(text()).toMatch(new RegExp(`^Mail${level}`));
    expect(textsOf('button')).toEqual([]);
  });
});

describe('the buttons', () => {
  test.each([
    ['onByOwnChoice', 'mail', ['Change level', 'Pause']],
    ['onByOwnChoice', 'contacts', ['Change level', 'Pause']],
    // There is one level, and nothing that others share.
    ['onByOwnChoice', 'tasks', ['Pause']],
    ['onByOwnChoice', 'files', ['Pause']],
    ['grantedLess', 'mail', ['Ask Microsoft', 'Pause']],
    ['paused', 'mail', ['Resume']],
    ['consentNeeded', 'mail', ['Ask Microsoft']],
    ['consentNeedsSomeone', 'mail', ['Ask Microsoft']],
    ['consentRevoked', 'mail', ['Grant again']],
    ['offByOwnChoice', 'mail', []],
    ['pausedByAdministrator', 'mail', []],
    ['notAllowed', 'mail', []],
    ['erasing', 'mail', []],
  ] as const)('for %s of %s are %j', (reason, category, buttons) => {
    show(decided(reason), { category });

    expect(textsOf('button')).toEqual(buttons);
  });

  test.each([
    ['onByOwnChoice', 'Change level', 'on'],
    ['onByOwnChoice', 'Pause Mail', 'pause'],
    ['consentNeeded', 'Ask Microsoft', 'on'],
  ] as const)('for %s: %s opens %s, and asks nothing of the server', async (reason, name, click) => {
    const { clicks, sent } = show(decided(reason));
    await press(name);

    expect(clicks).toEqual([click]);
    expect(sent()).toEqual([]);
  });

  test('resuming ends the pause of this category, and says so where it cannot', async () => {
    const { sent } = show(decided('paused'));
    await press('Resume Mail');

    expect(await screen.findByText('It is paused for everyone. Ask them.')).toBeTruthy();
    expect(sent()).toEqual([{ method: 'PATCH', path: '/api/me/sync', body: { pause: { mail: null } } }]);
  });
});

describe('what only an administrator can grant', () => {
  const offer = (mayConsent: Offer['mayConsent'], source: Offer['source']) => {
    const full = { mayConsent, source, checkedAt: null };
    return { offers: { mail: { limited: full, full } } };
  };

  test.each([
    ['policy', 'Your organization lets only administrators grant this.'],
    ['likely', 'Your organization probably lets only administrators grant this.'],
  ] as const)('is said before the click, by %s: %s', async (source, sentence) => {
    const { clicks } = show(decided('offByOwnChoice'), { sync: offer('no', source) });
    await press('Ask an administrator');

    expect(screen.getByText(sentence)).toBeTruthy();
    expect(clicks).toEqual(['on']);
  });

  test.each([
    ['what may be granted', 'offByOwnChoice', { ...offer('yes', 'policy') }],
    ['what is not known', 'offByOwnChoice', { ...offer('unknown', null) }],
    ['what is on', 'onByOwnChoice', { ...offer('no', 'policy') }],
    ['what others decide', 'offByOwnChoice', { ...offer('no', 'policy'), mode: 'organization' }],
  ] as const)('is not said of %s', (_what, reason, sync) => {
    show(decided(reason), { sync });

    expect(screen.queryByRole('button', { name: 'Ask an administrator' })).toBeNull();
  });
});

describe('what is read', () => {
  test.each([
    [FULL, 'Messages with their text, in all of your folders. Attachments are not copied.'],
    [HEADERS, 'Who wrote to whom, when, and the subject. Never the text or the attachments.'],
    [{ ...HEADERS, shared: true }, 'The shared mailboxes that you name below are read as well.'],
    [OFF, 'Messages in all of your folders. Nothing is read while this is off.'],
  ])('at %j is said', (effective, sentence) => {
    expect(show(decided('onByOwnChoice', { effective })).text()).toContain(sentence);
  });

  test('is backed by the permissions that it needs, and none where it is off', () => {
    show(decided('onByOwnChoice', { effective: { ...HEADERS, shared: true } }));
    expect(textsOf('listitem')).toEqual([
      expect.stringContaining('Microsoft calls it “Read user basic mail”'),
      expect.stringContaining('Microsoft calls it “Read basic mail you can access”'),
    ]);
  });

  test('names what Microsoft granted beyond it, and where to take that back', () => {
    const decision = decided('onByOwnChoice', { effective: HEADERS, notes: ['overConsented'] });
    const { text } = show(decision, {
      sync: { granted: ['User.Read', 'Mail.Read', 'Mail.ReadBasic', 'Calendars.Read'] },
    });

    expect(text()).toContain('Microsoft has granted more than is used: Mail.Read.');
    expect(screen.getByRole('link', { name: 'Take it back at Microsoft' }).getAttribute('href')).toBe(
      'https://myapps.microsoft.com',
    );
  });

  test('beyond what is used is no matter of the person where others decide', () => {
    show(decided('onByAdministrator', { notes: ['overConsented'] }, 'tenantWide'), { sync: { mode: 'organization' } });

    expect(screen.queryByRole('link')).toBeNull();
  });

  test.each([
    [0, null],
    [1, '1 item could not be read'],
    [3, '3 items could not be read'],
  ])('leaves %d items aside, which is said as %j', (setAside, summary) => {
    show(decided('onByOwnChoice'), { sync: { streams: [aProgress({ setAside })] } });

    expect(screen.queryByText(/could not be read/)?.textContent ?? null).toBe(summary);
  });

  test('of another category has no part in the row', () => {
    const { text } = show(decided('onByOwnChoice'), { sync: { streams: [aProgress({ category: 'calendar' })] } });

    expect(text()).not.toContain('Up to date');
  });
});

test('a category that this installation does not offer has no row', () => {
  const { text } = show(decided('onByOwnChoice'), { sync: { decisions: {} } });

  expect(text()).toBe('');
});
