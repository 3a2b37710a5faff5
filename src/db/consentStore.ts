/** Fulfils what the consent use cases need: every subject's reader, and its writers inside a transaction. */
import type { ConsentReader, ConsentStore, ConsentWriter } from '../consent/ports.ts';
import { appendAudit } from './audit.ts';
import {
  addServiceConnections,
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
import { addLink, readLink, revokeLinks } from './consentLinks.ts';
import {
  addConsent,
  advanceConsent,
  carryConsents,
  isGrantUnderWay,
  pruneConsents,
  readConsent,
  readConsentsToProve,
  supersedeConsents,
} from './consents.ts';
import { readDecisionFacts } from './decisionFacts.ts';
import { readReceipt, readReceipts, readStoredCategories, startErasure } from './erasures.ts';
import { countPeopleIn, isPersonIn, readPeopleIn, setGroup, setInGroup } from './groups.ts';
import { wakeMailbox, wakeMailboxes } from './mailboxes.ts';
import {
  addPeople,
  changeMember,
  countMembers,
  readMember,
  readMembers,
  readMembersOf,
  readRoleHolders,
  seeMember,
  setPauses,
  setPreference,
} from './members.ts';
import { readSealedRules, setSealedRules } from './memberRules.ts';
import type { Database } from './openDatabase.ts';
import { addOrganization, changeOrganization, lockOrganization, readOrganization } from './organizations.ts';
import { appendDisconnection } from './outbox.ts';
import { startReview } from './reviews.ts';
import { forgetSubscriptionsOf, removeSubscriptionsOfMailbox } from './subscriptions.ts';
import { removeStreamsOfMailbox, restartStreamsOf } from './streams.ts';
import { readGrantsToWatch, readServicesToProbe, takeConnectionsToRenew } from './watchedGrants.ts';
import { CHANGES_CHANNEL, notify, type Reader, transact, type Writer } from './transact.ts';

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
    grantsToWatch: (before, lostBefore, most) => readGrantsToWatch(db, before, lostBefore, most),
    servicesToProbe: (before, most) => readServicesToProbe(db, before, most),
    peopleIn: (tenantId, audience) => readPeopleIn(db, tenantId, audience),
    countPeopleIn: (tenantId, audience) => countPeopleIn(db, tenantId, audience),
    isPersonIn: (tenantId, audience, memberId) => isPersonIn(db, tenantId, audience, memberId),
    roleHolders: (tenantId) => readRoleHolders(db, tenantId),
    countMembers: (tenantId) => countMembers(db, tenantId),
    consentsToProve: (now, most) => readConsentsToProve(db, now, most),
    isGrantUnderWay: (tenantId, now) => isGrantUnderWay(db, tenantId, now),
    decisionFacts: (tenantId, memberId) => readDecisionFacts(db, tenantId, memberId, now()),
    receipt: (tenantId, memberId, receiptId) => readReceipt(db, tenantId, memberId, receiptId),
    receipts: (tenantId, memberId, most) => readReceipts(db, tenantId, memberId, most),
  };
}

function writer(tx: Writer, now: () => Date): ConsentWriter {
  return {
    ...reader(tx, now),
    lockOrganization: (tenantId) => lockOrganization(tx, tenantId),
    lockConnection: (tenantId, memberId) => lockConnection(tx, tenantId, memberId),
    addOrganization: (tenantId, at) => addOrganization(tx, tenantId, at),
    changeOrganization: (tenantId, change) => changeOrganization(tx, tenantId, change),
    seeMember: (principal, at) => seeMember(tx, principal, at),
    addPeople: (tenantId, people, at) => addPeople(tx, tenantId, people, at),
    connectionsToRenew: (now, next, most) => takeConnectionsToRenew(tx, now, next, most),
    renewSoon: (tenantId, at) => renewSoon(tx, tenantId, at),
    wakeMailboxes: (tenantId, memberIds, at) => wakeMailboxes(tx, tenantId, memberIds, at),
    setPrompt: (tenantId, memberId, { state, after }) =>
      changeMember(tx, tenantId, memberId, { prompt: state, prompt_after: after }),
    setInGroup: (tenantId, groupId, memberId, isIn, at) => setInGroup(tx, tenantId, groupId, memberId, isIn, at),
    setGroup: (tenantId, groupId, memberIds, at) => setGroup(tx, tenantId, groupId, memberIds, at),
    removeConnection: async (connection, at) => {
      const { tenantId, memberId, connectionId } = connection;
      await removeConnection(tx, connection);
      await removeStreamsOfMailbox(tx, { tenantId, mailboxId: memberId });
      await removeSubscriptionsOfMailbox(tx, { tenantId, mailboxId: memberId });
      await appendDisconnection(tx, { tenantId, memberId, connectionId }, at);
    },
    keepPersonalScopes: (tenantId) => keepPersonalScopes(tx, tenantId),
    dropCredentials: (tenantId) => dropCredentials(tx, tenantId),
    loseOthers: (tenantId, memberIds, reason) => loseOthers(tx, tenantId, memberIds, reason),
    pruneConsents: (before) => pruneConsents(tx, before),
    loseWithoutCredential: (tenantId, reason) => loseWithoutCredential(tx, tenantId, reason),
    addServiceConnections: (tenantId, memberIds, at) => addServiceConnections(tx, tenantId, memberIds, at),
    changeAccess: async (tenantId, at) => {
      await restartStreamsOf(tx, tenantId, at);
      await forgetSubscriptionsOf(tx, tenantId, at);
    },
    addLink: (link) => addLink(tx, link),
    revokeLinks: (tenantId, consentHash, at) => revokeLinks(tx, tenantId, consentHash, at),
    setProductRole: (tenantId, memberId, role) => changeMember(tx, tenantId, memberId, { product_role: role }),
    setPreference: (tenantId, memberId, selection) => setPreference(tx, tenantId, memberId, selection),
    sealedRules: (tenantId, memberId) => readSealedRules(tx, tenantId, memberId),
    setRules: (tenantId, memberId, sealed, days) => setSealedRules(tx, tenantId, memberId, sealed, days),
    startReview: (tenantId, memberId, review) => startReview(tx, tenantId, memberId, review),
    setPauses: (tenantId, memberId, pauses) => setPauses(tx, tenantId, memberId, pauses),
    setDisabled: (tenantId, memberId, disabled) => changeMember(tx, tenantId, memberId, { is_disabled: disabled }),
    saveConnection: (change) => saveConnection(tx, change),
    loseConnection: (tenantId, memberId, reason) => loseConnection(tx, tenantId, memberId, reason),
    raiseEpoch: (tenantId, memberId) => raiseEpoch(tx, tenantId, memberId),
    raiseEpochByFinding: async (tenantId, memberId) => {
      await raiseEpoch(tx, tenantId, memberId);
      await carryConsents(tx, tenantId, memberId);
    },
    addConsent: (consent) => addConsent(tx, consent),
    advanceConsent: (tenantId, consentHash, from, change) => advanceConsent(tx, tenantId, consentHash, from, change),
    supersedeConsents: (tenantId, memberId, change) => supersedeConsents(tx, tenantId, memberId, change),
    storedCategories: (tenantId, memberId) => readStoredCategories(tx, tenantId, memberId),
    startErasure: (erasure) => startErasure(tx, erasure),
    audit: (act, at) => appendAudit(tx, act, at),
    wakeMailbox: (tenantId, memberId, at) => wakeMailbox(tx, tenantId, memberId, at),
    announce: (tenantId, memberId) => notify(tx, CHANGES_CHANNEL, `${tenantId}/${memberId ?? ''}`),
  };
}
