/**
 * `$batch`: up to 20 requests in one, answered part by part in any order; Outlook runs at most four at a time.
 *
 * Source  "Combine multiple HTTP requests using JSON batching" (learn.microsoft.com/graph).
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';

const MAX_BATCH_REQUESTS = 20;
const AT_ONCE = 4;

const Part = z.object({
  id: z.string(),
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  url: z.string().regex(/^\/?[^:]*$/),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
type Part = z.infer<typeof Part>;

const Body = z.object({ requests: z.array(Part).min(1).max(MAX_BATCH_REQUESTS) });

interface PartAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

export function registerBatch(app: FastifyInstance): void {
  app.post('/v1.0/$batch', async (request) => {
    const parsed = Body.safeParse(request.body);
    const ids = parsed.success ? parsed.data.requests.map(({ id }) => id) : [];
    if (!parsed.success || new Set(ids).size !== ids.length) {
      throw new GraphError(GRAPH_REFUSALS.badRequest);
    }
    const authorization = request.headers.authorization ?? '';
    const answers: PartAnswer[] = [];
    const waiting = [...parsed.data.requests];
    while (waiting.length > 0) {
      const ready = waiting.filter(({ dependsOn }) =>
        dependsOn.every((id) => answers.some((answer) => answer.id === id)),
      );
      const next = (ready.length === 0 ? waiting : ready).slice(0, AT_ONCE);
      next.forEach((part) => waiting.splice(waiting.indexOf(part), 1));
      answers.push(...(await Promise.all(next.map((part) => answerPart(app, part, authorization, answers)))));
    }
    return { responses: answers };
  });
}

async function answerPart(
  app: FastifyInstance,
  { id, method, url, headers, body, dependsOn }: Part,
  authorization: string,
  before: readonly PartAnswer[],
): Promise<PartAnswer> {
  const hasFailed = dependsOn.some((each) => before.every((answer) => answer.id !== each || answer.status >= 400));
  if (hasFailed) {
    return {
      id,
      status: 424,
      headers: {},
      body: { error: { code: 'FailedDependency', message: 'A dependency failed.' } },
    };
  }
  const answer = await app.inject({
    method,
    url: `/v1.0/${url.replace(/^\//, '')}`,
    headers: { ...headers, authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const { 'retry-after': retryAfter } = answer.headers;
  return {
    id,
    status: answer.statusCode,
    headers: {
      'Content-Type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
    },
    body: answer.payload === '' ? null : JSON.parse(answer.payload),
  };
}
