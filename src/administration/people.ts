/** The people of an organization as owners and managers see them: who they are, who an audience includes, who a change affects. */
import type { Audience } from '../domain/audience.ts';
import type { Mode } from '../domain/mode.ts';
import { type PersonAfter, previewChange } from '../domain/preview.ts';
import type { Member, Organization } from '../domain/records.ts';
import type { Selection } from '../domain/selection.ts';
import type { AdministrationPorts, NamedGroup, NamedPerson, PersonFacts } from './ports.ts';

const MAX_SEARCH_RESULTS = 20;
const DIRECTORY_MILLISECONDS = 60_000;

export class UnknownOrganizationError extends Error {
  override readonly name = 'UnknownOrganizationError';
  readonly code = 'unknown_organization';
}

export interface Roster {
  readonly people: readonly PersonFacts[];
  /** Whether everyone of the tenant is among them. */
  readonly isComplete: boolean;
}

export interface Coverage {
  readonly coverage: Audience;
  readonly people: readonly Member[];
  readonly canary: Member | null;
}

/** Who a change of mode and selection affects. */
export interface Impact {
  readonly people: number;
  readonly starts: readonly Member[];
  readonly stops: readonly Member[];
  readonly signInSilently: readonly Member[];
  readonly signInAsked: readonly Member[];
}

/** Keeps when the directory was read last, so that a page that is opened again does not read it again. */
export class People {
  readonly #ports: AdministrationPorts;
  readonly #read = new Map<string, { readonly at: number; readonly isComplete: boolean }>();

  constructor(ports: AdministrationPorts) {
    this.#ports = ports;
  }

  async roster(tenantId: string): Promise<Roster> {
    const organization = await this.organization(tenantId);
    const isComplete = await this.#addEveryone(tenantId);
    return { people: await this.#ports.store.people(organization, this.#ports.now()), isComplete };
  }

  async facts(tenantId: string): Promise<readonly PersonFacts[]> {
    return this.#ports.store.people(await this.organization(tenantId), this.#ports.now());
  }

  /** `null`: not known there. */
  person(tenantId: string, memberId: string): Promise<PersonFacts | null> {
    return this.#ports.store.person(tenantId, memberId, this.#ports.now());
  }

  async organization(tenantId: string): Promise<Organization> {
    const organization = await this.#ports.store.organization(tenantId);
    if (organization === null) {
      throw new UnknownOrganizationError('The organization is not there');
    }
    return organization;
  }

  async coverage(tenantId: string): Promise<Coverage> {
    const { store } = this.#ports;
    const { coverage, canaryId } = await this.organization(tenantId);
    const covered = new Set(await store.peopleIn(tenantId, coverage));
    const members = await store.membersOf(tenantId, [...covered, ...(canaryId === null ? [] : [canaryId])]);
    return {
      coverage,
      people: members.filter(({ memberId }) => covered.has(memberId)),
      canary: members.find(({ memberId }) => memberId === canaryId) ?? null,
    };
  }

  /** In the directory where it can be read, else among those who are known. */
  async findPeople(
    tenantId: string,
    search: string,
  ): Promise<{ readonly people: readonly NamedPerson[]; readonly fromDirectory: boolean }> {
    const found = await this.#ports.directory.findPeople(tenantId, search);
    if (found !== null) {
      return { people: found.slice(0, MAX_SEARCH_RESULTS), fromDirectory: true };
    }
    const wanted = search.toLowerCase();
    const known = await this.#ports.store.members(tenantId);
    const matching = known.filter(({ name, isGuest }) => !isGuest && (name ?? '').toLowerCase().includes(wanted));
    return { people: matching.slice(0, MAX_SEARCH_RESULTS), fromDirectory: false };
  }

  async findGroups(
    tenantId: string,
    search: string,
  ): Promise<{ readonly groups: readonly NamedGroup[]; readonly fromDirectory: boolean }> {
    const found = await this.#ports.directory.findGroups(tenantId, search);
    return { groups: (found ?? []).slice(0, MAX_SEARCH_RESULTS), fromDirectory: found !== null };
  }

  async preview(tenantId: string, change: { readonly mode: Mode; readonly selection: Selection }): Promise<Impact> {
    const people = await this.facts(tenantId);
    const after = previewChange(
      people.map(({ member, connection, facts }) => ({
        memberId: member.memberId,
        facts,
        hasCredential: connection?.status === 'live' && connection.hasCredential,
        personalScopes: connection?.personalScopes ?? [],
      })),
      change,
    );
    const where = (isAffected: (person: PersonAfter) => boolean) => {
      const ids = new Set(after.filter(isAffected).map(({ memberId }) => memberId));
      return people.map(({ member }) => member).filter(({ memberId }) => ids.has(memberId));
    };
    return {
      people: people.length,
      starts: where(({ starts }) => starts.length > 0),
      stops: where(({ stops }) => stops.length > 0),
      signInSilently: where(({ requiredSignIn }) => requiredSignIn === 'silently'),
      signInAsked: where(({ requiredSignIn }) => requiredSignIn === 'asked'),
    };
  }

  /** Whether everyone is known then; the directory is read again after a while, not with every look. */
  async #addEveryone(tenantId: string): Promise<boolean> {
    const now = this.#ports.now();
    const last = this.#read.get(tenantId);
    if (last !== undefined && now.getTime() - last.at < DIRECTORY_MILLISECONDS) {
      return last.isComplete;
    }
    const everyone = await this.#ports.directory.everyone(tenantId);
    if (everyone !== null) {
      await this.#ports.store.addPeople(tenantId, everyone, now);
    }
    this.#read.set(tenantId, { at: now.getTime(), isComplete: everyone !== null });
    return everyone !== null;
  }
}
