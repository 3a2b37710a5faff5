/**
 * Sends a batch once: signs it, and says what the answer means.
 *
 * Source  Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`. RFC 9110, section 10.2.3
 *         (`Retry-After`).
 */
import { Webhook } from 'standardwebhooks';
import type { Outcome } from '../domain/webhookLife.ts';
import type {
  Attempt,
  ClaimedBatch,
  Endpoint,
  EndedBatch,
  WebhookAnswer,
  WebhookRequest,
  WebhookTransport,
} from './webhookPorts.ts';

export interface SendPorts {
  readonly transport: WebhookTransport;
  now(): Date;
}

export async function deliverBatch(ports: SendPorts, claimed: ClaimedBatch): Promise<EndedBatch> {
  const { answer, attempt } = await sendOnce(ports, claimed.endpoint, claimed.messageId, claimed.body);
  return { claimed, attempt, outcome: outcomeOf(answer, ports.now()) };
}

export interface Sent {
  readonly answer: WebhookAnswer;
  readonly attempt: Attempt;
}

export async function sendOnce(
  { transport, now }: SendPorts,
  endpoint: Pick<Endpoint, 'url' | 'headers' | 'secrets'>,
  messageId: string,
  body: string,
): Promise<Sent> {
  const at = now();
  const answer = await transport.post(requestOf(endpoint, messageId, at, body));
  const milliseconds = Math.max(0, now().getTime() - at.getTime());
  const isAnswered = answer.kind === 'answered';
  return {
    answer,
    attempt: {
      at,
      milliseconds,
      status: isAnswered ? answer.status : null,
      error: isAnswered ? null : answer.error,
      excerpt: isAnswered && answer.excerpt !== '' ? answer.excerpt : null,
    },
  };
}

/** Signed by every secret that holds, newest first: a receiver knows one of them at any time. */
function requestOf(
  { url, headers, secrets }: Pick<Endpoint, 'url' | 'headers' | 'secrets'>,
  messageId: string,
  at: Date,
  body: string,
): WebhookRequest {
  const valid = secrets.filter(({ until }) => until === null || until > at);
  return {
    url,
    body,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'user-agent': 'Assent/1',
      'webhook-id': messageId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': valid.map(({ text }) => new Webhook(text).sign(messageId, at, body)).join(' '),
    },
  };
}

const GONE = 410;
const BUSY: readonly number[] = [429, 502, 503, 504];

export function outcomeOf(answer: WebhookAnswer, now: Date): Outcome {
  if (answer.kind === 'unreached') {
    return { kind: 'failed' };
  }
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) {
    return { kind: 'delivered' };
  }
  if (status === GONE) {
    return { kind: 'gone' };
  }
  return BUSY.includes(status) ? { kind: 'busy', retryAfter: millisecondsOf(retryAfter, now) } : { kind: 'failed' };
}

/** Of a number of seconds, or a date; `null` for neither. */
function millisecondsOf(retryAfter: string | null, now: Date): number | null {
  const text = retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) {
    return Number(text) * 1_000;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
