/** Calls to Assent's own API: the bearer token, problem documents as values, and events. */
import type { ProblemDocument } from '../../contract/api/problem.ts';
import type { TokenSource } from '../auth/tokenSource.ts';

/** A refusal of the server, or that no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: ProblemDocument | null;
  /** What Microsoft asks a new token to show, as JSON text, where the server passed a challenge on. */
  readonly claims: string | null;

  constructor(problem: ProblemDocument | null, claims: string | null = null) {
    super(problem?.code ?? 'no answer');
    this.problem = problem;
    this.claims = claims;
  }

  get code(): string {
    return this.problem?.code ?? 'unreachable';
  }
}

export interface Api {
  get<T>(path: string): Promise<T>;
  send<T>(
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  /** Answers a challenge by a step at Microsoft; must be called from a click. Says whether it was taken. */
  answerChallenge(claims: string): Promise<boolean>;
  /** The raw answer, for streams. */
  open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
}

export function openApi(tokens: TokenSource): Api {
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await tokens.get();
    if (answer.kind !== 'token') {
      throw new ApiError(null);
    }
    const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${answer.token}` };
    try {
      return await fetch(path, { ...init, headers, credentials: 'omit' });
    } catch (error) {
      if (error instanceof TypeError) {
        throw new ApiError(null);
      }
      throw error;
    }
  };
  const retried = async (path: string, init: RequestInit) => {
    const first = await request(path, init);
    if (first.status !== 401 || claimsIn(first) !== null) {
      return first;
    }
    tokens.forget();
    return request(path, init);
  };
  const read = async <T>(path: string, init: RequestInit): Promise<T> => {
    const response = await retried(path, init);
    if (!response.ok) {
      throw new ApiError(await readProblem(response), claimsIn(response));
    }
    const text = await response.text();
    return JSON.parse(text === '' ? 'null' : text);
  };
  return {
    get: (path) => read(path, { method: 'GET' }),
    send: (method, path, body, headers = {}) =>
      read(path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    answerChallenge: async (claims) => (await tokens.answerChallenge(claims)).kind === 'token',
    open: (path, headers, signal) => retried(path, { method: 'GET', headers, signal }),
  };
}

/** The claims of a challenge ("Claims challenges, claims requests, and client capabilities"). */
function claimsIn(response: Response): string | null {
  const header = response.headers.get('www-authenticate') ?? '';
  const encoded = /error="insufficient_claims".*claims="([A-Za-z0-9+/=]+)"/.exec(header)?.[1];
  return encoded === undefined ? null : atob(encoded);
}

async function readProblem(response: Response): Promise<ProblemDocument | null> {
  const isProblem = response.headers.get('content-type')?.includes('application/problem+json') === true;
  return isProblem ? response.json() : null;
}
