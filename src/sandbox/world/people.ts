/**
 * The organizations of the sandbox, the people in them, and their groups.
 *
 * Ids are fixed, so that tests, documentation and screenshots speak of the same people. Role ids are
 * Entra's template ids ("Microsoft Entra built-in roles").
 */
export const ROLES = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  cloudApplicationAdministrator: '158c047a-c907-4556-b7ef-446551a6b5f7',
  /** Not a role: every member's token carries it. */
  ordinaryMember: 'b79fbf4d-3ef9-4689-8143-76b194e85509',
} as const;

export const MAILBOX_KINDS = ['cloud', 'onPremises', 'none', 'unlicensed', 'shared', 'disabled'] as const;
export type MailboxKind = (typeof MAILBOX_KINDS)[number];

export interface Person {
  readonly oid: string;
  readonly upn: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly mailbox: MailboxKind;
  readonly isGuest: boolean;
  /** Who may open the mailbox besides its owner, on the first day: object ids. */
  readonly sharedWith: readonly string[];
}

export const CONSENT_POLICIES = [
  'microsoft-user-default-legacy',
  'microsoft-user-default-low',
  'microsoft-user-default-recommended',
  'none',
  'notAdmitted',
] as const;
export type ConsentPolicy = (typeof CONSENT_POLICIES)[number];

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
}

export interface TenantSeed {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
  readonly consentPolicy: ConsentPolicy;
  /** Which of Microsoft's clouds the tenant is in. */
  readonly cloud: 'public' | 'usGovernment';
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
}

function person(
  oid: string,
  upn: string,
  name: string,
  more: Partial<Pick<Person, 'roles' | 'mailbox' | 'isGuest' | 'sharedWith'>> = {},
): Person {
  return { oid, upn, name, roles: [], mailbox: 'cloud', isGuest: false, sharedWith: [], ...more };
}

const ADMIN = { roles: [ROLES.globalAdministrator] };
const CLOUD_ADMIN = { roles: [ROLES.cloudApplicationAdministrator] };

export const TENANT_SEEDS: readonly TenantSeed[] = [
  {
    id: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001',
    domain: 'harborreed.example',
    name: 'Harbor Reed Partners',
    consentPolicy: 'microsoft-user-default-legacy',
    cloud: 'public',
    groups: [
      {
        id: '6e3b0d20-0001-4f5a-9b7c-100000000001',
        name: 'Search team',
        members: ['7c2a9e10-0001-4c3d-8e5f-100000000001', '7c2a9e10-0004-4c3d-8e5f-100000000004'],
      },
      {
        id: '6e3b0d20-0002-4f5a-9b7c-100000000002',
        name: 'Partners',
        members: ['7c2a9e10-0002-4c3d-8e5f-100000000002'],
      },
    ],
    people: [
      person('7c2a9e10-0001-4c3d-8e5f-100000000001', 'mara.ellis@harborreed.example', 'Mara Ellis'),
      person('7c2a9e10-0002-4c3d-8e5f-100000000002', 'owen.park@harborreed.example', 'Owen Park', ADMIN),
      person('7c2a9e10-0003-4c3d-8e5f-100000000003', 'ines.duarte@harborreed.example', 'Ines Duarte', CLOUD_ADMIN),
      person('7c2a9e10-0004-4c3d-8e5f-100000000004', 'tom.whitaker@harborreed.example', 'Tom Whitaker'),
      person(
        '7c2a9e10-0005-4c3d-8e5f-100000000005',
        'priya.nair_lindqvist.example#EXT#@harborreed.example',
        'Priya Nair',
        {
          isGuest: true,
          mailbox: 'none',
        },
      ),
      person('7c2a9e10-0006-4c3d-8e5f-100000000006', 'felix.brandt@harborreed.example', 'Felix Brandt', {
        mailbox: 'disabled',
      }),
      person('7c2a9e10-0007-4c3d-8e5f-100000000007', 'lena.vogt@harborreed.example', 'Lena Vogt', {
        mailbox: 'unlicensed',
      }),
      person('7c2a9e10-0008-4c3d-8e5f-100000000008', 'hugo.marsh@harborreed.example', 'Hugo Marsh', {
        mailbox: 'onPremises',
      }),
      person('7c2a9e10-0009-4c3d-8e5f-100000000009', 'careers@harborreed.example', 'Careers', {
        mailbox: 'shared',
        sharedWith: ['7c2a9e10-0001-4c3d-8e5f-100000000001', '7c2a9e10-0004-4c3d-8e5f-100000000004'],
      }),
    ],
  },
  {
    id: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1002',
    domain: 'lindqvist.example',
    name: 'Lindqvist Search Group',
    consentPolicy: 'microsoft-user-default-recommended',
    cloud: 'public',
    groups: [
      {
        id: '6e3b0d20-0011-4f5a-9b7c-200000000001',
        name: 'Consultants',
        members: ['7c2a9e10-0011-4c3d-8e5f-200000000001', '7c2a9e10-0013-4c3d-8e5f-200000000003'],
      },
    ],
    people: [
      person('7c2a9e10-0011-4c3d-8e5f-200000000001', 'priya.nair@lindqvist.example', 'Priya Nair'),
      person('7c2a9e10-0012-4c3d-8e5f-200000000002', 'astrid.lindqvist@lindqvist.example', 'Astrid Lindqvist', ADMIN),
      person('7c2a9e10-0013-4c3d-8e5f-200000000003', 'sam.osei@lindqvist.example', 'Sam Osei'),
    ],
  },
  {
    id: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1003',
    domain: 'okafor.example',
    name: 'Okafor Legal',
    consentPolicy: 'notAdmitted',
    cloud: 'public',
    groups: [],
    people: [
      person('7c2a9e10-0021-4c3d-8e5f-300000000001', 'ruth.okafor@okafor.example', 'Ruth Okafor', ADMIN),
      person('7c2a9e10-0022-4c3d-8e5f-300000000002', 'daniel.cho@okafor.example', 'Daniel Cho'),
    ],
  },
  {
    id: '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1004',
    domain: 'fortwren.example',
    name: 'Fort Wren Logistics',
    consentPolicy: 'none',
    cloud: 'usGovernment',
    groups: [],
    people: [
      person('7c2a9e10-0031-4c3d-8e5f-400000000001', 'grace.bell@fortwren.example', 'Grace Bell', ADMIN),
      person('7c2a9e10-0032-4c3d-8e5f-400000000002', 'ian.moss@fortwren.example', 'Ian Moss'),
    ],
  },
];
