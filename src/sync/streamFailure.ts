/** What an answer of Graph that is no page means for the stream that asked. */
import type { AskAnswer, StreamEnd } from './runRound.ts';

type NoPage = Exclude<AskAnswer<unknown>, { kind: 'ok' } | { kind: 'cursorLost' }>;

export function failureOf(answer: NoPage): StreamEnd {
  switch (answer.kind) {
    case 'stopped':
      return { kind: 'stopped' };
    case 'throttled':
      return { kind: 'failed', code: 'throttled', retryAfterSeconds: answer.retryAfterSeconds };
    case 'failed':
      return { kind: 'failed', code: answer.code };
    case 'unauthorized':
    case 'forbidden':
    case 'notFound':
    case 'mailboxUnavailable':
      return { kind: 'failed', code: answer.kind };
  }
}
