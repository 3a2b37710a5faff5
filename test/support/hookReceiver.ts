/** A receiver of webhooks on this machine, which answers as a test says. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';

export interface ReceivedHook {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The exact text. */
  readonly body: string;
}

export interface HookReceiver {
  readonly url: string;
  /** With its port, as a setting names it. */
  readonly host: string;
  /** In the order in which they came. */
  readonly received: ReceivedHook[];
  /** How what comes from now on is answered. */
  answer(how: (hook: ReceivedHook, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** Answers 204 until it is told otherwise. */
export async function openHookReceiver(secure?: ServerOptions): Promise<HookReceiver> {
  let respond: (hook: ReceivedHook, response: ServerResponse) => void = (_hook, response) => {
    response.writeHead(204).end();
  };
  const received: ReceivedHook[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const hook = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
      received.push(hook);
      respond(hook, response);
    });
  };
  const server = secure === undefined ? createServer(listener) : createSecureServer(secure, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  return {
    url: `${secure === undefined ? 'http' : 'https'}://${host}/hook`,
    host,
    received,
    answer: (how) => {
      respond = how;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function statusOnly(status: number, headers: Readonly<Record<string, string>> = {}) {
  return (_hook: ReceivedHook, response: ServerResponse) => {
    response.writeHead(status, headers).end();
  };
}
