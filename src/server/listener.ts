/**
 * The one HTTPS listener of a process.
 *
 * Units   Headers must arrive within 10 seconds and a request within 15; at most 4,000 connections.
 * Errors  `PortInUseError` names the port and the remedy.
 */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';

export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly code = 'port_in_use';
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Listener {
  readonly port: number;
  /** Takes no new connection; answers when the open ones have ended or ten seconds have passed. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 4_000;
const DRAIN_MILLISECONDS = 10_000;

export async function listen(
  port: number,
  tls: { readonly certificate: string; readonly key: string },
  handler: Handler,
  host?: string,
): Promise<Listener> {
  const server = createServer(
    {
      cert: tls.certificate,
      key: tls.key,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 2_000,
    },
    handler,
  );
  server.maxConnections = MAX_CONNECTIONS;
  await bind(server, port, host);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => drain(server),
  };
}

function bind(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const isTaken = 'code' in error && error.code === 'EADDRINUSE';
      reject(
        isTaken
          ? new PortInUseError(`PORT ${port} is in use: stop the other program, or set PORT to another number`)
          : error,
      );
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, DRAIN_MILLISECONDS);
  await closed;
  clearTimeout(timer);
}
