/** A member with what is stored of them and what Microsoft would say, for the use cases on content. */
import type { ContentPorts, Looked, FiledMessage } from '../../src/content/ports.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { factsOf } from '../../src/domain/decisionFacts.ts';
import { type MemberRules, NO_RULES, type RulesChange } from '../../src/domain/memberRules.ts';
import type { Connection, Member, Organization } from '../../src/domain/records.ts';
import { NO_FILTERS } from '../../src/domain/relevance.ts';
import { AT, CONNECTED, HARBOR_REED, MARA } from './storedRecords.ts';

export interface ContentWorld {
  organization: Organization;
  member: Member;
  connection: Connection | null;
  rules: MemberRules;
  erasing: readonly Category[];
  store: Partial<ContentPorts['store']>;
  token: Awaited<ReturnType<ContentPorts['tokens']['get']>>;
  /** What Microsoft says of a message, by the address of the mailbox; the member's own is ''. */
  messages: Readonly<Record<string, Looked<FiledMessage | null>>>;
  open: Looked<boolean>;
  file: Awaited<ReturnType<ContentPorts['microsoft']['openFile']>>;
}

export interface ContentCalls {
  readonly changes: RulesChange[];
  readonly scopes: (readonly string[])[];
  readonly asked: string[];
}

const NOTHING: ContentPorts['store'] = {
  items: () => Promise.resolve({ items: [], next: null }),
  item: () => Promise.resolve(null),
  message: () => Promise.resolve(null),
  count: () => Promise.resolve(new Map()),
  containers: () => Promise.resolve(new Map()),
  namedContainers: () => Promise.resolve([]),
  knownContacts: () => Promise.resolve(new Set()),
  rules: () => Promise.resolve(NO_RULES),
  review: () => Promise.resolve(null),
  setAside: () => Promise.resolve([]),
  isSetAside: () => Promise.resolve(false),
};

export const MARA_NAME = { tenantId: MARA.tenantId, memberId: MARA.memberId };

/** Ports over a world that a test describes, and what was asked of them. */
export function contentPorts(change: Partial<ContentWorld> = {}): ContentPorts & ContentCalls {
  const world: ContentWorld = {
    organization: { ...HARBOR_REED, relevance: NO_FILTERS },
    member: MARA,
    connection: CONNECTED,
    rules: NO_RULES,
    erasing: [],
    store: {},
    token: { kind: 'token', access: { accessToken: 'token', mailbox: 'me', memberId: 'mara' } },
    messages: {},
    open: { kind: 'ok', value: true },
    file: { kind: 'unavailable' },
    ...change,
  };
  const calls: ContentCalls = { changes: [], scopes: [], asked: [] };
  const { organization, member, connection, erasing } = world;
  return {
    ...calls,
    records: {
      organization: () => Promise.resolve(organization),
      member: () => Promise.resolve(member),
      connection: () => Promise.resolve(connection),
      decisionFacts: () =>
        Promise.resolve(factsOf({ organization, member, connection, awaiting: [], groups: [], erasing, now: AT })),
      receipts: () => Promise.resolve([]),
    },
    store: { ...NOTHING, rules: () => Promise.resolve(world.rules), ...world.store },
    tokens: {
      get: (_mailbox, needed) => {
        calls.scopes.push(needed);
        return Promise.resolve(world.token);
      },
    },
    microsoft: {
      findMessage: (_access, address) => {
        calls.asked.push(address ?? '');
        return Promise.resolve(world.messages[address ?? ''] ?? { kind: 'ok', value: null });
      },
      openFile: () => Promise.resolve(world.file),
      isOpen: (_access, address, category) => {
        calls.asked.push(`${category} of ${address}`);
        return Promise.resolve(world.open);
      },
    },
    changeRules: (_member, rules) => {
      calls.changes.push(rules);
      return Promise.resolve({ kind: 'changed' });
    },
    uuid: () => 'new-id',
    now: () => AT,
  };
}
