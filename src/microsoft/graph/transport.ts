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
import { AnswerTooHeavyError, type MicrosoftHttp, MicrosoftUnreachableError, readBody } from '../http.ts';
import { namesMailbox } from './links.ts';

/** Eight mailboxes may each have three answers on their way at once. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
const ITEMS_A_PAGE = 100;
const PREFERENCES = 'IdType="ImmutableId", outlook.timezone="UTC"';
/** A large file takes its time. */
const DOWNLOAD_MILLISECONDS = 10 * 60_000;

const ErrorBody = z.object({ error: z.object({ code: z.string() }) });

const CURSOR_LOST = ['syncstatenotfound', 'resyncrequired', 'syncstateinvalid'];
const MAILBOX_UNAVAILABLE = ['mailboxnotenabledforrestapi', 'mailboxnotsupportedforrestapi', 'errornonexistentmailbox'];

/** What was parsed, and how heavy it was. */
export interface Weighed<T> {
  readonly body: T;
  readonly bytes: number;
}

export class GraphTransport {
  readonly #http: MicrosoftHttp;
  readonly #base: URL;
  /** Resources at which Graph has refused options. */
  readonly #withoutOptions = new Set<string>();

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
    return this.isOurs(link) && namesMailbox(access, new URL(link).pathname.slice(this.#base.pathname.length));
  }

  /** Reads one answer and parses it with `schema`; what does not parse is a failure, never half an answer. */
  async get<T>(accessToken: string, url: string, schema: z.ZodType<T>): Promise<GraphAnswer<T>> {
    const answer = await this.getPage(accessToken, url, schema, ITEMS_A_PAGE);
    return answer.kind === 'ok' ? { kind: 'ok', value: answer.value.body } : answer;
  }

  /** The same of a page of at most `pageSize` items. */
  async getPage<T>(
    accessToken: string,
    url: string,
    schema: z.ZodType<T>,
    pageSize: number,
  ): Promise<GraphAnswer<Weighed<T>>> {
    return this.#guarded<Weighed<T>>(url, async () => {
      const response = await this.#http.fetch(url, { headers: this.#headers(accessToken, pageSize) });
      const body = await readBody(response, MAX_RESPONSE_BYTES);
      if (response.status !== 200) {
        return refusalOf(response.status, codeIn(body), response.headers.get('retry-after'));
      }
      const parsed = schema.safeParse(parseJson(body));
      return parsed.success
        ? { kind: 'ok', value: { body: parsed.data, bytes: body.length } }
        : { kind: 'failed', code: 'unexpectedAnswer' };
    });
  }

  /** Whether a resource is asked without options; a refusal of what has none is for another reason. */
  refusesOptions(name: string): boolean {
    return this.#withoutOptions.has(name);
  }

  /** Notes that Graph has refused options; answers whether that is new, so that asking again makes sense. */
  refuseOptions(name: string): boolean {
    const isNew = !this.#withoutOptions.has(name);
    this.#withoutOptions.add(name);
    return isNew;
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
      const text = await readBody(response, MAX_RESPONSE_BYTES);
      if (!response.ok) {
        return refusalOf(response.status, codeIn(text), response.headers.get('retry-after'));
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
        const body = await readBody(told, MAX_RESPONSE_BYTES);
        return told.ok
          ? { kind: 'failed', code: 'unexpectedAnswer' }
          : refusalOf(told.status, codeIn(body), told.headers.get('retry-after'));
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
    if (!this.isOurs(url)) {
      return { kind: 'failed', code: 'foreignLink' };
    }
    try {
      return await request();
    } catch (error) {
      if (error instanceof MicrosoftUnreachableError) {
        return { kind: 'failed', code: 'microsoftUnavailable' };
      }
      if (error instanceof AnswerTooHeavyError) {
        return { kind: 'tooHeavy', retryAfterSeconds: null };
      }
      throw error;
    }
  }

  #headers(accessToken: string, pageSize = ITEMS_A_PAGE): Record<string, string> {
    return {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      'client-request-id': randomUUID(),
      prefer: `${PREFERENCES}, odata.maxpagesize=${pageSize}`,
    };
  }

  /** What every request in a batch carries for itself. */
  preferences(): Readonly<Record<string, string>> {
    return { prefer: PREFERENCES };
  }

  isOurs(url: string): boolean {
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

/** Empty where there is no error envelope of Graph's: it comes from something in between; the status alone must do. */
function codeIn(body: string): string {
  return codeOf(parseJson(body));
}

export function codeOf(body: unknown): string {
  const { data } = ErrorBody.safeParse(body);
  return data?.error.code.toLowerCase() ?? '';
}

/** What a status other than success means. */
export function refusalOf(status: number, code: string, retryAfter: string | null): GraphAnswer<never> {
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
  if (status === 400) {
    return { kind: 'badRequest' };
  }
  // Graph gives up on answers that it cannot put together in time: less at once may pass.
  if (status === 504) {
    return { kind: 'tooHeavy', retryAfterSeconds: parseRetryAfter(retryAfter) };
  }
  const isBusy = status === 503 && retryAfter !== null;
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
