/**
 * An organization and its people, in whose names the consent use cases are called, over a real database and a Microsoft in
 * memory: stories of consent without a server.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { sql, type Updateable } from 'kysely';
import { AccessTokenProvider } from '../../src/consent/accessTokens.ts';
import {
  changeOrganization,
  claimOrganization,
  type OrganizationSettings,
} from '../../src/consent/changeOrganization.ts';
import { changeSync, type SyncChange } from '../../src/consent/changeSync.ts';
import { changeCoverage } from '../../src/consent/coverage.ts';
import { createConsentTransaction } from '../../src/consent/createConsentTransaction.ts';
import { detectGrantDrift } from '../../src/consent/detectGrantDrift.ts';
import { handleConsentCallback } from '../../src/consent/handleConsentCallback.ts';
import type { ConsentPorts } from '../../src/consent/ports.ts';
import type { ConsentStore, RecordedChange } from '../../src/consent/store.ts';
import { parseConsentId } from '../../src/consent/secrets.ts';
import { signIn } from '../../src/consent/signIn.ts';
import { startAuthorization } from '../../src/consent/startAuthorization.ts';
import { verifyConsents } from '../../src/consent/verifyConsents.ts';
import { credentialVault } from '../../src/db/consent/connections.ts';
import { openConsentStore } from '../../src/db/consent/consentStore.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import type { MembersTable } from '../../src/db/organization/organizationTables.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { readAudit } from '../../src/db/organization/audit.ts';
import { rulesVault } from '../../src/db/organization/memberRulesStore.ts';
import type { Audience } from '../../src/domain/audience.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { decide } from '../../src/domain/decision.ts';
import type { Principal } from '../../src/domain/people.ts';
import type { ConsentRequest, ConsentTransaction } from '../../src/domain/records.ts';
import { EMPTY_SELECTION, type Selection } from '../../src/domain/selection.ts';
import { openTestDatabase } from './databases.ts';
import { FakeMicrosoft } from './fakeMicrosoft.ts';
import { memoryKeys } from './memoryKeys.ts';

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const MINUTE = 60_000;

/** Owen administers the directory; Mara and Tom are people like any others. */
export const OWEN = '7c2a9e10-0001-4c3d-8e5f-100000000001';
export const MARA = '7c2a9e10-0001-4c3d-8e5f-100000000002';
export const TOM = '7c2a9e10-0001-4c3d-8e5f-100000000003';

export const READ = { sync: 'full', act: 'none', shared: false } as const;
export const MAIL: Selection = { ...EMPTY_SELECTION, mail: READ };
export const MAIL_AND_CALENDAR: Selection = { ...MAIL, calendar: READ };

/** What the use cases work with, over a real store. */
export function consentPorts(
  database: Database,
  keyring: Keyring,
  { entra, directory }: Pick<ConsentPorts, 'entra' | 'directory'>,
  now: () => Date,
): ConsentPorts {
  return {
    store: openConsentStore(database, now),
    vault: credentialVault(database, keyring),
    rules: rulesVault(keyring),
    entra,
    directory,
    unsubscriber: { prepare: () => Promise.resolve(() => Promise.resolve()) },
    chance: { token: (bytes) => randomBytes(bytes).toString('base64url'), uuid: () => randomUUID() },
    now,
  };
}

/** Opens a database for the stories of a test file, closes it after them, and answers how a story is made. */
export function openStories(): () => ConsentStory {
  let database: Database;
  let keyring: Keyring;
  beforeAll(async () => {
    database = await openTestDatabase();
    keyring = await memoryKeys(() => new Date());
  });
  afterAll(() => database.close());
  return () => new ConsentStory(database, keyring);
}

export class ConsentStory {
  readonly tenantId = randomUUID();
  readonly microsoft: FakeMicrosoft;
  readonly ports: ConsentPorts;
  readonly tokens: AccessTokenProvider;
  readonly database: Database;
  #at = new Date('2026-11-21T09:00:00Z').getTime();

  constructor(database: Database, keyring: Keyring) {
    const now = () => this.now();
    const people = [OWEN, MARA, TOM].map((memberId) => ({ memberId, directoryRoles: rolesOf(memberId) }));
    this.database = database;
    this.microsoft = new FakeMicrosoft(this.tenantId, people, now);
    const ports = consentPorts(database, keyring, this.microsoft, now);
    this.ports = { ...ports, store: this.#recording(ports.store) };
    this.tokens = new AccessTokenProvider(this.ports);
  }

  now(): Date {
    return new Date(this.#at);
  }

  /** The clock moves, token servers catch up, and the worker does what is due. */
  async pass(minutes: number): Promise<void> {
    this.#at += minutes * MINUTE;
    this.microsoft.spread();
    await verifyConsents(this.ports, this.tokens);
    await detectGrantDrift(this.ports, this.tokens);
  }

  as(memberId: string, directoryRoles = rolesOf(memberId)): Principal {
    const { tenantId } = this;
    return { tenantId, memberId, name: null, account: null, loginHint: null, directoryRoles, isGuest: false };
  }

  /** Whoever is named opens the page; Owen then owns the organization. */
  async begin(...memberIds: readonly string[]): Promise<void> {
    for (const memberId of [OWEN, ...memberIds]) {
      await this.opensThePage(memberId);
    }
    await claimOrganization(this.ports, this.as(OWEN));
  }

  opensThePage(memberId: string): ReturnType<typeof signIn> {
    return signIn(this.ports, this.as(memberId), memberId);
  }

  changesSync(memberId: string, change: Partial<SyncChange>): ReturnType<typeof changeSync> {
    return changeSync(this.ports, this.as(memberId), { selection: {}, erase: [], ...change });
  }

  /** Chooses, and accepts at Microsoft where that is asked. */
  async turnsOn(memberId: string, selection: Partial<Selection>): Promise<void> {
    const result = await this.changesSync(memberId, { selection });
    if (result.kind === 'consentRequired') {
      await this.accepts(result.consent.id, memberId);
    }
  }

  /** Asks Microsoft for everyone; answers the id of the transaction. */
  async asksForEveryone(memberId: string, request: Partial<ConsentRequest>): Promise<string> {
    const begun = await createConsentTransaction(this.ports, this.as(memberId), { ...FOR_EVERYONE, ...request });
    if (begun.kind !== 'begun') {
      throw new Error(`It was refused: ${begun.code}`);
    }
    return begun.id;
  }

  /** What is stored of a member becomes otherwise, as if it always had been. */
  async setMember(memberId: string, change: Updateable<MembersTable>): Promise<void> {
    await this.database.kysely
      .updateTable('members')
      .set(change)
      .where('tenant_id', '=', this.tenantId)
      .where('member_id', '=', memberId)
      .execute();
  }

  /** As if sync had stored something. */
  async hasStored(memberId: string, category: Category): Promise<void> {
    const { connectionId = '' } = (await this.ports.store.connection(this.tenantId, memberId)) ?? {};
    await sql`
      insert into items (tenant_id, member_id, category, item_id, connection_id, item_at, folder_id, level, generation,
        elsewhere, size, participant_hashes, sealed, stored_at)
      values (${this.tenantId}, ${memberId}, ${category}, ${`an item of ${category}`}, ${connectionId}, now(), 'a folder',
        'full', 1, '{}', 1, '{}', '\\x00', now())
    `.execute(this.database.kysely);
  }

  /** A member's refresh token as it is stored, sealed; a backup would have it. */
  async sealedCredential(memberId: string): Promise<Uint8Array | null> {
    const row = await this.database.kysely
      .selectFrom('connections')
      .select('credential')
      .where('tenant_id', '=', this.tenantId)
      .where('member_id', '=', memberId)
      .executeTakeFirst();
    return row?.credential ?? null;
  }

  /** Someone puts it back from a backup, and reads what can be read. */
  async restoresCredential(memberId: string, credential: Uint8Array | null): Promise<string | null> {
    await this.database.kysely
      .updateTable('connections')
      .set({ credential })
      .where('tenant_id', '=', this.tenantId)
      .where('member_id', '=', memberId)
      .execute();
    return this.ports.vault.read(this.tenantId, memberId);
  }

  /** What is being erased, of anyone, by name. */
  async erasing(): Promise<readonly Category[]> {
    const rows = await this.database.kysely
      .selectFrom('erasures')
      .select('category')
      .where('tenant_id', '=', this.tenantId)
      .where('state', '=', 'erasing')
      .execute();
    return rows.map(({ category }) => category).toSorted();
  }

  /** Owen says whose mailboxes service mode covers. */
  covers(coverage: Audience, canaryId: string | null = null): ReturnType<typeof changeCoverage> {
    return changeCoverage(this.ports, this.as(OWEN), { coverage, canaryId, people: [] });
  }

  /** Owen decides for everyone, and Microsoft agrees. */
  async decides(selection: Selection, mode: ConsentRequest['mode'] = 'organization'): Promise<void> {
    await this.accepts(await this.asksForEveryone(OWEN, { mode, selection }), OWEN);
    await this.pass(1);
  }

  async changes(settings: OrganizationSettings, by = OWEN): ReturnType<typeof changeOrganization> {
    const version = (await this.ports.store.organization(this.tenantId))?.version ?? 0;
    return changeOrganization(this.ports, this.as(by), settings, version);
  }

  /** Someone sits before Microsoft's page of a transaction, and agrees; answers how the window ended. */
  async accepts(id: string, by: string): Promise<unknown> {
    const { address, browserSecret } = await this.opens(id);
    const scopes = address.searchParams.get('scope')?.split(' ') ?? [];
    const code = { code: this.microsoft.codeFor(by) };
    if (address.pathname !== '/adminconsent') {
      this.microsoft.grantTo(by, scopes);
      return this.comesBack(address, browserSecret, code);
    }
    if (address.searchParams.get('registration') === 'service') {
      this.microsoft.grantToApplication();
    } else {
      this.microsoft.grantToEverybody(scopes);
    }
    const next = await this.comesBack(address, browserSecret, { admin_consent: 'True' });
    return next.kind === 'redirect' ? this.comesBack(new URL(next.url), browserSecret, code) : next;
  }

  /** The same, with a refusal of Entra's. */
  async isRefused(id: string, number: number): Promise<unknown> {
    const { address, browserSecret } = await this.opens(id);
    return this.comesBack(address, browserSecret, {
      error: 'access_denied',
      error_description: `AADSTS${number}: refused`,
    });
  }

  /** What became of a transaction. */
  async consent(id: string): Promise<Pick<ConsentTransaction, 'state' | 'reason'> | null> {
    const { consentHash } = parseConsentId(id) ?? { consentHash: '' };
    const consent = await this.ports.store.consent(this.tenantId, consentHash);
    return consent === null ? null : { state: consent.state, reason: consent.reason };
  }

  async reason(memberId: string, category: Category = 'mail'): Promise<string> {
    const facts = await this.ports.store.decisionFacts(this.tenantId, memberId);
    return facts === null ? 'unknown' : decide(category, facts).reason;
  }

  /** The history's acts since the last time, oldest first: by whom, what, and its details. */
  async history(): Promise<readonly (readonly unknown[])[]> {
    const events = await readAudit(this.database.kysely, this.tenantId, null, 100);
    const fresh = events.filter(({ sequence }) => sequence > this.#seen).toReversed();
    this.#seen = events[0]?.sequence ?? 0;
    return fresh.map(({ actorId, action, detail }) => [actorId, action, detail]);
  }
  #seen = 0;

  /**
   * What was recorded since the last time, oldest first: acts by whom, what, about which, and their details; whose screens
   * were told and whose mailboxes woken.
   */
  recorded(): readonly object[] {
    return this.#records.splice(0).map(({ acts = [], tell = [], wake = [] }) => ({
      acts: acts.map(({ actorId, action, target, detail }) => [actorId, action, target, detail]),
      tell,
      wake,
    }));
  }
  readonly #records: RecordedChange[] = [];

  #recording(store: ConsentStore): ConsentStore {
    return {
      ...store,
      transact: (work) =>
        store.transact((writer) =>
          work({
            ...writer,
            record: (change) => {
              this.#records.push(change);
              return writer.record(change);
            },
          }),
        ),
    };
  }

  /** The numbers by which a late writer and an older decision are told: the organization's, and each connection's. */
  async epochs(): Promise<object> {
    const organization = await this.ports.store.organization(this.tenantId);
    const connections = await this.ports.store.connections(this.tenantId);
    return {
      organization: organization?.epoch,
      version: organization?.version,
      ...Object.fromEntries(connections.map(({ memberId, epoch }) => [memberId, epoch])),
    };
  }

  /** A browser goes to Microsoft for a transaction, with a secret of its own. */
  async opens(id: string): Promise<{ address: URL; browserSecret: string }> {
    const opened = await startAuthorization(this.ports, id);
    if (opened.kind !== 'redirect') {
      throw new Error(`It cannot be opened: ${opened.kind}`);
    }
    return { address: new URL(opened.url), browserSecret: opened.browserSecret };
  }

  /** A browser comes back from Microsoft's page at `address` with an answer. */
  comesBack(
    address: URL,
    browserSecret: string | null,
    answer: Readonly<Record<string, string>>,
  ): ReturnType<typeof handleConsentCallback> {
    const state = address.searchParams.get('state') ?? '';
    const query = new URLSearchParams({ ...answer, state }).toString();
    return handleConsentCallback(this.ports, new URL(`https://assent.example/consent/return?${query}`), browserSecret);
  }
}

const FOR_EVERYONE = {
  purpose: 'consent',
  mode: 'organization',
  grantFor: 'everyone',
  selection: EMPTY_SELECTION,
  relevance: null,
  erase: [],
} as const satisfies ConsentRequest;

function rolesOf(memberId: string): readonly string[] {
  return memberId === OWEN ? [GLOBAL_ADMINISTRATOR] : [];
}
