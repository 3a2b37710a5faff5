/**
 * Connects to addresses that may be called, and to no other.
 *
 * Every address that a name resolves to has to be one, and so has the one that was connected to: a name may answer
 * differently the next time, and what is written as a number is never looked up. Nothing is written before, no TLS either.
 *
 * Errors  `AddressRefusedError`.
 */
import { lookup } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';

const CONNECT_MILLISECONDS = 5_000;

export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code = 'address_refused';
}

export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
  readonly code = 'connect_timeout';
}

export interface Destination {
  /** As the URL has it, with its port. */
  readonly host: string;
  readonly isEncrypted: boolean;
}

export type MayConnect = (address: string, destination: Destination) => boolean;

/** `onSecured` hears which version of TLS was agreed upon with a host. */
export function checkedConnector(
  certificates: readonly string[],
  mayConnect: MayConnect,
  onSecured: (host: string, version: string) => void,
): buildConnector.connector {
  const secure = buildConnector({
    ca: [...certificates],
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    timeout: CONNECT_MILLISECONDS,
    // A session that is resumed isn't shown a certificate again.
    maxCachedSessions: 0,
  });
  return (options, callback) => {
    const { hostname, protocol } = options;
    const port = Number(options.port === '' ? (protocol === 'https:' ? 443 : 80) : options.port);
    const destination = { host: `${hostname}:${port}`, isEncrypted: protocol === 'https:' };
    const isAllowed = (address: string) => mayConnect(address, destination);
    open(hostname, port, isAllowed, (error, socket) => {
      if (socket === null) {
        callback(error, null);
      } else if (!destination.isEncrypted) {
        callback(null, socket);
      } else {
        secure({ ...options, httpSocket: socket }, (...result) => {
          const [, secured] = result;
          if (secured instanceof TLSSocket) {
            onSecured(destination.host, secured.getProtocol() ?? '');
          }
          callback(...result);
        });
      }
    });
  };
}

type Opened = (...result: [Error, null] | [null, Socket]) => void;

function open(hostname: string, port: number, isAllowed: (address: string) => boolean, onOpened: Opened): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port, lookup: checkedLookup(isAllowed), noDelay: true, keepAlive: true });
  const timer = setTimeout(() => {
    socket.destroy(new ConnectTimeoutError('No connection in time'));
  }, CONNECT_MILLISECONDS);
  const onError = (error: Error) => {
    clearTimeout(timer);
    onOpened(error, null);
  };
  socket.once('error', onError);
  socket.once('connect', () => {
    clearTimeout(timer);
    if (isAllowed(socket.remoteAddress ?? '')) {
      socket.off('error', onError);
      onOpened(null, socket);
    } else {
      socket.destroy(new AddressRefusedError('The address is not one that may be called'));
    }
  });
}

function checkedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error, '');
      } else if (!addresses.every(({ address }) => isAllowed(address))) {
        callback(new AddressRefusedError('The name leads to an address that may not be called'), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
