/**
 * Requests to Microsoft: one agent with the trusted certificates, a time limit, a size limit, no redirects.
 *
 * Errors  `MicrosoftUnreachableError` when no complete answer came: refused, reset, timed out or too large.
 */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

const TIMEOUT_MILLISECONDS = 30_000;

export class MicrosoftUnreachableError extends Error {
  override readonly name = 'MicrosoftUnreachableError';
  readonly code = 'microsoft_unreachable';
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
        throw new MicrosoftUnreachableError('Microsoft gave no answer', { cause });
      }
    },
    close: () => agent.close(),
  };
}

/** Reads a body of at most `most` bytes. */
export async function readBody(response: Response, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      size += part.byteLength;
      if (size > most) {
        throw new MicrosoftUnreachableError('The answer is larger than expected');
      }
      parts.push(part);
    }
  } catch (cause) {
    throw cause instanceof MicrosoftUnreachableError
      ? cause
      : new MicrosoftUnreachableError('The answer broke off', { cause });
  }
  return Buffer.concat(parts).toString('utf8');
}
