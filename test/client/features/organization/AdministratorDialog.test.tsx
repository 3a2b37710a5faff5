/** What an administrator confirms is exactly what Microsoft is asked for, or what is changed at once. */
import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import {
  AdministratorDialog,
  type GrantKind,
} from '../../../../src/client/features/organization/AdministratorDialog.tsx';
import type { OrganizationDocument } from '../../../../src/contract/api/organization.ts';
import { SETTINGS_AT_FIRST } from '../../../../src/domain/ruleSettings.ts';
import { EMPTY_SELECTION } from '../../../../src/domain/selection.ts';
import { aHost } from '../../../support/aHost.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { anOrganization, GRANT, NO_RULES } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { isEnabled, press, textsOf, write } from '../../../support/onScreen.ts';

const FULL = { sync: 'full', act: 'none', shared: false } as const;
const HELD = ['Mail.Read', 'Calendars.Read', 'Tasks.Read'];
/** What is proposed at first. */
const PROPOSED = { ...EMPTY_SELECTION, mail: FULL, calendar: FULL };
const RELEVANCE = { ...NO_RULES, ...SETTINGS_AT_FIRST, ignoredDomains: ['harborreed.example'] };
const CONSENTS = '/api/organization/consents';
const CONFIRM = 'I am an administrator of this organization';
const NO_ONE = { people: 0, starts: [], stops: [], signInSilently: [], signInAsked: [] };
const GRANTED: Partial<OrganizationDocument> = {
  mode: 'organization',
  selection: PROPOSED,
  grant: { ...GRANT, scopes: HELD },
};

function open(
  kind: GrantKind,
  more: Partial<OrganizationDocument> = {},
  answers: Readonly<Record<string, Answer>> = {},
) {
  const started = { id: 'c1', startUrl: 'https://assent.test/consent/start/c1', expiresAt: '2026-11-21T13:00:00.000Z' };
  const { api, calls } = anApi({
    [`POST ${CONSENTS}`]: started,
    'POST /api/organization/preview': NO_ONE,
    'POST /api/organization/relevance/preview': { looked: 0, excluded: 0, isComplete: true },
    ...answers,
  });
  const windows: string[] = [];
  const host = aHost({
    openPopup: (url) => {
      windows.push(url);
      return { ended: new Promise(() => undefined), close: () => undefined };
    },
  });
  let closings = 0;
  const close = () => {
    closings += 1;
  };
  const dialog = (organization: OrganizationDocument) => (
    <AdministratorDialog isOpen host={host} kind={kind} organization={organization} onClose={close} />
  );
  const organization = anOrganization({ relevance: RELEVANCE, ...more });
  const { rerender } = render(dialog(organization), { wrapper: inApp(api) });
  const to = (path: string) => calls.filter((call) => call.path === path);
  return {
    windows,
    to,
    asked: () => to(CONSENTS).map(({ body }) => body),
    changes: () => to('/api/organization'),
    closings: () => closings,
    update: (change: Partial<OrganizationDocument>) => rerender(dialog({ ...organization, ...change })),
  };
}

const confirm = () => fireEvent.click(screen.getByRole('checkbox', { name: CONFIRM }));

/** The permissions that the dialog names, by Microsoft's names. */
const permissions = () => textsOf('listitem').map((text) => /“(.*)”/.exec(text ?? '')?.[1]);

describe('before the confirmation', () => {
  test.each([
    ['organization', 'Decide for everyone'],
    ['service', 'Connect the organization as a whole'],
    ['permit', 'Permit people to connect'],
  ] as const)('nothing is asked for: %s', async (kind, title) => {
    const { asked, changes } = open(kind);
    await screen.findByRole('heading', { name: title });

    expect(isEnabled('button', 'Continue to Microsoft')).toBe(false);
    expect([asked(), changes()]).toEqual([[], []]);
  });
});

describe('what is asked for', () => {
  test.each([
    ['organization', { mode: 'organization', relevance: RELEVANCE }],
    ['service', { mode: 'service', relevance: RELEVANCE }],
    // Each person decides, so no rule of the organization's is part of it.
    ['permit', { mode: 'individual' }],
  ] as const)('is the proposal with the rules that hold: %s', async (kind, rest) => {
    const { asked, windows } = open(kind);
    confirm();
    await press('Continue to Microsoft');

    expect(asked()).toEqual([{ selection: PROPOSED, confirmAdministrator: true, ...rest }]);
    expect(windows).toEqual(['https://assent.test/consent/start/c1']);
  });

  test('is what was chosen before, and not the proposal, where something was', async () => {
    const selection = { ...EMPTY_SELECTION, tasks: FULL };
    const { asked } = open('organization', { mode: 'organization', selection });
    confirm();
    await press('Continue to Microsoft');

    expect(asked()).toEqual([{ mode: 'organization', selection, relevance: RELEVANCE, confirmAdministrator: true }]);
  });

  test('follows each choice, with shared mailboxes for people and never for an application', async () => {
    const shared = { ...PROPOSED, mail: { ...FULL, shared: true } };
    const { asked } = open('service', { mode: 'service', selection: shared });
    fireEvent.click(screen.getByRole('checkbox', { name: /^Files/ }));
    confirm();
    await press('Continue to Microsoft');

    expect(asked()).toEqual([
      { mode: 'service', selection: { ...PROPOSED, files: FULL }, relevance: RELEVANCE, confirmAdministrator: true },
    ]);
    expect(screen.queryByRole('checkbox', { name: 'Also shared mailboxes, each named by its address' })).toBeNull();
  });

  test('is nothing where nothing is chosen, which is said', async () => {
    const { asked } = open('organization', { selection: { ...EMPTY_SELECTION, tasks: FULL } });
    fireEvent.click(screen.getByRole('checkbox', { name: /^Tasks/ }));
    confirm();
    await screen.findByText('Choose at least one category.');

    expect(isEnabled('button', 'Continue to Microsoft')).toBe(false);
    expect([asked(), permissions()]).toEqual([[], []]);
  });

  test('is nothing while a rule is not understood', async () => {
    const { asked } = open('organization');
    write('Ignored domains', 'harborreed');
    confirm();
    await screen.findByText('This is no domain: harborreed');

    expect(isEnabled('button', 'Continue to Microsoft')).toBe(false);
    expect(asked()).toEqual([]);
  });
});

describe('the permissions', () => {
  test("are named as Microsoft's page for administrators names them", () => {
    open('organization', { selection: { ...EMPTY_SELECTION, calendar: { ...FULL, sync: 'limited' } } });

    expect(permissions()).toEqual([
      'Read basic details of user calendars',
      'Sign in and read user profile',
      'Maintain access to data you have given it access to',
    ]);
    expect(screen.queryByText('Read and write')).toBeNull();
  });

  test('of the application are the whole fixed list, whatever is chosen', () => {
    open('service', { mode: 'service', selection: { ...EMPTY_SELECTION, mail: FULL } });

    expect(permissions()).toEqual([
      'Read basic mail in all mailboxes',
      'Read mail in all mailboxes',
      'Read basic details of calendars in all mailboxes',
      'Read calendars in all mailboxes',
      'Read contacts in all mailboxes',
      "Read all users' tasks and tasklist",
      'Read files in all site collections',
      "Read all users' full profiles and company properties",
      'Read all group memberships',
    ]);
  });

  test.each([
    ['mail', false],
    ['files', true],
    ['tasks', true],
  ] as const)('of the application for %s reach everyone: %j, which is said', (category, reachesEveryone) => {
    open('service', { mode: 'service', selection: { ...EMPTY_SELECTION, [category]: FULL } });
    const note = 'Exchange cannot narrow tasks and files: there the permission reaches everyone.';

    expect(screen.queryByText(note) !== null).toBe(reachesEveryone);
  });
});

describe('within what Microsoft has granted', () => {
  test('a change needs no confirmation, and is applied to the version that was looked at', async () => {
    const { changes, asked, closings, update } = open('organization', GRANTED, {
      'PATCH /api/organization': anOrganization(),
    });
    fireEvent.click(screen.getByRole('checkbox', { name: /^Tasks/ }));
    expect(screen.getByText('Microsoft has granted this already; nothing more is asked.')).toBeTruthy();
    expect(screen.queryByRole('checkbox', { name: CONFIRM })).toBeNull();
    // Someone else changes it while this person reads.
    update({ version: 8 });
    await press('Apply');
    await waitFor(() => {
      expect(closings()).toBe(1);
    });

    expect(changes()).toEqual([
      {
        method: 'PATCH',
        path: '/api/organization',
        body: { selection: { ...PROPOSED, tasks: FULL }, relevance: RELEVANCE },
        headers: { 'if-match': '"7"' },
      },
    ]);
    expect(asked()).toEqual([]);
  });

  test('a conflict is said, and the choice stays', async () => {
    const { closings } = open('organization', GRANTED, {
      'PATCH /api/organization': aProblem('version_mismatch', 'Somebody changed this meanwhile.', 'Look again.'),
    });
    fireEvent.click(screen.getByRole('checkbox', { name: /^Tasks/ }));
    await press('Apply');

    expect(await screen.findByText('Somebody changed this meanwhile. Look again.')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /^Tasks/ }).checked).toBe(true);
    expect(closings()).toBe(0);
  });

  test.each<[string, GrantKind, Partial<OrganizationDocument>]>([
    ['more is chosen than that', 'organization', { selection: { ...PROPOSED, files: FULL } }],
    ['some of it is gone', 'organization', { grant: { ...GRANT, scopes: HELD, missing: ['Tasks.Read'] } }],
    ['there is no grant', 'organization', { grant: null }],
    ['another mode is asked for', 'service', {}],
    ['people are only permitted to connect', 'permit', {}],
    ['each person still decides', 'organization', { mode: 'individual' }],
  ])('it is not where %s: Microsoft is asked', (_what, kind, more) => {
    open(kind, { ...GRANTED, ...more });

    expect(textsOf('button')).toEqual(['Continue to Microsoft', 'Cancel']);
    expect(screen.getByRole('checkbox', { name: CONFIRM })).toBeTruthy();
  });
});

describe('who is affected', () => {
  const people = (...names: readonly (string | null)[]) => names.map((name, index) => ({ id: `p${index}`, name }));

  test('is asked for what is chosen now, and said by name', async () => {
    const { to } = open(
      'organization',
      {},
      {
        'POST /api/organization/preview': {
          ...NO_ONE,
          starts: people('Mara Ellis', null),
          stops: people('1', '2', '3', '4', '5', '6', '7'),
        },
      },
    );
    await screen.findByText('Starts for 2 people: Mara Ellis, someone');

    expect(screen.getByText('Stops for 7 people: 1, 2, 3, 4, 5 and 2 more')).toBeTruthy();
    expect(to('/api/organization/preview').map(({ body }) => body)).toEqual([
      { mode: 'organization', selection: PROPOSED },
    ]);
  });

  test('is no one where nothing changes', async () => {
    open('service');

    expect(await screen.findByText('Nobody: everything goes on as it is.')).toBeTruthy();
  });

  test('is no question where people are only permitted to connect', () => {
    const { to } = open('permit');

    expect(to('/api/organization/preview')).toEqual([]);
  });
});

test('a refusal at the start is said, and its request can be handed to someone who may grant it', async () => {
  const consent = { id: 'refused', startUrl: 'https://assent.test/x', expiresAt: '2026-11-21T13:00:00.000Z' };
  const { to } = open(
    'organization',
    {},
    {
      [`POST ${CONSENTS}`]: aProblem('not_administrator', 'You are no administrator.', 'Send a link.', { consent }),
      [`POST ${CONSENTS}/refused/link`]: { url: 'https://assent.test/link/1', expiresAt: '2026-11-28T13:00:00.000Z' },
    },
  );
  confirm();
  await screen.findByText('You are no administrator. Send a link.');
  await press('Make a link for an administrator');

  expect(await screen.findByDisplayValue('https://assent.test/link/1')).toBeTruthy();
  expect(to(`${CONSENTS}/refused/link`).map(({ method }) => method)).toEqual(['POST']);
});
