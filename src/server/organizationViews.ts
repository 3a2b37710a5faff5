/** What owners and managers look at: the roster, coverage, searches, previews and checks. */
import type { ConsentPorts, DirectoryPort } from '../consent/ports.ts';
import type { Fleet, Preview, PreviewRequest, Readiness } from '../contract/api/organization.ts';
import type { Coverage, FoundGroups, FoundPeople, Roster } from '../contract/api/people.ts';
import { type PersonFacts, readFactsOfAll } from '../db/decisionFacts.ts';
import { readFleet } from '../db/fleet.ts';
import type { Database } from '../db/openDatabase.ts';
import { type PersonAfter, previewChange } from '../domain/preview.ts';
import type { Member, Organization } from '../domain/records.ts';
import { presentAudience } from './present/organization.ts';
import { presentReadiness } from './present/readiness.ts';
import { presentRoster } from './present/roster.ts';

const MAX_SEARCH_RESULTS = 20;
const LEARNED_MILLISECONDS = 60_000;

export class UnknownOrganizationError extends Error {
  override readonly name = 'UnknownOrganizationError';
  readonly code = 'unknown_organization';
}

export class OrganizationViews {
  readonly #ports: ConsentPorts;
  readonly #database: Database;
  readonly #learned = new Map<string, { readonly at: number; readonly isComplete: boolean }>();

  constructor(ports: ConsentPorts, database: Database) {
    this.#ports = ports;
    this.#database = database;
  }

  async roster(tenantId: string): Promise<Roster> {
    const isComplete = await this.#learnEverybody(tenantId);
    return presentRoster(await this.#people(tenantId), isComplete);
  }

  /** Whether everybody is known; the directory is read again after a while, not with every look. */
  async #learnEverybody(tenantId: string): Promise<boolean> {
    const known = this.#learned.get(tenantId);
    const now = this.#ports.now();
    if (known !== undefined && now.getTime() - known.at < LEARNED_MILLISECONDS) {
      return known.isComplete;
    }
    const everybody = await this.#fromDirectory(tenantId, (token, directory) => directory.everybody(token));
    if (everybody !== null) {
      await this.#ports.store.transact((writer) => writer.addPeople(tenantId, everybody, now));
    }
    this.#learned.set(tenantId, { at: now.getTime(), isComplete: everybody !== null });
    return everybody !== null;
  }

  async coverage(tenantId: string): Promise<Coverage> {
    const organization = await this.#organization(tenantId);
    const { coverage, canaryId } = organization;
    const covered = new Set(await this.#ports.store.peopleIn(tenantId, coverage));
    const members = await this.#ports.store.membersOf(tenantId, [...covered, ...(canaryId === null ? [] : [canaryId])]);
    const canary = members.find(({ memberId }) => memberId === canaryId);
    return {
      coverage: presentAudience(coverage),
      people: members.filter(({ memberId }) => covered.has(memberId)).map(nameOf),
      canary: canary === undefined ? null : nameOf(canary),
    };
  }

  async findPeople(tenantId: string, search: string): Promise<FoundPeople> {
    const found = await this.#fromDirectory(tenantId, (token, directory) => directory.findPeople(token, search));
    if (found !== null) {
      const people = found.slice(0, MAX_SEARCH_RESULTS).map(({ memberId, name }) => ({ id: memberId, name }));
      return { people, fromDirectory: true };
    }
    const wanted = search.toLowerCase();
    const known = await this.#ports.store.members(tenantId);
    const matching = known.filter(({ name, isGuest }) => !isGuest && (name ?? '').toLowerCase().includes(wanted));
    return { people: matching.slice(0, MAX_SEARCH_RESULTS).map(nameOf), fromDirectory: false };
  }

  async findGroups(tenantId: string, search: string): Promise<FoundGroups> {
    const found = await this.#fromDirectory(tenantId, (token, directory) => directory.groups(token, search));
    const groups = (found ?? []).slice(0, MAX_SEARCH_RESULTS).map(({ groupId, name }) => ({ id: groupId, name }));
    return { groups, fromDirectory: found !== null };
  }

  async preview(tenantId: string, { mode, selection }: PreviewRequest): Promise<Preview> {
    const people = await this.#people(tenantId);
    const after = previewChange(
      people.map(({ member, connection, facts }) => ({
        memberId: member.memberId,
        facts,
        hasCredential: connection?.status === 'live' && connection.hasCredential,
        personalScopes: connection?.personalScopes ?? [],
      })),
      { mode, selection },
    );
    const those = (isMeant: (person: PersonAfter) => boolean) => {
      const ids = new Set(after.filter(isMeant).map(({ memberId }) => memberId));
      return people.flatMap(({ member }) => (ids.has(member.memberId) ? [nameOf(member)] : []));
    };
    return {
      people: people.length,
      starts: those(({ starts }) => starts.length > 0),
      stops: those(({ stops }) => stops.length > 0),
      signInSilently: those(({ requiredSignIn }) => requiredSignIn === 'silently'),
      signInAsked: those(({ requiredSignIn }) => requiredSignIn === 'asked'),
    };
  }

  async readiness(tenantId: string): Promise<Readiness> {
    const organization = await this.#organization(tenantId);
    return presentReadiness(organization, await this.#people(tenantId), this.#ports.entra.offersService);
  }

  async fleet(tenantId: string): Promise<Fleet> {
    const { failing, ...counts } = await readFleet(this.#database.kysely, tenantId);
    return {
      ...counts,
      failing: failing.map(({ cause, mailboxes, nextAttemptAt }) => ({
        cause,
        mailboxes,
        nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
      })),
    };
  }

  async #people(tenantId: string): Promise<readonly PersonFacts[]> {
    return readFactsOfAll(this.#database.kysely, await this.#organization(tenantId), this.#ports.now());
  }

  async #organization(tenantId: string): Promise<Organization> {
    const organization = await this.#ports.store.organization(tenantId);
    if (organization === null) {
      throw new UnknownOrganizationError('The organization is not there');
    }
    return organization;
  }

  /** With the application's own permission, where the tenant has granted it; `null` everywhere else. */
  async #fromDirectory<T>(
    tenantId: string,
    ask: (
      token: string,
      directory: DirectoryPort,
    ) => Promise<{ readonly kind: 'ok'; readonly value: T } | { readonly kind: 'refused' | 'unavailable' }>,
  ): Promise<T | null> {
    const { entra, directory } = this.#ports;
    const organization = await this.#organization(tenantId);
    const isGranted = entra.offersService && organization.service !== null;
    const token = isGranted ? await entra.applicationToken(tenantId) : null;
    const answer = token?.kind === 'tokens' ? await ask(token.accessToken, directory) : null;
    return answer?.kind === 'ok' ? answer.value : null;
  }
}

function nameOf({ memberId, name }: Pick<Member, 'memberId' | 'name'>) {
  return { id: memberId, name };
}
