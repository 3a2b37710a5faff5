/**
 * Requests to Microsoft: one agent with the trusted certificates, a time limit, a size limit, no redirects.
 *
 * Errors  `MicrosoftUnreachableError` when no complete answer came: refused, reset, broken off. `AnswerTooHeavyError`
 *         when the answer was too large, or not complete in time: a smaller one may be had.
 */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

const TIMEOUT_MILLISECONDS = 30_000;

export class MicrosoftUnreachableError extends Error {
  override readonly name = 'MicrosoftUnreachableError';
  readonly code = 'microsoft_unreachable';
}

export class AnswerTooHeavyError extends Error {
  override readonly name = 'AnswerTooHeavyError';
  readonly code = 'answer_too_heavy';
}

export interface MicrosoftHttp {
  /** `timeout`: milliseconds until the whole answer must be there; half a minute without. */
  fetch(url: string, init: RequestInit, timeout?: number): Promise<Response>;
  close(): Promise<void>;
}

/** Trusts the system's authorities and, where one is set, the operator's own. */
export function openMicrosoftHttp(trustedCaFile: string | null): MicrosoftHttp {
  const own = trustedCaFile === null ? [] : [readFileSync(trustedCaFile, 'utf8')];
  const agent = new Agent({ connect: { ca: [...rootCertificates, ...own], timeout: 10_000 } });
  return {
    fetch: async (url, init, timeout = TIMEOUT_MILLISECONDS) => {
      try {
        return await fetch(url, {
          ...init,
          dispatcher: agent,
          redirect: 'manual',
          signal: AbortSignal.timeout(timeout),
        });
      } catch (cause) {
        throw whyNone(cause, 'Microsoft gave no answer');
      }
    },
    close: () => agent.close(),
  };
}

/** Reads a body of at most `most` bytes. */
export async function readBody(response: Response, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      size += part.byteLength;
      if (size > limit) {
        throw new AnswerTooHeavyError('The answer is larger than expected');
      }
      parts.push(part);
    }
  } catch (cause) {
    throw cause instanceof AnswerTooHeavyError ? cause : whyNone(cause, 'The answer broke off');
  }
  return Buffer.concat(parts).toString('utf8');
}

/** By name: what ends at our own limit of time is a `TimeoutError`, of whichever realm. */
function whyNone(cause: unknown, message: string): Error {
  const isLate = typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
  return isLate ? new AnswerTooHeavyError(message, { cause }) : new MicrosoftUnreachableError(message, { cause });
}
