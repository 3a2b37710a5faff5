/**
 * What the use cases on stored content need of the world.
 *
 * Errors  An answer of Microsoft that is expected is a value; faults of the database are thrown.
 */
import type { ReadableStream } from 'node:stream/web';
import type { Category } from '../domain/categories/categories.ts';
import type { DecisionFacts } from '../domain/decision.ts';
import type { ItemContent } from '../domain/items.ts';
import type { ReadLevel } from '../domain/levels.ts';
import type { MemberRules, RulesChange } from '../domain/memberRules.ts';
import type { Mode } from '../domain/mode.ts';
import type { Refused } from '../domain/problems.ts';
import { type Connection, type Member, type MemberName, type Organization, type Receipt } from '../domain/records.ts';
import type { ListedContainer } from '../domain/streams.ts';

/** What is recorded of the member and the organization. */
export interface Records {
  organization(tenantId: string): Promise<Organization | null>;
  member(tenantId: string, memberId: string): Promise<Member | null>;
  connection(tenantId: string, memberId: string): Promise<Connection | null>;
  decisionFacts(tenantId: string, memberId: string): Promise<DecisionFacts | null>;
  /** A member's receipts, newest first. */
  receipts(tenantId: string, memberId: string, limit: number): Promise<readonly Receipt[]>;
}

export interface StoredItem {
  readonly itemId: string;
  readonly category: Category;
  /** `null` where no one knows when it was. */
  readonly at: Date | null;
  readonly folderId: string;
  readonly level: ReadLevel;
  readonly content: ItemContent;
}

/** Where a page of items ends, and the next one begins. */
export interface ItemPlace {
  readonly at: Date;
  readonly itemId: string;
}

/** A message as rules see it: where it is, when it was, and what is read of it. */
export interface FiledMessage {
  readonly itemId: string;
  readonly folderId: string;
  readonly at: Date | null;
  readonly content: ItemContent;
}

export interface StoredMessage extends FiledMessage {
  readonly stored: { readonly level: ReadLevel; readonly storedAt: Date };
}

export interface SetAsideItem {
  readonly category: Category;
  readonly reason: string;
  /** As it came; `null` where nothing of it is kept, or it does not open any more. */
  readonly raw: unknown;
  readonly at: Date;
}

export interface ReviewProgress {
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly looked: number;
  readonly removed: number;
}

export interface NamedContainer extends ListedContainer {
  readonly name: string;
  readonly category: Category;
}

/** What is stored of a member; what cannot be decrypted is left out. */
export interface ContentStore {
  /** A page of one category, newest first, from after `from`. */
  items(
    member: MemberName,
    category: Category,
    from: ItemPlace | null,
    limit: number,
  ): Promise<{ readonly items: readonly StoredItem[]; readonly next: ItemPlace | null }>;
  item(member: MemberName, category: Category, itemId: string): Promise<StoredItem | null>;
  message(member: MemberName, internetMessageId: string): Promise<StoredMessage | null>;
  /** How many items of each category are stored. */
  count(member: MemberName, categories: readonly Category[]): Promise<ReadonlyMap<Category, number>>;
  /** The containers that have names, by id, of one category. */
  containers(member: MemberName, category: Category): Promise<ReadonlyMap<string, ListedContainer>>;
  namedContainers(member: MemberName): Promise<readonly NamedContainer[]>;
  /** Of the addresses those that a contact of the member has, in lower case. */
  knownContacts(member: MemberName, addresses: readonly string[]): Promise<ReadonlySet<string>>;
  /** The member's own rules; none where they cannot be opened. */
  rules(member: MemberName): Promise<MemberRules>;
  /** How far the newest review of the member's rules has come, or with `null` of the organization's. */
  review(tenantId: string, memberId: string | null): Promise<ReviewProgress | null>;
  /** What could not be read, newest first. */
  setAside(member: MemberName, limit: number): Promise<readonly SetAsideItem[]>;
  isSetAside(member: MemberName, category: Category, itemId: string): Promise<boolean>;
}

/** The way into a mailbox at Graph. */
export interface MailboxAccess {
  readonly accessToken: string;
  readonly mailbox: string;
  readonly memberId: string;
}

export interface MailboxTokens {
  get(
    mailbox: MemberName & { readonly mode: Mode },
    needed: readonly string[],
  ): Promise<{ readonly kind: 'token'; readonly access: MailboxAccess } | { readonly kind: 'lost' | 'unavailable' }>;
}

/** `closed`: the mailbox or the item is not open to the member; `unavailable`: it may be another time. */
export type Looked<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'closed' | 'refused' | 'notFound' | 'unavailable' };

/** What is asked of Microsoft for one person who is waiting; nothing of it is stored. An `address` names a shared mailbox. */
export interface MicrosoftContent {
  findMessage(
    access: MailboxAccess,
    address: string | null,
    internetMessageId: string,
  ): Promise<Looked<FiledMessage | null>>;
  openFile(access: MailboxAccess, itemId: string): Promise<Looked<ReadableStream>>;
  /** Whether a shared mailbox is open to the member for a category. */
  isOpen(access: MailboxAccess, address: string, category: Category): Promise<Looked<boolean>>;
}

/** Changes a member's own rules; consent does, since it takes effect at once. */
export type ChangeRules = (member: MemberName, change: RulesChange) => Promise<{ readonly kind: 'changed' } | Refused>;

export interface ContentPorts {
  readonly records: Records;
  readonly store: ContentStore;
  readonly tokens: MailboxTokens;
  readonly microsoft: MicrosoftContent;
  readonly changeRules: ChangeRules;
  readonly uuid: () => string;
  readonly now: () => Date;
}
