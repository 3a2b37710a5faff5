/**
 * Answers as lines of JSON: as many as a reader takes, as fast as it takes them.
 *
 * Shapes  A line is an object; after each page comes a line with `next`, from which an interrupted reader resumes.
 * Source  https://github.com/ndjson/ndjson-spec (media type `application/x-ndjson`, one JSON value a line).
 */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

const MEDIA_TYPE = 'application/x-ndjson';
/** A reader that takes nothing for so long is cut off; it goes on where the last `next` said. */
const IDLE_MILLISECONDS = 60_000;

export interface Lines {
  readonly lines: readonly object[];
  /** What is said behind them of where to go on. */
  readonly end: object;
}

/** Whether lines are what the caller asks for. */
export function wantsLines(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').split(',').some((type) => type.trim().split(';')[0] === MEDIA_TYPE);
}

export function sendLines(
  reply: FastifyReply,
  pages: AsyncIterable<Lines>,
  idleMilliseconds = IDLE_MILLISECONDS,
): FastifyReply {
  const { raw } = reply;
  raw.setTimeout(idleMilliseconds, () => raw.destroy());
  return reply.type(MEDIA_TYPE).send(Readable.from(textOf(pages), { objectMode: false }));
}

async function* textOf(pages: AsyncIterable<Lines>): AsyncIterable<string> {
  for await (const { lines, end } of pages) {
    yield [...lines, end].map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}
