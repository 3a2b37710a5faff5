/**
 * Fulfils what sync needs: every write of a round is one transaction that first locks organization,
 * connection and mailbox in this order, and is refused as `stale` when an epoch has risen or the lease has gone.
 */
import { sql } from 'kysely';
import { hasFolderRules, type Rules } from '../../domain/relevance.ts';
import { CATEGORIES, type Category } from '../../domain/categories/categories.ts';
import { type Containers, type DesiredSet, isContainerList, type ListedContainer } from '../../domain/streams.ts';
import type { ContainerCommit, Lease, RoundState, Stream, SyncStore, WriteAnswer } from '../../sync/ports.ts';
import { announce, commitPage, type Fenced, ownerOf } from './commitPage.ts';
import { readConnection } from '../consent/connections.ts';
import { readDecisionFacts } from '../consent/decisionFacts.ts';
import { deleteContents } from '../content/deleteContents.ts';
import { deleteUnlistedMailboxes } from './deleteUnlistedMailboxes.ts';
import { upsertContainers, readContainers } from './containers.ts';
import { readVersions } from '../content/items.ts';
import { readKnownContacts } from '../content/knownContacts.ts';
import type { Keyring, Keys } from '../keys/keyring.ts';
import { claimDue, keepLease, lockLease, releaseMailbox, setRetryAfter } from './mailboxes.ts';
import { readMemberRules } from '../organization/memberRulesStore.ts';
import { updateMember } from '../organization/members.ts';
import type { Database } from '../openDatabase.ts';
import { readOrganization } from '../organization/organizations.ts';
import { appendOutbox } from '../delivery/outbox.ts';
import { deleteUnplacedRows } from '../content/placements.ts';
import { readDueAgain } from './quarantine.ts';
import {
  insertStream,
  updateAfter,
  expectItems,
  holdStreams,
  expediteStreams,
  readStream,
  readStreams,
  deleteStreams,
  setPageSize,
} from './streams.ts';
import { updateSubscription, prepareSubscription, readSubscriptions, deleteSubscription } from './subscriptions.ts';
import { type Reader, transact, type Writer } from '../transact.ts';
import { converge } from '../../domain/convergence.ts';

const BATCH = 200;

export function openSyncStore(database: Database, keyring: Keyring, now: () => Date): SyncStore {
  const fenced = <T>(state: RoundState, work: (tx: Writer) => Promise<T>): Promise<T | 'stale'> =>
    transact(database, async (tx) => ((await isStillCurrent(tx, state)) ? work(tx) : 'stale'));
  const write = (state: RoundState, work: (tx: Writer) => Promise<void>): Promise<WriteAnswer> =>
    fenced(state, async (tx): Promise<WriteAnswer> => {
      await work(tx);
      return 'written';
    });
  return {
    claimDue: (owner, now, room) => transact(database, (tx) => claimDue(tx, owner, now, room)),
    renewLease: (state) => renewLease(database, state),
    release: (lease, next) => transact(database, (tx) => releaseMailbox(tx, lease, next)),
    recordRetryAfter: (lease, until) => setRetryAfter(database.kysely, lease, until),
    load: (lease) => load(database, keyring, lease, now()),
    containers: (state) => readPlaced(database.kysely, keyring, state.lease, state.rules),
    knownAmong: ({ lease: { tenantId, mailboxId } }, addresses) =>
      readKnownContacts(database.kysely, keyring, { tenantId, memberId: mailboxId }, addresses),
    converge: (state, desired, at) => fenced(state, (tx) => writeConvergence(tx, state, desired, at)),
    readStream: (state, key) => readStream(database.kysely, state.lease, key),
    commitPage: (state, page) => commitPage({ keyring, fenced, engine: database.engine }, state, page),
    commitContainers: (state, page) => commitContainerPage(keyring, fenced, state, page),
    restart: (state, stream, windowOn, at) =>
      fenced(state, async (tx) => {
        await updateAfter(tx, state.lease, stream, { kind: 'restarted', windowOn, at });
        return (await readStream(tx, state.lease, stream.key)) ?? 'stale';
      }),
    setPageSize: (state, stream, pageSize) => write(state, (tx) => setPageSize(tx, state.lease, stream.key, pageSize)),
    lighten: (state, stream, at) =>
      fenced(state, async (tx) => {
        await updateAfter(tx, state.lease, stream, { kind: 'lightened', at });
        return (await readStream(tx, state.lease, stream.key)) ?? 'stale';
      }),
    ...openStored(database, keyring),
    recordFailure: (state, stream, failure) =>
      write(state, async (tx) => {
        await updateAfter(tx, state.lease, stream, { kind: 'failed', ...failure });
        await announce(tx, state);
      }),
    deleteUnplaced: (state, category, at) => deleteUnplaced(fenced, state, category, at),
    prepareSubscription: (state, desired, clientStateHash, at) =>
      write(state, (tx) => prepareSubscription(tx, state.lease, desired, clientStateHash, at)),
    changeSubscription: (state, resource, before, change) =>
      write(state, (tx) => updateSubscription(tx, state.lease, { resource, before }, change)),
    removeSubscription: (state, resource) => write(state, (tx) => deleteSubscription(tx, state.lease, resource)),
    setMailboxKind: async (state, kind, at) => {
      const { tenantId, mailboxId } = state.lease;
      await write(state, async (tx) => {
        await updateMember(tx, tenantId, mailboxId, { mailbox_kind: kind, mailbox_checked_at: at });
        await announce(tx, state);
      });
    },
  };
}

/** What is asked of what a stream has stored already. */
function openStored({ kysely }: Database, keyring: Keyring): Pick<SyncStore, 'versions' | 'setAsideDue'> {
  const ownership = async (state: RoundState, { category }: Stream) => {
    const owner = ownerOf(state, category);
    return { owner, key: await keyring.forReading({ ...owner, purpose: category }) };
  };
  return {
    versions: async (state, stream, ids) => {
      const { owner, key } = await ownership(state, stream);
      return key === null ? new Map() : readVersions(kysely, owner, stream, key.id, ids);
    },
    setAsideDue: async (state, stream, limits) => {
      const { owner, key } = await ownership(state, stream);
      return readDueAgain(kysely, owner, stream, key, limits);
    },
  };
}

/** Locks organization, connection and mailbox, and compares what the round began with. */
async function isStillCurrent(tx: Writer, state: RoundState): Promise<boolean> {
  const { tenantId, mailboxId } = state.lease;
  const organization = await tx
    .selectFrom('organizations')
    .select('epoch')
    .where('tenant_id', '=', tenantId)
    .forShare()
    .executeTakeFirst();
  const connection = await tx
    .selectFrom('connections')
    .select(['epoch', 'connection_id'])
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', mailboxId)
    .forShare()
    .executeTakeFirst();
  return (
    organization?.epoch === state.organizationEpoch &&
    connection?.epoch === state.connectionEpoch &&
    connection.connection_id === state.connectionId &&
    (await lockLease(tx, state.lease))
  );
}

async function renewLease(database: Database, state: RoundState): Promise<boolean> {
  const { tenantId, mailboxId } = state.lease;
  const current = await database.kysely
    .selectFrom('connections')
    .innerJoin('organizations', 'organizations.tenant_id', 'connections.tenant_id')
    .select(['connections.epoch as connection_epoch', 'organizations.epoch as organization_epoch'])
    .where('connections.tenant_id', '=', tenantId)
    .where('connections.member_id', '=', mailboxId)
    .executeTakeFirst();
  return (
    current?.connection_epoch === state.connectionEpoch &&
    current.organization_epoch === state.organizationEpoch &&
    (await keepLease(database.kysely, state.lease))
  );
}

async function load(database: Database, keyring: Keyring, lease: Lease, now: Date): Promise<RoundState | null> {
  const { tenantId, mailboxId } = lease;
  const db = database.kysely;
  const organization = await readOrganization(db, tenantId);
  const connection = await readConnection(db, tenantId, mailboxId);
  const facts = await readDecisionFacts(db, tenantId, mailboxId, now);
  if (organization === null || connection === null || facts === null) {
    return null;
  }
  const { policy: member, mailboxes } = await readMemberRules(db, keyring, tenantId, mailboxId);
  const rules = { organization: organization.relevance, member };
  return {
    lease,
    connectionId: connection.connectionId,
    connectionEpoch: connection.epoch,
    organizationEpoch: organization.epoch,
    rules,
    mailboxes,
    connectedAt: connection.createdAt,
    facts,
    grantedAt: organization.grant?.grantedAt ?? null,
    containers: await readPlaced(db, keyring, lease, rules),
    subscriptions: await readSubscriptions(db, lease),
  };
}

/** Answers the streams that are to be read. */
async function writeConvergence(
  tx: Writer,
  state: RoundState,
  desired: DesiredSet,
  now: Date,
): Promise<readonly Stream[]> {
  const { lease } = state;
  const { removed, added, abandoned } = converge(await readStreams(tx, lease), desired);
  await deleteStreams(tx, lease, removed);
  for (const stream of added) {
    await insertStream(tx, lease, stream, now);
  }
  for (const { category, folderIds, onlyMailboxes } of abandoned) {
    const owner = ownerOf(state, category);
    await deleteContents(tx, owner, folderIds, lease.fence, now);
    if (onlyMailboxes !== null) {
      await deleteUnlistedMailboxes(tx, owner, onlyMailboxes, lease.fence, now);
    }
  }
  await holdStreams(tx, lease, desired.held);
  await expectItems(tx, lease);
  const onHold = new Set(desired.held.map(({ category }) => category));
  return (await readStreams(tx, lease)).filter(({ category }) => !onHold.has(category));
}

async function commitContainerPage(
  keyring: Keyring,
  fenced: Fenced,
  state: RoundState,
  page: ContainerCommit,
): Promise<WriteAnswer> {
  const { category } = page.stream;
  const owner = ownerOf(state, category);
  const key = await keyring.forWriting({ ...owner, purpose: category });
  return fenced(state, async (tx): Promise<WriteAnswer> => {
    const vanished = await upsertContainers(tx, key, state.lease, page);
    await deleteContents(tx, owner, vanished, state.lease.fence, page.at);
    await updateAfter(tx, state.lease, page.stream, page);
    await announce(tx, state);
    return 'written';
  });
}

async function deleteUnplaced(fenced: Fenced, state: RoundState, category: Category, at: Date): Promise<WriteAnswer> {
  const owner = ownerOf(state, category);
  for (;;) {
    const removed = await fenced(state, async (tx) => {
      const entries = await deleteUnplacedRows(tx, owner, BATCH);
      appendOutbox(tx, owner, entries, at);
      if (entries.length < BATCH) {
        // What is left is deleted when the streams that may still have it were read.
        await expediteStreams(tx, state.lease, category, at);
      }
      return entries.length;
    });
    if (removed === 'stale') {
      return 'stale';
    }
    if (removed < BATCH) {
      return 'written';
    }
  }
}

/**
 * Where a rule is about folders, a folder is only known when its list was read to the end, for what it is in may be named
 * last: until then no new one is read.
 */
async function readPlaced(db: Reader, keyring: Keyring, lease: Lease, rules: Rules): Promise<Containers> {
  const listed = await readContainers(db, lease, await folderKeys(keyring, lease, rules));
  if (!hasFolderRules(rules)) {
    return listed;
  }
  const streams = await readStreams(db, lease);
  const isRead = (category: Category, { id }: ListedContainer) =>
    streams.some((stream) => stream.category === category && stream.folderId === id);
  const isWhole = (category: Category, { sharedMailbox }: ListedContainer) =>
    streams.some(
      (stream) =>
        stream.category === category &&
        stream.sharedMailbox === sharedMailbox &&
        isContainerList(stream) &&
        stream.succeededAt !== null &&
        stream.begunRound === null,
    );
  return Object.fromEntries(
    CATEGORIES.map((category) => [
      category,
      (listed[category] ?? []).filter((folder) => isWhole(category, folder) || isRead(category, folder)),
    ]),
  );
}

/** Folders are opened by name only where a rule names some. */
async function folderKeys(keyring: Keyring, { tenantId, mailboxId }: Lease, { organization }: Rules): Promise<Keys> {
  return organization.excludedFolderNames.length > 0 ? keyring.allForReading({ tenantId, memberId: mailboxId }) : {};
}

/** Whether the database answers at all. */
export async function isReachable(database: Database): Promise<boolean> {
  await sql`select 1`.execute(database.kysely);
  return true;
}
