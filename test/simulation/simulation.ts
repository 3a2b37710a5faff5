/**
 * One seed: workers, a person, an admin's database and Microsoft, with every fault there is, and at the end the
 * database compared with the truth.
 *
 * Everything that chance decides comes from the seed, every effect is run one at a time, and so a seed replays exactly.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ConsentPorts } from '../../src/consent/ports.ts';
import { openConsentStore } from '../../src/db/consent/consentStore.ts';
import { openEraseStore } from '../../src/db/content/eraseStore.ts';
import { rulesVault } from '../../src/db/organization/memberRulesStore.ts';
import { Keyring } from '../../src/db/keys/keyring.ts';
import { openRelevanceStore } from '../../src/db/content/relevanceStore.ts';
import { storeNotifications, takeNotifications } from '../../src/db/sync/notifications.ts';
import type { Database } from '../../src/db/openDatabase.ts';
import { openSyncStore } from '../../src/db/sync/syncStore.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories/categories.ts';
import { NO_FILTERS } from '../../src/domain/relevance.ts';
import { openGraphPort } from '../../src/microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';
import { type ErasePorts, eraseAll } from '../../src/sync/erase.ts';
import type { SyncPorts } from '../../src/sync/ports.ts';
import { notificationsIn } from '../../src/server/routes/notifications.ts';
import { expireAll, type ExpirePorts } from '../../src/sync/expire.ts';
import { reviewAll, type ReviewPorts } from '../../src/sync/review.ts';
import { runRound } from '../../src/sync/runRound.ts';
import { FakeMicrosoft } from '../support/fakeMicrosoft.ts';
import { CAREERS, MARA, PRINCIPAL, selectionOf } from './initialState.ts';
import { Consumer } from './consumer.ts';
import { Chance } from './random.ts';
import { drawFault } from './pickFault.ts';
import { EngineLaws } from './invariants.ts';
import { changeMailbox } from './mailboxLife.ts';
import { People } from './people.ts';
import { memoryKeys } from '../support/memoryKeys.ts';
import { emptyTables } from '../support/tables.ts';
import { ORIGIN, SimulatedMicrosoft } from './microsoft.ts';
import { Life, LostAnswer, type Fate, Scheduler } from './scheduler.ts';
import { compare, expectNoMoveToldAsRemoval } from './consistency.ts';
import { wrapErase, wrapExpire, wrapReview, wrapSync } from './wrappedPorts.ts';

const IGNORED = ['harborreed.example'];

const WORKERS = 2;
const ACTIONS = 90;
/** A lease lasts this long in the database's time, which passes only where the simulation says so. */
const LEASE_MILLISECONDS = 60_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MAX_STEPS_UNTIL_IDLE = 20_000;

/** Milliseconds since 1970; `skew` is by how much the processes are wrong. */
interface Clock {
  at: number;
  skew: number;
}

interface Worker {
  life: Life;
  busy: Promise<void> | null;
}

export class Simulation {
  readonly seed: number;
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly #database: Database;
  readonly #keyring: Keyring;
  readonly #microsoft: SimulatedMicrosoft;
  readonly #consent: ConsentPorts;
  readonly #people: People;
  readonly #laws: EngineLaws;
  readonly #consumer: Consumer;
  readonly #sync: SyncPorts;
  readonly #erase: ErasePorts;
  readonly #relevance: ReviewPorts & ExpirePorts;
  readonly #workers: Worker[];
  readonly #clock: Clock;
  readonly #habits: readonly (readonly [number, () => Promise<void> | void])[];
  /** How many effects there are at most between two things that happen. */
  readonly #patience: number;
  /** How many effects go well for five that do not. */
  readonly #luck: number;
  readonly #focus: readonly Category[];
  readonly #failures: unknown[] = [];
  #lives = 0;

  private constructor(seed: number, database: Database, clock: Clock, keyring: Keyring, microsoft: SimulatedMicrosoft) {
    const now = () => new Date(clock.at + clock.skew);
    this.seed = seed;
    this.chance = new Chance(seed);
    this.scheduler = new Scheduler(this.chance);
    this.#habits = this.#drawHabits();
    this.#patience = this.chance.pick([8, 30, 90]);
    this.#luck = this.chance.pick([200, 1_000, 5_000]);
    this.#focus = this.chance.pick([CATEGORIES, ...CATEGORIES.map((category) => [category])]);
    this.#database = database;
    this.#clock = clock;
    this.#keyring = keyring;
    this.#microsoft = microsoft;
    const { entra, directory } = new FakeMicrosoft(MARA.tenantId, [], now);
    this.#consent = {
      store: openConsentStore(database, now),
      vault: {
        read: () => Promise.resolve(null),
        seal: () => Promise.resolve(new Uint8Array()),
        destroy: () => Promise.resolve(),
      },
      rules: rulesVault(keyring),
      entra,
      directory,
      unsubscriber: { prepare: () => Promise.resolve(() => Promise.resolve()) },
      chance: { token: (bytes) => randomBytes(bytes).toString('base64url'), uuid: () => randomUUID() },
      now,
    };
    this.#people = new People(this.#consent, { database, keyring }, this.chance, this.#focus, (what) =>
      this.scheduler.history.push(what),
    );
    this.#sync = {
      store: openSyncStore(database, keyring, now),
      graph: openGraphPort(new GraphTransport(microsoft.http, ORIGIN), {
        notifications: `${ORIGIN}/graph/notifications`,
        lifecycle: `${ORIGIN}/graph/lifecycle`,
      }),
      tokens: {
        get: ({ memberId }) =>
          Promise.resolve({ kind: 'token', access: { accessToken: microsoft.token(MARA), mailbox: 'me', memberId } }),
        renew: () => Promise.resolve(null),
      },
      now,
      wait: (milliseconds) => this.#pass(milliseconds),
      isStopping: () => false,
      random: () => this.chance.next(),
      secret: () => randomBytes(32).toString('base64url'),
    };
    this.#laws = new EngineLaws(database, keyring, now, () => new Date(clock.at));
    this.#consumer = new Consumer(database, keyring, now, () => this.chance.next());
    this.#erase = openEraseStore(database, keyring, now);
    this.#relevance = openRelevanceStore(database, keyring, now, (error) => this.#failures.push(error));
    this.#workers = Array.from({ length: WORKERS }, () => ({ life: this.#newLife(), busy: null }));
  }

  static async open(seed: number, database: Database): Promise<Simulation> {
    const clock = { at: Date.parse('2026-11-21T09:00:00Z'), skew: 0 };
    const now = () => new Date(clock.at + clock.skew);
    await emptyTables(database);
    const keyring = await memoryKeys(now);
    const wait = (milliseconds: number) => {
      clock.at += milliseconds;
      return Promise.resolve();
    };
    const microsoft = await SimulatedMicrosoft.open(`simulation ${seed}`, () => new Date(clock.at), wait);
    const simulation = new Simulation(seed, database, clock, keyring, microsoft);
    await simulation.#begin();
    return simulation;
  }

  /** Everything that may happen, then rest, then the comparison; throws with the seed where they differ. */
  async run(): Promise<void> {
    try {
      for (let action = 0; action < ACTIONS; action += 1) {
        await this.#act();
      }
      await this.#rest();
      await compare(this.#database, this.#keyring, this.#microsoft, MARA, new Date(this.#clock.at));
      await this.#consumer.expectTheSame(MARA);
      deepStrictEqual(await this.#relevance.findExpired(new Date(this.#clock.at)), [], 'something old is still there');
      if (!this.#people.hasChangedRules) {
        await expectNoMoveToldAsRemoval(this.#database, this.#microsoft.mailbox(MARA.upn));
      }
      const [failure] = this.#failures;
      if (failure !== undefined) {
        throw failure;
      }
    } catch (cause) {
      throw new Error(`Seed ${this.seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    } finally {
      await this.#microsoft.close();
    }
  }

  async #begin(): Promise<void> {
    const at = new Date(this.#clock.at);
    const { tenantId } = MARA;
    const selection = selectionOf((category) => (this.#focus.includes(category) ? 'full' : 'off'));
    const hasRules = this.chance.below(2) === 0;
    await this.#consent.store.transact(async (writer) => {
      await writer.addOrganization(tenantId, at);
      await writer.changeOrganization(tenantId, {
        relevance: { ...NO_FILTERS, ignoredDomains: hasRules ? IGNORED : [] },
      });
      await writer.recordVisit(PRINCIPAL, at);
      await writer.setProductRole(tenantId, MARA.memberId, 'owner');
    });
    await this.#people.connect(selection);
    await this.#people.nameOrForgetMailbox();
  }

  async #act(): Promise<void> {
    await this.chance.weighted(this.#habits)();
    await this.#getToWork();
    for (let step = this.chance.below(this.#patience); step > 0; step -= 1) {
      await this.scheduler.step(this.#fate());
    }
  }

  /** Where no one does anything, time passes until someone has something to do. */
  async #getToWork(): Promise<void> {
    if (this.scheduler.isIdle() && !(await this.#isWorkDue())) {
      await this.#pass(20 * SECOND);
    }
    this.#startWorkers();
  }

  /** What happens how often differs from seed to seed: what is rare everywhere would never come together. */
  #drawHabits(): readonly (readonly [number, () => Promise<void> | void])[] {
    const often = () => this.chance.pick([0, 1, 1, 4]);
    return [
      [20, () => this.#pass(this.chance.pick([SECOND, 20 * SECOND]))],
      [30 * this.chance.pick([1, 2, 4]), () => this.#changeMailbox()],
      [5 * often(), () => this.#pass(this.chance.pick([2 * MINUTE, 20 * MINUTE, 25 * 60 * MINUTE]))],
      [often(), () => this.#jump(this.chance.pick([-30 * MINUTE, 30 * MINUTE]))],
      [5 * often(), () => this.#addFault()],
      [4 * often(), () => this.#freezeOrThaw()],
      [4 * often(), () => this.#people.choose()],
      [2 * often(), () => this.#people.changeOrganizationRules()],
      [2 * often(), () => this.#people.changeOwnRules()],
      [2 * often(), () => this.#people.pauseOrResume()],
      [often(), () => this.#people.pauseOrResumeEverybody()],
      [often(), () => this.#people.disconnect()],
      [2 * often(), () => this.#people.nameOrForgetMailbox()],
      [often(), () => this.#openOrClose()],
      [often(), () => this.#microsoft.forgetCursors()],
      [10, () => this.#deliver()],
      [2 * often(), () => this.#loseSubscriptions()],
      [6, () => this.#note(this.#consumer.publish())],
      [8 * often(), () => this.#note(this.#consumer.consume(this.chance))],
      [8 * often(), () => this.#note(this.#consumer.receive(this.chance))],
    ];
  }

  #fate(): Fate {
    return this.chance.weighted<Fate>([
      [this.#luck, 'done'],
      [2, 'diesBefore'],
      [2, 'diesAfter'],
      [1, 'losesAnswer'],
    ]);
  }

  #newLife(): Life {
    this.#lives += 1;
    return new Life(`process ${this.#lives}`);
  }

  /** Every worker that has nothing to do looks for work; one that died restarts. */
  #startWorkers(): void {
    for (const worker of this.#workers) {
      if (worker.life.isDead) {
        worker.life = this.#newLife();
        worker.busy = null;
      }
      worker.busy ??= this.#work(worker.life).finally(() => {
        worker.busy = null;
      });
    }
  }

  async #work(life: Life): Promise<void> {
    const ports = wrapSync(this.#sync, this.scheduler, life, this.#laws);
    try {
      await eraseAll(wrapErase(this.#erase, this.scheduler, life));
      await reviewAll(wrapReview(this.#relevance, this.scheduler, life));
      await expireAll(wrapExpire(this.#relevance, this.scheduler, life));
      const leases = await ports.store.claimDue(life.name, ports.now(), { all: 1, first: 1 });
      await Promise.all(leases.map((lease) => runRound(ports, lease)));
    } catch (error) {
      // A worker that lost an answer of the database gives up its round, and the mailbox back where it still can.
      const failures = error instanceof AggregateError ? error.errors : [error];
      this.#failures.push(...failures.filter((failure) => !(failure instanceof LostAnswer)));
    }
  }

  #changeMailbox(): void {
    const upn = this.chance.pick([MARA.upn, MARA.upn, CAREERS.address]);
    const what = changeMailbox(this.#microsoft.mailbox(upn), this.chance, new Date(this.#clock.at), this.#focus);
    this.scheduler.history.push(`Microsoft: ${what}${upn === MARA.upn ? '' : ', in the shared mailbox'}`);
  }

  #openOrClose(): void {
    const isOpen = this.chance.below(2) === 0;
    this.#microsoft.share(isOpen);
    this.scheduler.history.push(`Microsoft: the shared mailbox is ${isOpen ? 'open' : 'closed'}`);
  }

  /** Time passes for everyone: leases run out, tokens and waits with them. */
  async #pass(milliseconds: number): Promise<void> {
    this.#clock.at += milliseconds;
    if (milliseconds > LEASE_MILLISECONDS) {
      const lapse = `${milliseconds} milliseconds`;
      await sql`update mailboxes set lease_until = lease_until - ${lapse}::interval`.execute(this.#database.kysely);
    }
    if (milliseconds >= SECOND) {
      this.scheduler.history.push(`${milliseconds / SECOND} seconds pass`);
    }
  }

  /** The clock of the processes jumps; Microsoft's and the database's go on. */
  #jump(milliseconds: number): void {
    this.#clock.skew += milliseconds;
    this.scheduler.history.push(`the clock jumps by ${milliseconds / MINUTE} minutes`);
  }

  #addFault(): void {
    const { fault, what } = drawFault(this.chance);
    this.#microsoft.faults.add([fault]);
    this.scheduler.history.push(what);
  }

  /** One of the notifications on their way arrives, or does twice, or never. */
  async #deliver(): Promise<void> {
    const { posted } = this.#microsoft;
    const [body] = posted.splice(this.chance.below(Math.max(1, posted.length)), 1);
    const times = this.chance.pick([0, 1, 1, 1, 2]);
    const received = Array.from({ length: times }, () => notificationsIn(body) ?? []).flat();
    await storeNotifications(this.#database, received, this.#sync.now());
    const told = await this.#database.kysely.selectFrom('notifications').select('category').distinct().execute();
    await takeNotifications(this.#database, this.#sync.now());
    told.forEach(({ category }) => {
      this.#laws.told(category);
    });
    this.scheduler.history.push(`a notification arrives ×${times}`);
  }

  async #note(what: Promise<string>): Promise<void> {
    this.scheduler.history.push(await what);
  }

  async #loseSubscriptions(): Promise<void> {
    const { subscriptions } = this.#microsoft;
    const event = this.chance.pick(['missed', 'subscriptionRemoved', 'reauthorizationRequired', null] as const);
    for (const subscription of subscriptions.of(MARA.upn)) {
      if (event === null) {
        subscriptions.remove(subscription.id);
      } else {
        await subscriptions.lifecycle(subscription, event);
      }
    }
    this.scheduler.history.push(`subscriptions: ${event ?? 'gone without a word'}`);
  }

  #freezeOrThaw(): void {
    const { life } = this.chance.pick(this.#workers);
    life.isFrozen = !life.isFrozen;
    this.scheduler.history.push(`${life.name} ${life.isFrozen ? 'freezes' : 'goes on'}`);
  }

  /** Faults end, clocks are right, everyone continues, and time passes until nothing changes any more. */
  async #rest(): Promise<void> {
    this.#microsoft.faults.clear();
    this.#microsoft.share(true);
    this.#clock.skew = 0;
    this.#laws.forgetSilence();
    await this.#people.resumeEverything();
    for (const { life } of this.#workers) {
      life.isFrozen = false;
    }
    // The first wait outlasts whatever a clock that was ahead has put off.
    for (const minutes of [6 * 60, 20, 70, 20, 20]) {
      await this.#pass(minutes * MINUTE);
      await this.#drain();
    }
  }

  async #drain(): Promise<void> {
    for (let step = 0; step < MAX_STEPS_UNTIL_IDLE; step += 1) {
      if (this.scheduler.isIdle()) {
        if (!(await this.#isWorkDue())) {
          return;
        }
        this.#startWorkers();
      }
      await this.scheduler.step('done');
    }
    throw new Error('the engine does not come to rest');
  }

  async #isWorkDue(): Promise<boolean> {
    const now = this.#sync.now();
    const { rows } = await sql<{ due: boolean }>`
      select exists (select 1 from mailboxes where due_at <= ${now} and (quiet_until is null or quiet_until <= ${now})
          and (lease_until is null or lease_until < now()))
        or exists (select 1 from erasures where state = 'erasing')
        or exists (select 1 from reviews where ended_at is null) as due
    `.execute(this.#database.kysely);
    return rows[0]?.due === true;
  }
}
