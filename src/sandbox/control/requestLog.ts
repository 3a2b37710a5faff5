/** Every request that the sandbox's Entra and Graph received; tokens are reduced to their claims. */
import type { IncomingHttpHeaders } from 'node:http';

const MAX_LOG_ENTRIES = 50_000;
const SHOWN_HEADERS = ['prefer', 'client-request-id', 'accept', 'content-type', 'origin'];

export interface LoggedRequest {
  readonly n: number;
  readonly at: string;
  readonly target: 'entra' | 'graph';
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly claims: object | null;
  readonly status: number;
}

export class RequestLog {
  #requests: LoggedRequest[] = [];
  #next = 1;

  add(entry: Omit<LoggedRequest, 'n' | 'headers' | 'claims'>, headers: IncomingHttpHeaders): void {
    const shown = SHOWN_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    this.#requests.push({ ...entry, n: this.#next, headers: Object.fromEntries(shown), claims: claimsIn(headers) });
    this.#next += 1;
    if (this.#requests.length > MAX_LOG_ENTRIES) {
      this.#requests = this.#requests.slice(-MAX_LOG_ENTRIES / 2);
    }
  }

  since(n: number): { readonly next: number; readonly requests: readonly LoggedRequest[] } {
    return { next: this.#next, requests: this.#requests.filter((request) => request.n >= n) };
  }
}

function claimsIn({ authorization }: IncomingHttpHeaders): object | null {
  const body = /^Bearer [^.]+\.([^.]+)\./i.exec(authorization ?? '')?.[1];
  if (body === undefined) {
    return null;
  }
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    // A bearer that is no token has no claims to show.
    return null;
  }
}
