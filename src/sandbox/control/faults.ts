/**
 * The fault script: what goes wrong on Microsoft's side, and when.
 *
 * Every Entra and Graph request is matched against the script in order; a fault acts from its `nth` match on,
 * for `times` matches.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

export const Fault = z.strictObject({
  match: z.strictObject({ method: z.string().optional(), path: z.string() }),
  nth: z.int().positive().default(1),
  times: z.int().positive().default(1),
  action: z.enum([
    'status',
    'delay',
    'cut',
    'duplicate',
    'expire-cursor',
    'throttle',
    'loop',
    'link',
    'partial',
    'heavy',
    'endless',
    'hold',
  ]),
  status: z.int().min(400).max(599).optional(),
  code: z.string().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
  /** Where `link` leads to; a path stays on Graph's host. */
  link: z.string().optional(),
  delayMilliseconds: z.int().nonnegative().max(120_000).optional(),
  /** What `partial` leaves of an entry beside its id. */
  fields: z.array(z.string()).optional(),
  /** How large an answer may be that `heavy` lets pass. */
  maxBytes: z.int().positive().optional(),
});
export type Fault = z.infer<typeof Fault>;

interface ActiveFault {
  readonly fault: Fault;
  readonly path: RegExp;
  matches: number;
}

export class FaultScript {
  #faults: ActiveFault[] = [];
  /** What is held until the faults are cleared. */
  readonly #held = new Set<() => void>();

  add(faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ fault, path: new RegExp(fault.match.path), matches: 0 })));
  }

  clear(): void {
    this.#faults = [];
    for (const release of this.#held) {
      release();
    }
  }

  /** How many answers are held. */
  get held(): number {
    return this.#held.size;
  }

  /** Ends after some milliseconds, or when the faults are cleared. */
  async hold(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const release = () => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, milliseconds);
      this.#held.add(release);
    });
  }

  /** The fault that this request meets, if any. */
  take(method: string, url: string): Fault | null {
    for (const active of this.#faults) {
      const { fault, path } = active;
      const isMeant = (fault.match.method ?? method).toUpperCase() === method && path.test(url);
      if (isMeant) {
        active.matches += 1;
        if (active.matches >= fault.nth && active.matches < fault.nth + fault.times) {
          return fault;
        }
      }
    }
    return null;
  }
}

/** Lets the fault act before an answer is made; answers whether the request is thereby dealt with. */
export async function act(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  stall: (milliseconds: number) => Promise<void>,
): Promise<boolean> {
  const retryAfter = fault.retryAfterSeconds;
  switch (fault.action) {
    case 'delay':
      await stall(fault.delayMilliseconds ?? 1_000);
      return false;
    case 'duplicate':
    case 'loop':
    case 'link':
    case 'partial':
    case 'heavy':
    case 'endless':
    case 'hold':
      return false;
    case 'cut':
      await truncateBody(reply);
      return true;
    case 'expire-cursor':
      await refuse(reply, 410, 'SyncStateNotFound', undefined);
      return true;
    case 'throttle':
      await refuse(reply, fault.status ?? 429, fault.code ?? 'ApplicationThrottled', retryAfter ?? 2);
      return true;
    case 'status':
      await refuse(reply, fault.status ?? 500, fault.code ?? 'InternalServerError', retryAfter, isEntra(request));
      return true;
  }
}

const Page = z.looseObject({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

/** What becomes of an answer on its way; with a status where it does not arrive. */
export interface Altered {
  readonly payload: string;
  readonly status?: number;
}

/**
 * Changes an answer on its way: `duplicate` names every entry of a page twice, `loop` makes a page lead back to itself,
 * `endless` to empty pages without end, `link` makes it go on elsewhere, `partial` leaves of each entry what is named,
 * and `heavy` gives up on what is too large, as Graph does after half a minute. `hold` keeps an answer back that was
 * made already. What else is no page stays as it is.
 */
export function alterAnswer(fault: Fault, url: string, payload: string): Altered {
  if (fault.action === 'heavy' && payload.length > (fault.maxBytes ?? 4 * 1024 * 1024)) {
    return { payload: GATEWAY_TIMEOUT, status: 504 };
  }
  return { payload: corruptResponse(fault, url, payload) };
}

const GATEWAY_TIMEOUT = JSON.stringify({
  error: { code: 'UnknownError', message: '', innerError: { note: 'This answer comes from the fault script.' } },
});

function corruptResponse(fault: Fault, url: string, payload: string): string {
  const page = Page.safeParse(parseJson(payload));
  if (!page.success) {
    return payload;
  }
  switch (fault.action) {
    case 'duplicate':
      return JSON.stringify({ ...page.data, value: [...page.data.value, ...page.data.value] });
    case 'loop':
      return withNextLink(page.data, url);
    case 'link':
      return withNextLink(page.data, fault.link ?? url);
    case 'endless':
      return withNextLink({ ...page.data, value: [] }, nextOfEndless(url));
    case 'partial':
      return JSON.stringify({ ...page.data, value: page.data.value.map((entry) => partOf(entry, fault.fields ?? [])) });
    case 'heavy':
    case 'hold':
    case 'status':
    case 'delay':
    case 'cut':
    case 'expire-cursor':
    case 'throttle':
      return payload;
  }
}

/** A page with `url` as its next; what names no host is on the host that the page's own links name. */
function withNextLink({ '@odata.deltaLink': delta, ...page }: z.infer<typeof Page>, url: string): string {
  return JSON.stringify({ ...page, '@odata.nextLink': new URL(url, page['@odata.nextLink'] ?? delta).href });
}

/** Every endless page has an address of its own. */
function nextOfEndless(url: string): string {
  const page = Number(/[?&]page=(\d+)$/.exec(url)?.[1] ?? 0);
  const own = url.replace(/[?&]page=\d+$/, '');
  return `${own}${own.includes('?') ? '&' : '?'}page=${page + 1}`;
}

/** As a delta may tell of a change: the id, the annotations, and what has changed. That it is gone is never left out. */
function partOf(entry: unknown, fields: readonly string[]): object {
  const kept = Object.entries(Object(entry)).filter(
    ([name]) => name === 'id' || name === 'deleted' || name.startsWith('@') || fields.includes(name),
  );
  return Object.fromEntries(kept);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Half an answer and then nothing: the connection breaks. */
async function truncateBody(reply: FastifyReply): Promise<void> {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
  await new Promise((resolve) => reply.raw.write('{"value":[{"id":"', resolve));
  reply.raw.destroy();
}

async function refuse(
  reply: FastifyReply,
  status: number,
  code: string,
  retryAfterSeconds: number | undefined,
  entra = false,
): Promise<void> {
  if (retryAfterSeconds !== undefined) {
    void reply.header('retry-after', retryAfterSeconds);
  }
  const message = 'This answer comes from the fault script.';
  await reply
    .code(status)
    .send(entra ? { error: code, error_description: message, error_codes: [] } : { error: { code, message } });
}

function isEntra(request: FastifyRequest): boolean {
  return !request.url.startsWith('/v1.0/');
}
