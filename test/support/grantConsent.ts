/** Starts consents over the API and answers Microsoft's pages, as people in tests do it. */
import { EMPTY_SELECTION, type Selection } from '../../src/domain/selection.ts';
import type { Level } from '../../src/domain/levels.ts';
import { press, visit, type Walk } from './browserConsent.ts';
import { type Answer, readField, type World } from './createWorld.ts';

export const READ: Level = { sync: 'full', act: 'none', shared: false };
export const HEADERS: Level = { sync: 'limited', act: 'none', shared: false };
export const MAIL: Selection = { ...EMPTY_SELECTION, mail: READ };
export const MAIL_AND_CALENDAR: Selection = { ...MAIL, calendar: READ };

/** Follows what an answer started, to Microsoft's first page. */
export function goToMicrosoft(world: World, { body }: Answer): Promise<Walk> {
  return visit(world, new URL(readField(body, 'startUrl')).pathname);
}

/** Presses the buttons of Microsoft's pages, one after another; a person is chosen where the picker is shown. */
export async function answer(world: World, walk: Walk, steps: readonly string[]): Promise<Walk> {
  let at = walk;
  for (const step of steps) {
    at = step.includes('@')
      ? await press(world, at, 'account', await oidOf(world, step))
      : await press(world, at, 'answer', step);
  }
  return at;
}

/** A member consents for themselves and waits until it took effect. */
export async function turnOn(world: World, upn: string, selection: Selection = MAIL): Promise<void> {
  await world.as(upn, 'GET', '/api/session');
  const begun = await world.as(upn, 'POST', '/api/me/consents', { selection });
  await answer(world, await goToMicrosoft(world, begun), ['accept']);
  await world.settle();
}

/** An admin takes the organization over and decides for everyone. */
export async function decideForEveryone(world: World, upn: string, selection: Selection = MAIL): Promise<void> {
  await world.as(upn, 'GET', '/api/session');
  await world.as(upn, 'POST', '/api/organization/claim');
  const begun = await world.as(upn, 'POST', '/api/organization/consents', {
    mode: 'organization',
    selection,
    confirmAdministrator: true,
  });
  await answer(world, await goToMicrosoft(world, begun), [upn, 'accept']);
  await world.settle();
}

/** Has the application itself read the mailboxes of `people`, and waits until Exchange's answers prove it. */
export async function connectByService(
  world: World,
  owner: string,
  people: readonly [string, ...string[]],
  selection: Selection,
): Promise<void> {
  const ids = await Promise.all(people.map((upn) => oidOf(world, upn)));
  await world.as(owner, 'PUT', '/api/organization/coverage', {
    coverage: { kind: 'people', memberIds: ids },
    canary: null,
    people: ids.map((id) => ({ id, name: null })),
  });
  const begun = await world.as(owner, 'POST', '/api/organization/consents', {
    mode: 'service',
    selection,
    confirmAdministrator: true,
  });
  await answer(world, await goToMicrosoft(world, begun), [owner, 'accept']);
  const [first] = people;
  for (let look = 0; look < 10 && (await reasonOf(world, first)) !== 'onByAdministrator'; look += 1) {
    world.advance(61_000);
    await world.settle();
  }
  await world.settle();
}

export async function oidOf(world: World, upn: string): Promise<string> {
  const { body } = await world.control('GET', '/people');
  const tenants = readList(body, 'tenants');
  const people = tenants.flatMap((tenant) => readList(tenant, 'people'));
  const person = people.find((each) => readField(each, 'upn') === upn);
  return readField(person, 'oid');
}

export function readList(body: unknown, name: string): readonly unknown[] {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (!Array.isArray(value)) {
    throw new Error(`The answer has no list "${name}": ${JSON.stringify(body)}`);
  }
  return value;
}

/** What is effective for a person in one category, with the reason. */
export async function reasonOf(world: World, upn: string, category = 'mail'): Promise<string> {
  const { body } = await world.as(upn, 'GET', '/api/me/sync');
  const decisions: unknown = Reflect.get(Object(body), 'decisions');
  return readField(Reflect.get(Object(decisions), category), 'reason');
}

export async function organizationOf(world: World, upn: string): Promise<Record<string, unknown>> {
  const { body } = await world.as(upn, 'GET', '/api/organization');
  return Object(body);
}

/** Changes the organization on the version that is current. */
export async function changeSettings(world: World, upn: string, change: object): Promise<Answer> {
  const { version } = await organizationOf(world, upn);
  return world.as(upn, 'PATCH', '/api/organization', change, { 'if-match': `"${String(version)}"` });
}

/** Everything that is stored of someone's mail and calendar. */
export async function storedOf(world: World, upn: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for (const category of ['mail', 'calendar']) {
    let path: string | null = `/api/me/items?category=${category}`;
    while (path !== null) {
      const { body }: Answer = await world.as(upn, 'GET', path);
      items.push(...readList(body, 'items'));
      const next: unknown = Reflect.get(Object(body), 'next');
      path = typeof next === 'string' ? `/api/me/items?category=${category}&cursor=${encodeURIComponent(next)}` : null;
    }
  }
  return items;
}
