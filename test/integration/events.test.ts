/** `/api/events`: what changed comes by itself, and nothing comes twice. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Agent, fetch } from 'undici';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';
import { readList, storedOf } from '../support/grantConsent.ts';

const agent = new Agent({ connect: { rejectUnauthorized: false } });
let world: World;

beforeAll(async () => {
  world = await createWorld({ messages: 3, events: 0 });
  await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Mail.Read'] });
  await world.as(PEOPLE.mara, 'GET', '/api/session');
});
afterAll(async () => {
  await agent.close();
  await world.close();
});

/** Reads blocks until one satisfies `isLast`; answers all of them. */
async function follow(
  token: string,
  isLast: (block: string) => boolean,
  lastEventId?: string,
): Promise<readonly string[]> {
  const leaving = new AbortController();
  const response = await fetch(`${world.origin}/api/events`, {
    dispatcher: agent,
    signal: leaving.signal,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  const blocks: string[] = [];
  let text = '';
  for await (const part of response.body ?? []) {
    text += Buffer.from(part).toString('utf8');
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    blocks.push(...whole);
    if (blocks.some(isLast)) {
      break;
    }
  }
  leaving.abort();
  return blocks;
}

const isOrganization = (block: string) => block.includes('event: organization');
const idIn = (blocks: readonly string[]) =>
  /^id: (.*)$/m.exec(blocks.findLast((block) => block.startsWith('id:')) ?? '')?.[1];

test('the present state comes first, then every change, and a reader who comes back misses nothing and gets nothing twice', async () => {
  const token = await world.token(PEOPLE.mara);
  const first = await follow(token, isOrganization);
  expect(first.some((block) => block.includes('event: sync'))).toBe(true);

  const mail = { sync: 'full', act: 'none', shared: false };
  const changed = follow(token, (block) => block.includes('"reason":"onByOwnChoice"'), idIn(first));
  await world.as(PEOPLE.mara, 'PATCH', '/api/me/sync', { selection: { mail } });
  const blocks = await changed;

  expect(blocks.filter(isOrganization)).toEqual([]);
  expect(
    blocks.filter((block) => block.includes('"reason":"offByOwnChoice","action":"turnOn","notes":[]},"calendar"')),
  ).toEqual([]);
});

test('what leaves by a change of rules is told when it has left, although nothing else of the state is new', async () => {
  await world.settle();
  const token = await world.token(PEOPLE.mara);
  const before = await follow(token, isOrganization);
  const [item] = await storedOf(world, PEOPLE.mara);
  const sender = readList(item, 'people').find((person) => readField(person, 'role') === 'from');
  const told = follow(token, isOrganization, idIn(before));
  await world.as(PEOPLE.mara, 'PUT', '/api/me/exclusions', { kind: 'address', value: readField(sender, 'address') });
  await world.settle();
  await world.as(PEOPLE.owen, 'GET', '/api/session');
  await world.as(PEOPLE.owen, 'POST', '/api/organization/claim');
  const blocks = await told;
  const events = blocks.map((block) => /^event: (.*)$/m.exec(block)?.[1]);

  // What leaves in two steps may be told in two; it is never told as anything else.
  expect(events.at(-1)).toBe('organization');
  expect([...new Set(events.slice(0, -1))]).toEqual(['sync']);
  expect(new Set(blocks.map((block) => idIn([block]))).size).toBe(blocks.length);
  expect((await storedOf(world, PEOPLE.mara)).map((each) => readField(each, 'id'))).not.toContain(
    readField(item, 'id'),
  );
});

test("another member's changes are not told", async () => {
  await world.as(PEOPLE.tom, 'GET', '/api/session');
  const blocks = await follow(await world.token(PEOPLE.tom), isOrganization);

  expect(JSON.stringify(blocks)).not.toContain('onByOwnChoice');
});

test('the stream ends when its token does', async () => {
  const exp = Math.floor(Date.now() / 1000) + 1;
  const blocks = await follow(await world.token(PEOPLE.mara, { claims: { exp } }), () => false);

  expect(blocks.at(-1)).toContain('event: expired');
});

test('no one follows an organization that they are not part of', async () => {
  expect((await world.as(PEOPLE.priya, 'GET', '/api/events')).status).toBe(403);
});
