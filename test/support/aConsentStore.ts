import type { ConsentStore } from '../../src/consent/store.ts';

/** A store that answers what `more` says; it fails where a use case asks for anything else, or writes. */
export function aConsentStore(more: Partial<ConsentStore>): ConsentStore {
  const unasked = () => Promise.reject(new Error('The store has no answer to this'));
  return {
    organization: unasked,
    member: unasked,
    members: unasked,
    membersOf: unasked,
    connection: unasked,
    connections: unasked,
    consent: unasked,
    link: unasked,
    grantsToCheck: unasked,
    servicesToProbe: unasked,
    peopleIn: unasked,
    countPeopleIn: unasked,
    isPersonIn: unasked,
    roleHolders: unasked,
    countMembers: unasked,
    consentsToVerify: unasked,
    isGrantUnderWay: unasked,
    decisionFacts: unasked,
    receipt: unasked,
    receipts: unasked,
    transact: unasked,
    ...more,
  };
}
