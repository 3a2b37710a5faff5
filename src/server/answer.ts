/** What a route answers: the document that presents what a command came to, or the problem that it ended with. */
import type { FastifyReply } from 'fastify';
import { type FieldRefused, type ProblemCode, type Refused } from '../domain/problems.ts';
import { type ProblemDetail, sendProblem } from './problems.ts';

/** A refusal with what its document says beside the sentence. */
export interface DetailedProblem extends Refused {
  readonly detail: ProblemDetail;
}

export function detailed(code: ProblemCode, detail: ProblemDetail): DetailedProblem {
  return { kind: 'problem', code, detail };
}

type Problem = Refused | DetailedProblem | FieldRefused;

export async function answer<Done extends object, Document>(
  reply: FastifyReply,
  result: Done | Problem,
  present: (done: Done) => Document | Problem | Promise<Document | Problem>,
): Promise<Document | FastifyReply> {
  if (isProblem(result)) {
    return send(reply, result);
  }
  const document = await present(result);
  return isProblem(document) ? send(reply, document) : document;
}

function isProblem(value: unknown): value is Problem {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return kind === 'problem' || kind === 'field';
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.kind === 'field') {
    return sendProblem(reply, 'body_invalid', { fields: [{ field: problem.field, message: problem.message }] });
  }
  return sendProblem(reply, problem.code, 'detail' in problem ? problem.detail : {});
}
