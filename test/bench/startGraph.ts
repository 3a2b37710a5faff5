/** Graph in a process of its own, so that the client's time is measured and not the server's. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';

export interface Graph {
  readonly origin: string;
  stop(): void;
}

/** `latency`: milliseconds before every answer. */
export function startGraph(count: number, latency: number): Promise<Graph> {
  const child = fork(join(import.meta.dirname, 'graphServer.ts'), {
    env: { ...process.env, COUNT: String(count), LATENCY: String(latency) },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => {
      const { origin } = z.object({ origin: z.string() }).parse(message);
      resolve({ origin, stop: () => child.kill() });
    });
  });
}
