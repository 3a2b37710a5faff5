/**
 * GET requests to Microsoft Graph, with what every call must carry, and Graph's answers as values.
 *
 * Links that Graph hands out are opaque, but a token goes nowhere except to the configured Graph host.
 *
 * Source  "Microsoft Graph error responses", "Obtain immutable identifiers for Outlook resources",
 *         "Microsoft Graph throttling guidance" (learn.microsoft.com/graph).
 */
import { randomUUID } from 'node:crypto';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import type { GraphAccess, GraphAnswer } from '../../sync/ports.ts';
import { type MicrosoftHttp, MicrosoftUnreachableError, readBody } from '../http.ts';
import { namesMailbox } from './links.ts';

const LARGEST_ANSWER = 64 * 1024 * 1024;
const MOST_ITEMS_A_PAGE = 200;
/** A large file takes its time. */
const DOWNLOAD_MILLISECONDS = 10 * 60_000;

const ErrorBody = z.object({ error: z.object({ code: z.string() }) });

const CURSOR_LOST = ['syncstatenotfound', 'resyncrequired', 'syncstateinvalid'];
const MAILBOX_UNAVAILABLE = ['mailboxnotenabledforrestapi', 'mailboxnotsupportedforrestapi', 'errornonexistentmailbox'];

export class GraphTransport {
  readonly #http: MicrosoftHttp;
  readonly #base: URL;

  /** `graphUrl` is the host without `/v1.0`. */
  constructor(http: MicrosoftHttp, graphUrl: string) {
    this.#http = http;
    this.#base = new URL('/v1.0/', graphUrl);
  }

  /** The address of a path below `/v1.0/`, its query values encoded once. */
  url(path: string, query: Readonly<Record<string, string>> = {}): string {
    const url = new URL(path, this.#base);
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return pairs.length === 0 ? url.href : `${url.href}?${pairs.join('&')}`;
  }

  /** Whether a link stays at Graph and with the mailbox that it continues; what it carries otherwise is opaque. */
  staysWith(access: GraphAccess, link: string): boolean {
    return this.#isOurs(link) && namesMailbox(access, new URL(link).pathname.slice(this.#base.pathname.length));
  }

  /** Reads one answer and parses it with `schema`; what does not parse is a failure, never half an answer. */
  async get<T>(accessToken: string, url: string, schema: z.ZodType<T>): Promise<GraphAnswer<T>> {
    return this.#guarded<T>(url, async () => {
      const response = await this.#http.fetch(url, { headers: this.#headers(accessToken) });
      const body = await readBody(response, LARGEST_ANSWER);
      if (response.status !== 200) {
        return refusal(response.status, codeIn(body), response.headers.get('retry-after'));
      }
      const parsed = schema.safeParse(parseJson(body));
      return parsed.success ? { kind: 'ok', value: parsed.data } : { kind: 'failed', code: 'unexpectedAnswer' };
    });
  }

  /** Changes something, and parses what is answered with `schema`; without one only the acceptance matters. */
  async change<T = null>(
    accessToken: string,
    method: 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body: object | null,
    schema: z.ZodType<T> | null = null,
  ): Promise<GraphAnswer<T | null>> {
    return this.#guarded<T | null>(url, async () => {
      const response = await this.#http.fetch(url, {
        method,
        headers: { ...this.#headers(accessToken), ...(body === null ? {} : { 'content-type': 'application/json' }) },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      const text = await readBody(response, LARGEST_ANSWER);
      if (!response.ok) {
        return refusal(response.status, codeIn(text), response.headers.get('retry-after'));
      }
      const parsed = schema?.safeParse(parseJson(text));
      return parsed === undefined || parsed.success
        ? { kind: 'ok', value: parsed?.data ?? null }
        : { kind: 'failed', code: 'unexpectedAnswer' };
    });
  }

  /** Follows Graph to where it keeps content, once, without the token: that address opens by itself. */
  async open(accessToken: string, url: string): Promise<GraphAnswer<ReadableStream>> {
    return this.#guarded<ReadableStream>(url, async () => {
      const told = await this.#http.fetch(url, { headers: this.#headers(accessToken) });
      if (told.status !== 302) {
        const body = await readBody(told, LARGEST_ANSWER);
        return told.ok
          ? { kind: 'failed', code: 'unexpectedAnswer' }
          : refusal(told.status, codeIn(body), told.headers.get('retry-after'));
      }
      const address = URL.parse(told.headers.get('location') ?? '');
      if (address?.protocol !== 'https:') {
        return { kind: 'failed', code: 'foreignLink' };
      }
      const content = await this.#http.fetch(address.href, {}, DOWNLOAD_MILLISECONDS);
      return content.status === 200 && content.body !== null
        ? { kind: 'ok', value: content.body }
        : { kind: 'failed', code: 'microsoftUnavailable' };
    });
  }

  /** A token goes to Graph only, and silence is an answer. */
  async #guarded<T>(url: string, request: () => Promise<GraphAnswer<T>>): Promise<GraphAnswer<T>> {
    if (!this.#isOurs(url)) {
      return { kind: 'failed', code: 'foreignLink' };
    }
    try {
      return await request();
    } catch (error) {
      if (error instanceof MicrosoftUnreachableError) {
        return { kind: 'failed', code: 'microsoftUnavailable' };
      }
      throw error;
    }
  }

  #headers(accessToken: string): Record<string, string> {
    return {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      'client-request-id': randomUUID(),
      prefer: `IdType="ImmutableId", odata.maxpagesize=${MOST_ITEMS_A_PAGE}, outlook.timezone="UTC"`,
    };
  }

  #isOurs(url: string): boolean {
    const parsed = URL.parse(url);
    return parsed?.origin === this.#base.origin && parsed.pathname.startsWith(this.#base.pathname);
  }
}

/** `undefined` for what is no JSON, which no schema accepts. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function codeIn(body: string): string {
  try {
    return ErrorBody.parse(JSON.parse(body)).error.code.toLowerCase();
  } catch {
    // An answer without Graph's error envelope comes from something in between; the status alone must do.
    return '';
  }
}

function refusal(status: number, code: string, retryAfter: string | null): GraphAnswer<never> {
  if (status === 410 || CURSOR_LOST.includes(code)) {
    return { kind: 'cursorLost' };
  }
  if (status === 429) {
    return { kind: 'throttled', retryAfterSeconds: parseRetryAfter(retryAfter) };
  }
  if (status === 401) {
    return { kind: 'unauthorized' };
  }
  if (MAILBOX_UNAVAILABLE.includes(code)) {
    return { kind: 'mailboxUnavailable' };
  }
  if (status === 403) {
    return { kind: 'forbidden' };
  }
  if (status === 404) {
    return { kind: 'notFound' };
  }
  if (status === 409) {
    return { kind: 'conflict' };
  }
  const isBusy = (status === 503 || status === 504) && retryAfter !== null;
  return isBusy
    ? { kind: 'throttled', retryAfterSeconds: parseRetryAfter(retryAfter) }
    : { kind: 'failed', code: status >= 500 ? 'microsoftUnavailable' : 'unexpectedAnswer' };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3); `null` where there is neither. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | null {
  if (value === null || value.trim() === '') {
    return null;
  }
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(value) - now) / 1000;
  return Number.isFinite(wait) && wait >= 0 ? wait : null;
}
