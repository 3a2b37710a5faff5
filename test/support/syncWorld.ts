/** A mailbox in a round: what Graph would say and what the store would, and what either was asked, in order. */
import { byCategory } from '../../src/domain/categories/categories.ts';
import type { DecisionFacts } from '../../src/domain/decision.ts';
import { factsOf, type StoredFacts } from '../../src/domain/decisionFacts.ts';
import { scopesForSelection } from '../../src/domain/permissions.ts';
import { NO_FILTERS, type RelevancePolicy, type Rules } from '../../src/domain/relevance.ts';
import type { GraphPort, RoundState, SyncPorts, SyncStore, TokenPort } from '../../src/sync/ports.ts';
import { openRound, type RoundContext } from '../../src/sync/roundContext.ts';
import { recordedGraph } from './recordedGraph.ts';
import { nothingWritten, recordedStore, type Written } from './recordedStore.ts';
import { AT, CONNECTED, HARBOR_REED, MARA, READ } from './storedRecords.ts';

/** Careers is a mailbox that others share with Mara. */
export const CAREERS = { id: 'one', address: 'careers@harborreed.example', closed: [] } as const;
/** The number of the round's lease. */
export const ROUND = 7;

export interface SyncWorld extends Written {
  readonly ports: SyncPorts;
  readonly state: RoundState;
  readonly context: RoundContext;
  readonly log: string[];
  /** The permissions that a token was asked for with, by request. */
  readonly needed: (readonly string[])[];
  /** Moves the one clock. */
  pass(seconds: number): void;
}

export interface SyncScript {
  readonly state?: Partial<RoundState>;
  readonly store?: Partial<SyncStore>;
  readonly graph?: Partial<GraphPort>;
  readonly tokens?: Partial<TokenPort>;
  readonly ports?: Partial<Pick<SyncPorts, 'wait' | 'isStopping' | 'random'>>;
}

/** The clock stands at `AT` until the test moves it, and chance is in the middle. */
export function openSyncWorld(script: SyncScript = {}): SyncWorld {
  const state = aRoundState(script.state);
  const log: string[] = [];
  const needed: (readonly string[])[] = [];
  const written = nothingWritten();
  let now = AT;
  const ports: SyncPorts = {
    store: recordedStore(script.store ?? {}, state, log, written),
    graph: recordedGraph(script.graph ?? {}, log),
    tokens: recordedTokens(script.tokens ?? {}, log, needed),
    now: () => now,
    wait: () => Promise.resolve(),
    isStopping: () => false,
    random: () => 0.5,
    secret: () => 'a secret',
    ...script.ports,
  };
  return {
    ...written,
    ports,
    state,
    context: openRound(ports, state),
    log,
    needed,
    pass: (seconds) => {
      now = after(now, seconds);
    },
  };
}

function recordedTokens(script: Partial<TokenPort>, log: string[], needed: (readonly string[])[]): TokenPort {
  return {
    get: (mailbox, scopes) => {
      needed.push(scopes);
      const access = { accessToken: 'a token', mailbox: 'me', memberId: mailbox.memberId };
      return script.get?.(mailbox, scopes) ?? Promise.resolve({ kind: 'token', access });
    },
    renew: (mailbox) => {
      log.push('renew the token');
      return script.renew?.(mailbox) ?? Promise.resolve(null);
    },
  };
}

/** Mara reads everything of her own that there is. */
export function aRoundState(change: Partial<RoundState> = {}): RoundState {
  return {
    lease: { tenantId: 'tenant', mailboxId: 'mara', owner: 'a worker', fence: ROUND, isFirst: false },
    connectionId: 'connection',
    connectionEpoch: 1,
    organizationEpoch: 1,
    rules: memberRules({}),
    mailboxes: [],
    connectedAt: AT,
    facts: factsWith({}),
    grantedAt: null,
    containers: {},
    subscriptions: [],
    ...change,
  };
}

export function factsWith(change: Partial<StoredFacts>, isShared = false): DecisionFacts {
  const preference = byCategory(() => ({ ...READ, shared: isShared }));
  return factsOf({
    organization: HARBOR_REED,
    member: { ...MARA, preference },
    connection: { ...CONNECTED, scopes: scopesForSelection(preference) },
    awaiting: [],
    groups: [],
    erasing: [],
    now: AT,
    ...change,
  });
}

export function memberRules(policy: Partial<RelevancePolicy>): Rules {
  return { organization: NO_FILTERS, member: { ...NO_FILTERS, ...policy } };
}

export function after(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
