/**
 * Logs: one JSON line an event, redacted by construction. Errors are reduced to name, code and stack; what
 * came over the wire (messages of foreign systems, headers, query strings) never gets in.
 */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** Lines go to `destination`, which is the standard output where none is given. */
export function openLog(level: string, destination: DestinationStream = pino.destination(1)): Log {
  const serializers = {
    err: describeError,
    req: (request: { readonly method: string; readonly url: string; readonly id: string }) => ({
      id: request.id,
      method: request.method,
      path: pathOnly(request.url),
    }),
    res: (reply: { readonly statusCode: number }) => ({ status: reply.statusCode }),
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, destination);
}

/** A chain of errors as class, code and place. Only the messages of our own errors are known to be harmless. */
export function describeError(error: unknown): object {
  if (!isError(error)) {
    return { type: typeof error };
  }
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    at: places.slice(0, 6).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** By shape: errors of Node's own modules may come from another realm. */
export function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && 'name' in error;
}

/** Identifiers of consents are secrets while they live, so the path stops before them. */
function pathOnly(url: string): string {
  return url
    .replace(/\?.*$/, '')
    .replace(/^(\/consent\/start|\/connect)\/.+$/, '$1/…')
    .replace(/[A-Za-z0-9_-]{64}/g, '…');
}
