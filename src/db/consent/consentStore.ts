import type { ConsentReader, ConsentStore, ConsentWriter } from '../../consent/store.ts';
import {
  insertServiceConnections,
  dropCredentials,
  keepPersonalScopes,
  lockConnection,
  loseConnection,
  loseOthers,
  loseWithoutCredential,
  raiseEpoch,
  readConnection,
  readConnections,
  removeConnection,
  renewSoon,
  saveConnection,
} from './connections.ts';
import { insertLink, readLink, revokeLinks } from './consentLinks.ts';
import {
  insertConsent,
  advanceConsent,
  rebaseConsents,
  isGrantUnderWay,
  pruneConsents,
  readConsent,
  readConsentsToVerify,
  supersedeConsents,
} from './consents.ts';
import { readDecisionFacts } from './decisionFacts.ts';
import { readReceipt, readReceipts, readStoredCategories, startErasure } from '../content/erasures.ts';
import { countPeopleIn, isPersonIn, readPeopleIn, setGroup, setInGroup } from '../organization/groups.ts';
import {
  insertPeople,
  updateMember,
  countMembers,
  readMember,
  readMembers,
  readMembersOf,
  readOwnersAndManagers,
  seeMember,
  setPauses,
  setPreference,
} from '../organization/members.ts';
import { readSealedRules, setSealedRules } from '../organization/memberRulesStore.ts';
import type { Database } from '../openDatabase.ts';
import {
  insertOrganization,
  updateOrganization,
  lockOrganization,
  readOrganization,
} from '../organization/organizations.ts';
import { recordChange } from '../delivery/recordChange.ts';
import { appendDisconnection } from '../delivery/outbox.ts';
import { startReview } from '../sync/reviews.ts';
import { deleteSubscriptionsOf, deleteSubscriptionsOfMailbox } from '../sync/subscriptions.ts';
import { deleteStreamsOfMailbox, restartStreamsOf } from '../sync/streams.ts';
import { readGrantsToWatch, readServicesToProbe, takeConnectionsToRenew } from './watchedGrants.ts';
import { type Reader, transact, type Writer } from '../transact.ts';

export function openConsentStore(database: Database, now: () => Date): ConsentStore {
  return {
    ...reader(database.kysely, now),
    transact: (work) => transact(database, (tx) => work(writer(tx, now))),
  };
}

function reader(db: Reader, now: () => Date): ConsentReader {
  return {
    organization: (tenantId) => readOrganization(db, tenantId),
    member: (tenantId, memberId) => readMember(db, tenantId, memberId),
    members: (tenantId) => readMembers(db, tenantId),
    membersOf: (tenantId, memberIds) => readMembersOf(db, tenantId, memberIds),
    connection: (tenantId, memberId) => readConnection(db, tenantId, memberId),
    connections: (tenantId) => readConnections(db, tenantId),
    consent: (tenantId, consentHash) => readConsent(db, tenantId, consentHash),
    link: (tenantId, linkHash) => readLink(db, tenantId, linkHash),
    grantsToCheck: (before, lostBefore, limit) => readGrantsToWatch(db, before, lostBefore, limit),
    servicesToProbe: (before, limit) => readServicesToProbe(db, before, limit),
    peopleIn: (tenantId, audience) => readPeopleIn(db, tenantId, audience),
    countPeopleIn: (tenantId, audience) => countPeopleIn(db, tenantId, audience),
    isPersonIn: (tenantId, audience, memberId) => isPersonIn(db, tenantId, audience, memberId),
    roleHolders: (tenantId) => readOwnersAndManagers(db, tenantId),
    countMembers: (tenantId) => countMembers(db, tenantId),
    consentsToVerify: (now, limit) => readConsentsToVerify(db, now, limit),
    isGrantUnderWay: (tenantId, now) => isGrantUnderWay(db, tenantId, now),
    decisionFacts: (tenantId, memberId) => readDecisionFacts(db, tenantId, memberId, now()),
    receipt: (tenantId, memberId, receiptId) => readReceipt(db, tenantId, memberId, receiptId),
    receipts: (tenantId, memberId, limit) => readReceipts(db, tenantId, memberId, limit),
  };
}

function writer(tx: Writer, now: () => Date): ConsentWriter {
  return {
    ...reader(tx, now),
    lockOrganization: (tenantId) => lockOrganization(tx, tenantId),
    lockConnection: (tenantId, memberId) => lockConnection(tx, tenantId, memberId),
    addOrganization: (tenantId, at) => insertOrganization(tx, tenantId, at),
    changeOrganization: (tenantId, change) => updateOrganization(tx, tenantId, change),
    recordVisit: (principal, at) => seeMember(tx, principal, at),
    addPeople: (tenantId, people, at) => insertPeople(tx, tenantId, people, at),
    connectionsToRenew: (now, next, limit) => takeConnectionsToRenew(tx, now, next, limit),
    renewSoon: (tenantId, at) => renewSoon(tx, tenantId, at),
    setPrompt: (tenantId, memberId, { state, after }) =>
      updateMember(tx, tenantId, memberId, { prompt: state, prompt_after: after }),
    setInGroup: (tenantId, groupId, memberId, isIn, at) => setInGroup(tx, tenantId, groupId, memberId, isIn, at),
    setGroup: (tenantId, groupId, memberIds, at) => setGroup(tx, tenantId, groupId, memberIds, at),
    removeConnection: async (connection, at) => {
      const { tenantId, memberId, connectionId } = connection;
      await removeConnection(tx, connection);
      await deleteStreamsOfMailbox(tx, { tenantId, mailboxId: memberId });
      await deleteSubscriptionsOfMailbox(tx, { tenantId, mailboxId: memberId });
      appendDisconnection(tx, { tenantId, memberId, connectionId }, at);
    },
    saveIndividualScopes: (tenantId) => keepPersonalScopes(tx, tenantId),
    dropCredentials: (tenantId) => dropCredentials(tx, tenantId),
    loseConnectionsExcept: (tenantId, memberIds, reason) => loseOthers(tx, tenantId, memberIds, reason),
    pruneConsents: (before) => pruneConsents(tx, before),
    loseConnectionsWithoutCredential: (tenantId, reason) => loseWithoutCredential(tx, tenantId, reason),
    addServiceConnections: (tenantId, memberIds, at) => insertServiceConnections(tx, tenantId, memberIds, at),
    changeAccess: async (tenantId, at) => {
      await restartStreamsOf(tx, tenantId, at);
      await deleteSubscriptionsOf(tx, tenantId, at);
    },
    addLink: (link) => insertLink(tx, link),
    revokeLinks: (tenantId, consentHash, at) => revokeLinks(tx, tenantId, consentHash, at),
    setProductRole: (tenantId, memberId, role) => updateMember(tx, tenantId, memberId, { product_role: role }),
    setPreference: (tenantId, memberId, selection) => setPreference(tx, tenantId, memberId, selection),
    sealedRules: (tenantId, memberId) => readSealedRules(tx, tenantId, memberId),
    setRules: (tenantId, memberId, sealed, days) => setSealedRules(tx, tenantId, memberId, sealed, days),
    startReview: (tenantId, memberId, review) => startReview(tx, tenantId, memberId, review),
    setPauses: (tenantId, memberId, pauses) => setPauses(tx, tenantId, memberId, pauses),
    setDisabled: (tenantId, memberId, disabled) => updateMember(tx, tenantId, memberId, { is_disabled: disabled }),
    saveConnection: (change) => saveConnection(tx, change),
    loseConnection: (tenantId, memberId, reason) => loseConnection(tx, tenantId, memberId, reason),
    raiseEpoch: (tenantId, memberId) => raiseEpoch(tx, tenantId, memberId),
    raiseEpochOnDrift: async (tenantId, memberId) => {
      await raiseEpoch(tx, tenantId, memberId);
      await rebaseConsents(tx, tenantId, memberId);
    },
    addConsent: (consent) => insertConsent(tx, consent),
    advanceConsent: (tenantId, consentHash, from, change) => advanceConsent(tx, tenantId, consentHash, from, change),
    supersedeConsents: (tenantId, memberId, change) => supersedeConsents(tx, tenantId, memberId, change),
    storedCategories: (tenantId, memberId) => readStoredCategories(tx, tenantId, memberId),
    startErasure: (erasure) => startErasure(tx, erasure),
    record: (change) => recordChange(tx, change),
  };
}
