/**
 * What the use cases of owners and managers need of the world.
 *
 * Errors  An answer of the directory that is expected is a value; faults of the database are thrown.
 */
import type { Audience } from '../domain/audience.ts';
import type { AuditAct } from '../domain/audit.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { DecisionFacts } from '../domain/decision.ts';
import type { FailingReason } from '../domain/reasons.ts';
import type { Connection, Member, MemberName, Organization } from '../domain/records.ts';
import type { RelevancePolicy } from '../domain/relevance.ts';
import type { SyncErrorCode } from '../domain/syncErrors.ts';

/** One act as it stands in the chain of an organization's log. */
export interface AuditRecord extends Omit<AuditAct, 'action'> {
  readonly sequence: number;
  readonly at: Date;
  /** An act of `domain/audit.ts`, or of another version. */
  readonly action: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** Someone of the organization, with what the decision needs to know. */
export interface PersonFacts {
  readonly member: Member;
  readonly connection: Connection | null;
  readonly facts: DecisionFacts;
}

/** How an organization's mailboxes are doing, counted; no one is named. */
export interface Fleet {
  readonly healthy: number;
  readonly catchingUp: number;
  readonly paused: number;
  readonly failing: readonly FailingMailboxes[];
}

export interface FailingMailboxes {
  /** An error of sync, or the reason why the mailbox waits. */
  readonly cause: SyncErrorCode | FailingReason;
  readonly mailboxes: number;
  /** When the first of them is tried again; `null` where only a person can resume it. */
  readonly nextAttemptAt: Date | null;
}

/** A page of a member's items, evaluated: how many there were, and how many of them the rules exclude. */
export interface EvaluatedPage {
  readonly looked: number;
  readonly excluded: number;
}

export interface AdministrationStore {
  organization(tenantId: string): Promise<Organization | null>;
  members(tenantId: string): Promise<readonly Member[]>;
  /** Those of `memberIds` who are known. */
  membersOf(tenantId: string, memberIds: readonly string[]): Promise<readonly Member[]>;
  /** The known people that an audience includes. */
  peopleIn(tenantId: string, audience: Audience): Promise<readonly string[]>;
  people(organization: Organization, now: Date): Promise<readonly PersonFacts[]>;
  /** The same of one of them; `null` where no such person is known. */
  person(tenantId: string, memberId: string, now: Date): Promise<PersonFacts | null>;
  /** Adds people known only from the directory so far. */
  addPeople(tenantId: string, people: readonly NamedPerson[], at: Date): Promise<void>;
  connections(tenantId: string): Promise<readonly Connection[]>;
  fleet(tenantId: string): Promise<Fleet>;
  /** Acts from before `before` (all of them with `null`), newest first. */
  audit(tenantId: string, before: number | null, limit: number): Promise<readonly AuditRecord[]>;
  /** Evaluates a member's stored items by an organization's policy and their own rules, up to `limit` of them a page. */
  evaluate(
    connection: Connection,
    categories: readonly Category[],
    policy: RelevancePolicy,
    pages: { readonly limit: number; readonly now: Date },
  ): AsyncIterable<EvaluatedPage>;
}

export interface NamedPerson {
  readonly memberId: MemberName['memberId'];
  readonly name: string | null;
}

export interface NamedGroup {
  readonly groupId: string;
  readonly name: string;
}

/** The tenant's directory, by the service account's own permission; `null` where there is none, or no answer. */
export interface Directory {
  findPeople(tenantId: string, search: string): Promise<readonly NamedPerson[] | null>;
  everyone(tenantId: string): Promise<readonly NamedPerson[] | null>;
  findGroups(tenantId: string, search: string): Promise<readonly NamedGroup[] | null>;
}

export interface AdministrationPorts {
  readonly store: AdministrationStore;
  readonly directory: Directory;
  readonly now: () => Date;
}
