/**
 * How often people and strangers may ask.
 *
 * A person is counted by who they have proven to be, wherever they come from: a whole company may sit behind one
 * address. Whatever proves nothing (a token that does not hold, a consent that no one began) counts against its address,
 * and so does nothing else: pages and files cost nothing and are not counted.
 *
 * Units   Requests a minute, in each process.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '../domain/people.ts';

/** Beyond this many times the limit an address is refused before anything is looked up for it. */
const FLOOD = 10;

/** Beside a person's: a product asks more often than someone who looks at a screen. */
const KEY = 2;
const FEED = 1;

/** What an API key counts against; the feed is counted with everything else, and by itself. */
export type KeyLimit = 'key' | 'feed';

/**
 * How often a key may still ask.
 *
 * Source  draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` and `RateLimit`.
 */
export interface KeyBudget {
  readonly name: KeyLimit;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

export interface Limits {
  /** Counts a request of someone known; answers how many seconds to wait where that is too many. */
  person(request: FastifyRequest, who: Pick<Principal, 'tenantId' | 'memberId'>): Promise<number | null>;
  /** Counts a request of an API key, by its name. */
  key(request: FastifyRequest, keyId: string, limit: KeyLimit): Promise<KeyBudget>;
  /** Counts a request that has proven nothing against its address. */
  stranger(request: FastifyRequest): Promise<number | null>;
  /** Whether so much of this came from an address that nothing more of it is looked at; counts nothing. */
  flood(request: FastifyRequest): Promise<number | null>;
}

export async function openLimits(app: FastifyInstance, maxRequestsPerMinute: number): Promise<Limits> {
  await app.register(rateLimit, { global: false, timeWindow: '1 minute', max: maxRequestsPerMinute });
  const callers = new WeakMap<FastifyRequest, string>();
  const ofCaller = app.createRateLimit({ keyGenerator: (request) => callers.get(request) ?? '' });
  const count = async (request: FastifyRequest, caller: string) => {
    callers.set(request, caller);
    return secondsToWait(await ofCaller(request));
  };
  const keyGenerator = (request: FastifyRequest) => callers.get(request) ?? '';
  const ofKey: Readonly<Record<KeyLimit, ReturnType<FastifyInstance['createRateLimit']>>> = {
    key: app.createRateLimit({ keyGenerator, max: maxRequestsPerMinute * KEY }),
    feed: app.createRateLimit({ keyGenerator, max: maxRequestsPerMinute * FEED }),
  };
  const ofAddress = app.createRateLimit({ keyGenerator: ({ ip }) => ip });
  const ofFlood = app.createRateLimit({ keyGenerator: ({ ip }) => ip, max: maxRequestsPerMinute * FLOOD });
  return {
    person: (request, { tenantId, memberId }) => count(request, `${tenantId}/${memberId}`),
    key: async (request, keyId, name) => {
      callers.set(request, keyId);
      const counted = await ofKey[name](request);
      if (counted.isAllowed) {
        throw new Error('There is no list of keys that are not counted');
      }
      const { max: limit, remaining, ttlInSeconds: resetSeconds, isExceeded } = counted;
      return { name, limit, remaining, resetSeconds: Math.max(1, resetSeconds), isExceeded };
    },
    stranger: async (request) => {
      await ofFlood(request);
      return secondsToWait(await ofAddress(request));
    },
    flood: async (request) => secondsToWait(await ofFlood(request, { increment: false })),
  };
}

type Counted = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

function secondsToWait(counted: Counted): number | null {
  return !counted.isAllowed && counted.isExceeded ? Math.max(1, counted.ttlInSeconds) : null;
}
