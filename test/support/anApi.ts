/** An API that answers each `METHOD path` as it is told, and remembers what it was asked. */
import type { ProblemDocument } from '../../src/contract/api/problem.ts';
import { type Api, ApiError } from '../../src/client/api/client.ts';

export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A document, a failure, or a function that is called each time. */
export type Answer = object | null | (() => unknown);

/** `answers` may be changed while the API is in use. What nothing answers fails. */
export function anApi(answers: Readonly<Record<string, Answer>>, more: Partial<Api> = {}) {
  const calls: ApiCall[] = [];
  const answer = async <T>(call: ApiCall): Promise<T> => {
    calls.push(call);
    const known = answers[`${call.method} ${call.path}`];
    const given: unknown = await (typeof known === 'function' ? known() : known);
    if (given instanceof Error) {
      throw given;
    }
    if (given === undefined) {
      throw new Error(`Nothing answers ${call.method} ${call.path}`);
    }
    return JSON.parse(JSON.stringify(given));
  };
  const api: Api = {
    get: (path) => answer({ method: 'GET', path }),
    send: (method, path, body, headers) =>
      answer({ method, path, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) }),
    answerChallenge: () => Promise.resolve(false),
    open: () => Promise.reject(new Error('not here')),
    ...more,
  };
  /** What was asked to change something. */
  const sent = () => calls.filter(({ method }) => method !== 'GET');
  return { api, calls, sent };
}

/** A refusal of the server in its own words. */
export function aProblem(
  code: string,
  title: string,
  action: string,
  more: Pick<ProblemDocument, 'consent'> = {},
): ApiError {
  return new ApiError({ type: 'about:blank', title, status: 409, code, action, requestId: 'a-request', ...more });
}
