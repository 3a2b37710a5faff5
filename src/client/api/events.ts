/**
 * Follows `/api/events` for as long as the page is open, and comes back where it left off.
 *
 * Source  "Server-sent events", HTML Living Standard (the parts that the server uses: id, event, data).
 */
import type { Api } from './client.ts';

export interface ServerEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

/** After a connection that held; each one that didn't doubles it. */
const PAUSE_MILLISECONDS = 1_000;
const MAX_PAUSE_MILLISECONDS = 30_000;

/** Calls back for every event; answers how to stop. */
export function followEvents(api: Api, onEvent: (event: ServerEvent) => void): () => void {
  const stopping = new AbortController();
  let lastId = '';
  const remember = (event: ServerEvent) => {
    lastId = event.id;
    onEvent(event);
  };
  const run = async () => {
    let pause = PAUSE_MILLISECONDS;
    while (!stopping.signal.aborted) {
      const began = Date.now();
      await readOnce(api, lastId, remember, stopping.signal);
      pause = Date.now() - began > pause ? PAUSE_MILLISECONDS : Math.min(pause * 2, MAX_PAUSE_MILLISECONDS);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  void run();
  return () => {
    stopping.abort();
  };
}

/** Reads one connection to its end; a lost connection is no error here, for the caller comes back. */
async function readOnce(
  api: Api,
  lastId: string,
  onEvent: (event: ServerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const headers: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
    const response = await api.open('/api/events', headers, signal);
    const reader = response.ok ? response.body?.getReader() : undefined;
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) {
        return;
      }
      const blocks = `${text}${decoder.decode(part.value, { stream: true })}`.split('\n\n');
      text = blocks.pop() ?? '';
      blocks.map(parseEvent).forEach((event) => {
        if (event !== null) {
          onEvent(event);
        }
      });
    }
  } catch {
    // Offline, reloaded or refused: the pause that follows is the answer to all of them.
  }
}

export function parseEvent(block: string): ServerEvent | null {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')] as const;
    }),
  );
  const name = fields.get('event');
  return name === undefined ? null : { id: fields.get('id') ?? '', name, data: fields.get('data') ?? '' };
}
