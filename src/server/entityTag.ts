/**
 * Entity tags: what the caller has already is not sent again.
 *
 * Source  RFC 9110, sections 8.8.3 and 13.1.2. `If-None-Match` compares weakly: a proxy that compresses an answer makes its tag
 * weak, and callers may send several tags.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers the document with its version as its tag, or 304 and nothing where the caller has that version. */
export function sendUnlessKnown<Document extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  document: Document,
  version = versionOf(document),
): Document | FastifyReply {
  void reply.header('etag', `"${version}"`);
  return isKnown(request.headers['if-none-match'] ?? '', version) ? reply.code(304).send(undefined) : document;
}

/** The version of a document that has none of its own. */
export function versionOf(document: object): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 22);
}

function isKnown(header: string, version: string): boolean {
  const tags = [...header.matchAll(/"([^"]*)"/g)].map(([, tag]) => tag);
  return header.trim() === '*' || tags.includes(version);
}
