/**
 * Brings notifications to the application: at once, and a few times again where it does not accept them.
 *
 * The fault script acts on deliveries as well: twice, late, or never. Only this machine is ever called.
 */
import { Agent, fetch } from 'undici';
import type { Post } from '../graph/subscriptions.ts';
import type { FaultScript } from './faults.ts';

const RETRIES_MILLISECONDS = [0, 500, 2_000];
const TIMEOUT_MILLISECONDS = 10_000;

export interface Delivery {
  readonly post: Post;
  close(): Promise<void>;
}

/** `appUrl` is the only origin that is called; its certificate was made on this machine. */
export function openDelivery(
  appUrl: string,
  faults: FaultScript,
  wait: (milliseconds: number) => Promise<void>,
): Delivery {
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  const origin = new URL(appUrl).origin;
  const once = async (url: string, body: object | null) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': body === null ? 'text/plain' : 'application/json' },
      body: body === null ? '' : JSON.stringify(body),
      dispatcher: agent,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    return { status: response.status, text: await response.text() };
  };
  return {
    post: async (url, body) => {
      const { pathname, search, origin: target } = new URL(url);
      if (target !== origin) {
        return { status: 400, text: '' };
      }
      const fault = faults.take('POST', `${pathname}${search}`);
      if (fault?.action === 'cut' || fault?.action === 'status') {
        return { status: 503, text: '' };
      }
      await wait(fault?.action === 'delay' ? (fault.delayMilliseconds ?? 1_000) : 0);
      const answer = await persist(() => once(url, body), wait);
      return fault?.action === 'duplicate' ? persist(() => once(url, body), wait) : answer;
    },
    close: () => agent.close(),
  };
}

async function persist(
  send: () => Promise<{ readonly status: number; readonly text: string }>,
  wait: (milliseconds: number) => Promise<void>,
): Promise<{ readonly status: number; readonly text: string }> {
  let answer = { status: 504, text: '' };
  for (const milliseconds of RETRIES_MILLISECONDS) {
    await wait(milliseconds);
    answer = await send().catch(() => answer);
    if (answer.status < 500) {
      break;
    }
  }
  return answer;
}
