/**
 * Several reads in one request: each has an answer of its own, and one that fails fails alone.
 *
 * Source  "Combine multiple HTTP requests using JSON batching" (learn.microsoft.com/graph): at most 20; headers of the
 *         batch do not reach the requests in it; an answer of its own status, headers and body each.
 */
import { z } from 'zod';
import type { Each, GraphAccess, GraphAnswer } from '../../sync/ports.ts';
import { codeOf, type GraphTransport, refusalOf } from './transport.ts';

const Responses = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.unknown()).nullish(),
      body: z.unknown(),
    }),
  ),
});

/** Reads `pathOf` each id, and parses what is there with `parse`; `null` from it is an answer that is none. */
export async function fetchEach<T>(
  transport: GraphTransport,
  { accessToken }: GraphAccess,
  ids: readonly string[],
  pathOf: (id: string) => string,
  parse: (body: unknown) => T | null,
): Promise<Each<T>> {
  const requests = ids.map((id, index) => ({
    id: String(index),
    method: 'GET',
    url: `/${pathOf(id)}`,
    headers: transport.preferences(),
  }));
  const answer = await transport.change(accessToken, 'POST', transport.url('$batch'), { requests }, Responses);
  if (answer.kind !== 'ok') {
    return answer;
  }
  const found = new Map(answer.value?.responses.map((response) => [response.id, response]));
  return {
    kind: 'ok',
    value: new Map(ids.map((id, index) => [id, answerIn(found.get(String(index)), parse)])),
  };
}

type Response = z.infer<typeof Responses>['responses'][number];

function answerIn<T>(response: Response | undefined, parse: (body: unknown) => T | null): GraphAnswer<T> {
  if (response === undefined) {
    return { kind: 'failed', code: 'unexpectedAnswer' };
  }
  if (response.status !== 200) {
    return refusalOf(response.status, codeOf(response.body), retryAfterIn(response.headers));
  }
  const value = parse(response.body);
  return value === null ? { kind: 'failed', code: 'unexpectedAnswer' } : { kind: 'ok', value };
}

/** Header names come in any case, and numbers as numbers. */
function retryAfterIn(headers: Response['headers']): string | null {
  const [, value = null] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after') ?? [];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
