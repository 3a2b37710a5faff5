/** A way to a server that can fall silent: connections stay open, new ones are taken, and nothing comes back. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class FreezingProxy {
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isFrozen = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => {
      this.#join(client);
    });
  }

  static async open(target: string): Promise<FreezingProxy> {
    const proxy = new FreezingProxy(new URL(target));
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', () => {
        resolve();
      });
    });
    return proxy;
  }

  /** The target's address by way of this. */
  get url(): string {
    const address = this.#server.address();
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(typeof address === 'object' ? address?.port : '');
    return url.href;
  }

  freeze(): void {
    this.#isFrozen = true;
    this.#sockets.forEach((socket) => socket.pause());
  }

  /** What was open is of no use any more; what comes now is let through. */
  thaw(): void {
    this.#isFrozen = false;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  async close(): Promise<void> {
    this.thaw();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    this.#keep(client);
    if (this.#isFrozen) {
      client.pause();
      return;
    }
    const server = connect(Number(this.#target.port), this.#target.hostname);
    this.#keep(server);
    client.pipe(server).pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // A connection that is cut is what this is for.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
