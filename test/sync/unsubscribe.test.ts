import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { GraphAnswer } from '../../src/sync/ports.ts';
import { prepareUnsubscribe, prepareUnsubscribeAll, type UnsubscribePorts } from '../../src/sync/unsubscribe.ts';

const TENANT = '5d1f0c6e-1f0b-4a57-9d27-2d0b6e3a1001';
const MARA = '7c2a9e10-0001-4c3d-8e5f-100000000002';
const TOM = '7c2a9e10-0001-4c3d-8e5f-100000000003';

const NEVER = new Promise<never>(() => undefined);

describe('subscriptions end with a connection', () => {
  let deleted: string[];
  let time: number;

  beforeEach(() => {
    deleted = [];
    time = Date.parse('2026-11-02T09:00:00Z');
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function portsWith(changed: Partial<UnsubscribePorts> = {}): UnsubscribePorts {
    return {
      idsOf: () => Promise.resolve(['mail-of-mara', 'events-of-mara']),
      idsIn: () =>
        Promise.resolve(
          new Map([
            [MARA, ['mail-of-mara']],
            [TOM, ['mail-of-tom', 'events-of-tom']],
          ]),
        ),
      tokens: {
        get: ({ memberId, mode }) =>
          Promise.resolve({ kind: 'token', access: { accessToken: `${mode}:${memberId}`, mailbox: 'me', memberId } }),
      },
      graph: { deleteSubscription: (access, id) => note(access.accessToken, id) },
      now: () => new Date(time),
      ...changed,
    };
  }

  function note(accessToken: string, id: string): Promise<GraphAnswer<null>> {
    deleted.push(`${accessToken} ${id}`);
    return Promise.resolve({ kind: 'ok', value: null });
  }

  test("with the member's token from before, and not before the connection has ended", async () => {
    const leave = await prepareUnsubscribe(portsWith(), { tenantId: TENANT, memberId: MARA });

    expect(deleted).toEqual([]);
    await leave();
    expect(deleted).toEqual([`individual:${MARA} mail-of-mara`, `individual:${MARA} events-of-mara`]);
  });

  test('of every mailbox of an organization, by the access that ends', async () => {
    const leave = await prepareUnsubscribeAll(portsWith(), TENANT, 'service');
    await leave();

    expect(deleted.toSorted()).toEqual([
      `service:${MARA} mail-of-mara`,
      `service:${TOM} events-of-tom`,
      `service:${TOM} mail-of-tom`,
    ]);
  });

  test('a mailbox that has none asks for no token', async () => {
    const get = jest.fn<UnsubscribePorts['tokens']['get']>();
    const leave = await prepareUnsubscribe(portsWith({ idsOf: () => Promise.resolve([]), tokens: { get } }), {
      tenantId: TENANT,
      memberId: MARA,
    });
    await leave();

    expect(get).not.toHaveBeenCalled();
    expect(deleted).toEqual([]);
  });

  test.each([
    ['refused', () => Promise.resolve({ kind: 'lost' as const })],
    ['broken', () => Promise.reject(new Error('Entra is away'))],
    ['silent', () => NEVER],
  ])('the others end where the token of one is %s', async (_, get) => {
    const working = portsWith().tokens;
    const tokens = {
      get: (...asked: Parameters<typeof working.get>) => (asked[0].memberId === TOM ? get() : working.get(...asked)),
    };
    const prepared = prepareUnsubscribeAll(portsWith({ tokens }), TENANT, 'individual');
    await jest.advanceTimersByTimeAsync(2_000);
    await (
      await prepared
    )();

    expect(deleted).toEqual([`individual:${MARA} mail-of-mara`]);
  });

  test('a subscription that Graph does not answer about is left after two seconds, and the next is ended', async () => {
    const deleteSubscription: UnsubscribePorts['graph']['deleteSubscription'] = ({ accessToken }, id) =>
      id === 'mail-of-mara' ? NEVER : note(accessToken, id);
    const leave = await prepareUnsubscribe(portsWith({ graph: { deleteSubscription } }), {
      tenantId: TENANT,
      memberId: MARA,
    });
    const left = leave();
    await jest.advanceTimersByTimeAsync(1_999);
    expect(deleted).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    await left;

    expect(deleted).toEqual([`individual:${MARA} events-of-mara`]);
  });

  test('Graph is asked nothing later than four seconds after the end', async () => {
    const deleteSubscription: UnsubscribePorts['graph']['deleteSubscription'] = ({ accessToken }, id) => {
      time += 4_000;
      return note(accessToken, id);
    };
    const leave = await prepareUnsubscribe(portsWith({ graph: { deleteSubscription } }), {
      tenantId: TENANT,
      memberId: MARA,
    });
    await leave();

    expect(deleted).toEqual([`individual:${MARA} mail-of-mara`]);
  });

  test('eight mailboxes are left at once, each in order', async () => {
    const gates: (() => void)[] = [];
    const members = Array.from({ length: 10 }, (_, index) => `member-${index}`);
    const leave = await prepareUnsubscribeAll(
      portsWith({
        idsIn: () => Promise.resolve(new Map(members.map((member) => [member, ['first', 'second']]))),
        graph: {
          deleteSubscription: async ({ memberId }, id) => {
            await new Promise<void>((open) => gates.push(open));
            return note(memberId, id);
          },
        },
      }),
      TENANT,
      'organization',
    );
    const left = leave();
    await jest.advanceTimersByTimeAsync(0);
    const atOnce = gates.length;
    while (gates.length > 0) {
      gates.splice(0).forEach((open) => {
        open();
      });
      await jest.advanceTimersByTimeAsync(0);
    }
    await left;

    expect(atOnce).toBe(8);
    expect(deleted).toHaveLength(20);
    expect(members.map((member) => deleted.filter((line) => line.startsWith(`${member} `)))).toEqual(
      members.map((member) => [`${member} first`, `${member} second`]),
    );
  });

  test('no more of an organization are looked for than can be ended in that time', async () => {
    const limits: unknown[] = [];
    const idsIn: UnsubscribePorts['idsIn'] = (tenantId, limit) => {
      limits.push([tenantId, limit]);
      return Promise.resolve(new Map());
    };
    const leave = await prepareUnsubscribeAll(portsWith({ idsIn }), TENANT, 'organization');
    await leave();

    expect(limits).toEqual([[TENANT, 2_000]]);
    expect(deleted).toEqual([]);
  });

  test('no token is asked for later than four seconds after the beginning', async () => {
    const asked: string[] = [];
    const members = Array.from({ length: 9 }, (_, index) => `member-${index}`);
    const leave = await prepareUnsubscribeAll(
      portsWith({
        idsIn: () => Promise.resolve(new Map(members.map((member) => [member, [`mail-of-${member}`]]))),
        tokens: {
          get: ({ memberId }) => {
            asked.push(memberId);
            time += 500;
            return Promise.resolve({ kind: 'token', access: { accessToken: memberId, mailbox: 'me', memberId } });
          },
        },
      }),
      TENANT,
      'organization',
    );
    await leave();

    expect(asked).toEqual(members.slice(0, 8));
    expect(deleted).toEqual(members.slice(0, 8).map((member) => `${member} mail-of-${member}`));
  });

  test.each([
    ['refuses', () => Promise.resolve({ kind: 'notFound' } as const)],
    ['breaks off', () => Promise.reject(new Error('reset'))],
  ])('the next one is ended where Graph %s', async (_what, refuse) => {
    const deleteSubscription: UnsubscribePorts['graph']['deleteSubscription'] = ({ accessToken }, id) =>
      id === 'mail-of-mara' ? refuse() : note(accessToken, id);
    const leave = await prepareUnsubscribe(portsWith({ graph: { deleteSubscription } }), {
      tenantId: TENANT,
      memberId: MARA,
    });
    await leave();

    expect(deleted).toEqual([`individual:${MARA} events-of-mara`]);
  });
});
