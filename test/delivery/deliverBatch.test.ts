/** A batch is signed by every secret that holds, and an answer means what the standard says. */
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { deliverBatch, outcomeOf } from '../../src/delivery/deliverBatch.ts';
import type { ClaimedBatch, EndpointSecret, WebhookAnswer, WebhookRequest } from '../../src/delivery/webhookPorts.ts';
import { HEALTHY } from '../../src/domain/webhookLife.ts';

const AT = new Date();
const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const [NEW, OLD, OVER] = [secretOf(1), secretOf(2), secretOf(3)];
const BODY = '{"type":"items.changed","data":{"name":"Zoë ✓"}}';

function claimed(secrets: readonly EndpointSecret[] = [{ text: NEW, until: null }]): ClaimedBatch {
  return {
    event: 'items.changed',
    range: { tenantId: 'a', first: 1, last: 2 },
    body: BODY,
    endpoint: {
      id: 'whk_a',
      url: 'https://hooks.example.com/',
      events: null,
      organizationIds: null,
      payload: 'changes',
      linger: 0,
      maxInFlight: 1,
      headers: { authorization: 'Bearer theirs' },
      secrets,
      health: HEALTHY,
      createdAt: AT,
    },
    deliveryId: 'dlv_a',
    messageId: 'evt_a',
    place: 'lane',
    trial: { tries: 0, firstAt: AT },
  };
}

const ANSWERED: WebhookAnswer = { kind: 'answered', status: 204, retryAfter: null, excerpt: '', tlsVersion: null };

/** Sends it, and answers what was sent. */
async function sent(batch: ClaimedBatch, answer = ANSWERED) {
  const requests: WebhookRequest[] = [];
  const transport = {
    post: (request: WebhookRequest) => {
      requests.push(request);
      return Promise.resolve(answer);
    },
  };
  const ended = await deliverBatch({ transport, now: () => AT }, batch);
  const [request = { url: '', headers: {}, body: '' }] = requests;
  return { ended, request };
}

test('says who it is, and what it is of', async () => {
  const { request } = await sent(claimed());
  expect(request).toEqual({
    url: 'https://hooks.example.com/',
    body: BODY,
    headers: {
      authorization: 'Bearer theirs',
      'content-type': 'application/json',
      'user-agent': 'Assent/1',
      'webhook-id': 'evt_a',
      'webhook-timestamp': String(Math.floor(AT.getTime() / 1_000)),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    },
  });
});

test('its signature holds, and a bit of it or of the text that is another one does not', async () => {
  const { request } = await sent(claimed());
  const webhook = new Webhook(NEW);
  expect(webhook.verify(request.body, { ...request.headers })).toEqual(JSON.parse(BODY));
  expect(() => webhook.verify(`${request.body} `, { ...request.headers })).toThrow();
  expect(() => webhook.verify(request.body, { ...request.headers, 'webhook-id': 'evt_b' })).toThrow();
  expect(() => new Webhook(OLD).verify(request.body, { ...request.headers })).toThrow();
});

test('while a secret is replaced both sign, and then the new one alone', async () => {
  const later = new Date(AT.getTime() + 1);
  const { request } = await sent(
    claimed([
      { text: NEW, until: null },
      { text: OLD, until: later },
      { text: OVER, until: AT },
    ]),
  );
  const holds = (secret: string) => {
    try {
      new Webhook(secret).verify(request.body, { ...request.headers });
      return true;
    } catch {
      return false;
    }
  };
  expect([NEW, OLD, OVER].map(holds)).toEqual([true, true, false]);
  expect(request.headers['webhook-signature']?.split(' ')[0]).toBe(new Webhook(NEW).sign('evt_a', AT, BODY));
});

test('what was answered is kept for whoever looks after it', async () => {
  const answered = await sent(claimed(), { ...ANSWERED, status: 500, excerpt: 'no room' });
  expect(answered.ended).toEqual({
    claimed: claimed(),
    outcome: { kind: 'failed' },
    attempt: { at: AT, milliseconds: 0, status: 500, error: null, excerpt: 'no room' },
  });
  const unreached = await sent(claimed(), { kind: 'unreached', error: 'timeout' });
  expect(unreached.ended.attempt).toEqual({
    at: AT,
    milliseconds: 0,
    status: null,
    error: 'timeout',
    excerpt: null,
  });
});

describe('an answer', () => {
  const of = (status: number, retryAfter: string | null = null) =>
    outcomeOf({ ...ANSWERED, kind: 'answered', status, retryAfter }, AT);

  test.each([200, 201, 202, 204, 299])('%i: taken', (status) => {
    expect(of(status)).toEqual({ kind: 'delivered' });
  });
  test.each([100, 199, 300, 301, 307, 400, 401, 404, 500, 501, 505])('%i: not taken', (status) => {
    expect(of(status)).toEqual({ kind: 'failed' });
  });
  test('410: nothing is wanted any more', () => {
    expect(of(410)).toEqual({ kind: 'gone' });
  });
  test.each([429, 502, 503, 504])('%i: later', (status) => {
    expect(of(status)).toEqual({ kind: 'busy', retryAfter: null });
    expect(of(status, '60')).toEqual({ kind: 'busy', retryAfter: 60_000 });
    expect(of(status, ' 0 ')).toEqual({ kind: 'busy', retryAfter: 0 });
    expect(of(status, '-5')).toMatchObject({ kind: 'busy' });
    expect(of(status, 'soon')).toEqual({ kind: 'busy', retryAfter: null });
  });
  test('a date says when', () => {
    const now = new Date('2026-11-30T12:00:00Z');
    const answer = (retryAfter: string): WebhookAnswer => ({ ...ANSWERED, kind: 'answered', status: 503, retryAfter });
    expect(outcomeOf(answer('Mon, 30 Nov 2026 12:01:00 GMT'), now)).toEqual({ kind: 'busy', retryAfter: 60_000 });
    expect(outcomeOf(answer('Mon, 30 Nov 2026 11:00:00 GMT'), now)).toEqual({ kind: 'busy', retryAfter: 0 });
  });
  test('none: not taken', () => {
    expect(outcomeOf({ kind: 'unreached', error: 'timeout' }, AT)).toEqual({ kind: 'failed' });
  });
});
