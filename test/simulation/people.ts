/** What the person and an admin decide, chosen by chance. */
import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { changeOrganization, type OrganizationSettings } from '../../src/consent/changeOrganization.ts';
import { changeRules } from '../../src/consent/changeRules.ts';
import { applySelection } from '../../src/consent/changeSync.ts';
import { disconnectMember } from '../../src/consent/disconnectMember.ts';
import type { ConsentPorts } from '../../src/consent/ports.ts';
import type { Keyring } from '../../src/db/keys/keyring.ts';
import { readMemberRules } from '../../src/db/organization/memberRulesStore.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import type { Pause } from '../../src/domain/pause.ts';
import type { RulesChange } from '../../src/domain/memberRules.ts';
import { NO_FILTERS, type RelevancePolicy } from '../../src/domain/relevance.ts';
import type { Selection } from '../../src/domain/selection.ts';
import type { SyncLevel } from '../../src/domain/levels.ts';
import { CATEGORIES, type Category, definitionOf } from '../../src/domain/categories/categories.ts';
import { CAREERS, levelWith, MARA, PRINCIPAL, SCOPES, selectionOf } from './initialState.ts';
import type { Chance } from './random.ts';

import { folderId } from '../../src/sandbox/graph/folders.ts';
import { INSIDE, OUTSIDE } from './mailboxLife.ts';

const MINUTE = 60_000;

export class People {
  readonly #ports: ConsentPorts;
  readonly #chance: Chance;
  readonly #focus: readonly Category[];
  readonly #note: (what: string) => void;
  readonly #database: Database;
  readonly #keyring: Keyring;
  #hasChangedRules = false;
  #named = 0;

  constructor(
    ports: ConsentPorts,
    stored: { readonly database: Database; readonly keyring: Keyring },
    chance: Chance,
    focus: readonly Category[],
    note: (what: string) => void,
  ) {
    this.#ports = ports;
    this.#database = stored.database;
    this.#keyring = stored.keyring;
    this.#chance = chance;
    this.#focus = focus;
    this.#note = note;
  }

  async connect(selection: Selection): Promise<void> {
    const { tenantId, memberId } = MARA;
    await this.#ports.store.transact(async (writer) => {
      await writer.lockOrganization(tenantId);
      const connection = await writer.lockConnection(tenantId, memberId);
      const isNew = connection?.status !== 'live';
      if (isNew) {
        await writer.saveConnection({
          tenantId,
          memberId,
          connectionId: randomUUID(),
          scopes: SCOPES,
          personalScopes: SCOPES,
          revokedScopes: [],
          credential: null,
          at: this.#ports.now(),
        });
      }
      await applySelection(this.#ports, writer, MARA, { selection, erase: [] });
    });
  }

  /** The member turns a category on or off, and may have it erased. */
  async choose(): Promise<void> {
    const { tenantId, memberId } = MARA;
    const category = this.#chance.pick(this.#focus);
    const sync = this.#chance.pick<SyncLevel>(['off', ...definitionOf(category).levels]);
    const isErasing = sync === 'off' && this.#chance.below(2) === 0;
    const connection = await this.#ports.store.connection(tenantId, memberId);
    if (connection?.status !== 'live') {
      await this.connect(selectionOf((each) => (each === category && sync !== 'off' ? 'full' : 'off')));
      return;
    }
    const level = levelWith(category, sync, this.#chance.below(3) > 0);
    this.#note(`Mara: ${category} ${JSON.stringify(level)}${isErasing ? ', erased' : ''}`);
    await this.#ports.store.transact(async (writer) => {
      await writer.lockOrganization(tenantId);
      const change = { selection: { [category]: level }, erase: isErasing ? [category] : [] };
      await applySelection(this.#ports, writer, MARA, change);
    });
  }

  /** Whether anyone changed what is kept: then something may have been told as removed that is there. */
  get hasChangedRules(): boolean {
    return this.#hasChangedRules;
  }

  async changeOrganizationRules(): Promise<void> {
    this.#hasChangedRules = true;
    const relevance: RelevancePolicy = {
      ...NO_FILTERS,
      ignoredDomains: this.#chance.pick([[], ['harborreed.example']]),
      excludedAddresses: this.#chance.pick([[], [], [OUTSIDE]]),
      excludedFolderNames: this.#chance.pick([[], [], ['clients'], ['mailfolders']]),
      knownContactsOnly: this.#chance.below(4) === 0,
      lookBackDays: this.#chance.pick([null, null, 100]),
      retentionDays: this.#chance.pick([null, null, 200]),
    };
    this.#note(`the organization's rules: ${JSON.stringify(relevance)}`);
    await this.#changeOrganization({ relevance });
  }

  async changeOwnRules(): Promise<void> {
    this.#hasChangedRules = true;
    const change = this.#chance.pick<RulesChange>([
      { kind: 'exclude', what: { kind: 'address', value: INSIDE } },
      { kind: 'include', what: { kind: 'address', value: INSIDE } },
      { kind: 'exclude', what: { kind: 'conversation', value: `c${this.#chance.below(5)}`, subject: '' } },
      { kind: 'include', what: { kind: 'conversation', value: `c${this.#chance.below(5)}`, subject: '' } },
      { kind: 'exclude', what: { kind: 'folder', value: folderId('inbox') } },
      { kind: 'include', what: { kind: 'folder', value: folderId('inbox') } },
      { kind: 'settings', settings: { knownContactsOnly: this.#chance.below(3) === 0 } },
      { kind: 'settings', settings: { retentionDays: this.#chance.pick([null, 30]) } },
    ]);
    this.#note(`Mara's rules: ${JSON.stringify(change)}`);
    await this.#change(change);
  }

  async nameOrForgetMailbox(): Promise<void> {
    const isNamed = this.#chance.below(3) > 0;
    this.#note(`Mara ${isNamed ? 'names' : 'forgets'} the shared mailbox`);
    const { address } = CAREERS;
    if (isNamed) {
      // As the product does: never the same id twice.
      const id = `3c1f6a52-8d0e-4b7a-9e14-${`${this.#named}`.padStart(12, '0')}`;
      this.#named += 1;
      await this.#change({ kind: 'share', mailbox: { id, address, closed: [] } });
    } else {
      const { mailboxes } = await readMemberRules(this.#database.kysely, this.#keyring, MARA.tenantId, MARA.memberId);
      await this.#change({ kind: 'unshare', mailboxId: mailboxes[0]?.id ?? '' });
    }
  }

  async #change(change: RulesChange): Promise<void> {
    deepStrictEqual(await changeRules(this.#ports, PRINCIPAL, change), { kind: 'changed' });
  }

  async pauseOrResume(): Promise<void> {
    const category = this.#chance.pick(this.#focus);
    const pause = this.#drawPause();
    this.#note(`Mara: ${category} ${nameOf(pause)}`);
    await this.#ports.store.transact(async (writer) => {
      await writer.lockOrganization(MARA.tenantId);
      await applySelection(this.#ports, writer, MARA, { selection: {}, erase: [], pauses: { [category]: pause } });
    });
  }

  async pauseOrResumeEverybody(): Promise<void> {
    const pause = this.#drawPause();
    this.#note(`the organization: ${nameOf(pause)}`);
    await this.#changeOrganization({ pause });
  }

  async #changeOrganization(change: OrganizationSettings): Promise<void> {
    const organization = await this.#ports.store.organization(MARA.tenantId);
    const result = await changeOrganization(this.#ports, PRINCIPAL, change, organization?.version ?? 0);
    deepStrictEqual(result, { kind: 'changed' });
  }

  #drawPause(): Pause | null {
    const minutes = this.#chance.pick([null, 1, 20]);
    const until = minutes === null ? null : new Date(this.#ports.now().getTime() + minutes * MINUTE).toISOString();
    return this.#chance.below(2) === 0 ? null : { until };
  }

  async resumeEverything(): Promise<void> {
    const pauses = Object.fromEntries(CATEGORIES.map((category) => [category, null]));
    await this.#changeOrganization({ pause: null });
    await this.#ports.store.transact(async (writer) => {
      await writer.lockOrganization(MARA.tenantId);
      await applySelection(this.#ports, writer, MARA, { selection: {}, erase: [], pauses });
    });
  }

  async disconnect(): Promise<void> {
    const data = this.#chance.pick(['keep', 'erase'] as const);
    this.#note(`Mara disconnects, ${data}`);
    await disconnectMember(this.#ports, PRINCIPAL, data);
  }
}

function nameOf(pause: Pause | null): string {
  return pause === null ? 'goes on' : `is paused until ${pause.until ?? 'somebody goes on'}`;
}
