/**
 * Requests to the addresses that an operator named for webhooks: by an agent of their own, to public addresses only,
 * without redirects, and with an end to everything.
 *
 * Units   A connection within 5 seconds, the whole answer within 15; 64 KB of it are read, 16 KB of headers.
 */
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, request } from 'undici';
import type { WebhookAnswer, WebhookRequest, WebhookTransport } from '../delivery/webhookPorts.ts';
import { errorCode } from '../domain/errorCode.ts';
import { hostOf } from '../domain/webhookAddress.ts';
import { checkedConnector, type MayConnect } from './checkedConnector.ts';

import { isLinkLocal, isPublicAddress } from './publicAddress.ts';

const ANSWER_MILLISECONDS = 15_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 64 * 1024;
const EXCERPT_LENGTH = 1_000;

export interface WebhookHttp extends WebhookTransport {
  close(): Promise<void>;
}

export interface WebhookHttpSettings {
  /** Hosts with their ports that may be called wherever they are. */
  readonly allowedHosts: readonly string[];
  /** Authorities that are believed beside those that Node has. */
  readonly certificates: readonly string[];
}

export function openWebhookTransport({ allowedHosts, certificates }: WebhookHttpSettings): WebhookHttp {
  const mayConnect: MayConnect = (address, { host, isEncrypted }) =>
    allowedHosts.includes(host) ? !isLinkLocal(address) : isEncrypted && isPublicAddress(address);
  const versions = new Map<string, string>();
  const agent = new Agent({
    connect: checkedConnector([...rootCertificates, ...certificates], mayConnect, (host, version) => {
      versions.set(host, version);
    }),
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: ANSWER_MILLISECONDS,
    bodyTimeout: ANSWER_MILLISECONDS,
  });
  return {
    post: (wanted) => post(agent, wanted, versions),
    close: () => agent.destroy(),
  };
}

async function post(
  dispatcher: Dispatcher,
  { url, headers, body }: WebhookRequest,
  versions: ReadonlyMap<string, string>,
): Promise<WebhookAnswer> {
  try {
    const response = await request(url, {
      dispatcher,
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    const retryAfter = response.headers['retry-after'];
    return {
      kind: 'answered',
      status: response.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      excerpt: await beginningOf(response.body),
      tlsVersion: versions.get(hostOf(new URL(url))) ?? null,
    };
  } catch (error) {
    return { kind: 'unreached', error: reasonOf(error) };
  }
}

/** What doesn't come whole doesn't count against an answer whose status is there. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      const bytes = Buffer.from(part);
      parts.push(bytes);
      size += bytes.length;
      if (size > MAX_BODY_BYTES) {
        break;
      }
    }
  } catch {
    // A body that breaks off or never ends says no less than its status did.
  }
  body.destroy();
  return Buffer.concat(parts)
    .toString('utf8')
    .slice(0, EXCERPT_LENGTH)
    .replace(/\p{C}+/gu, ' ')
    .trim();
}

/** By name: what ends at our own limit of time is a `TimeoutError`, of whichever realm. */
function reasonOf(error: unknown): string {
  const isLate = typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
  return isLate ? 'timeout' : (errorCode(error) ?? 'unknown').toLowerCase();
}
