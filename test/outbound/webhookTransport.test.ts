/** What an operator names is called only where it may be, and no answer of it can hold anything up. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openWebhookTransport, type WebhookHttp } from '../../src/outbound/openWebhookTransport.ts';
import { serverCertificate } from '../../src/server/certificate.ts';
import { clientCertificate } from '../support/clientCertificate.ts';
import { type HookReceiver, openHookReceiver, statusOnly } from '../support/hookReceiver.ts';

const BODY = '{"type":"webhook.test"}';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

async function receiver(...secure: Parameters<typeof openHookReceiver>): Promise<HookReceiver> {
  const made = await openHookReceiver(...secure);
  opened.push(made);
  return made;
}

function transport(allowedHosts: readonly string[], certificates: readonly string[] = []): WebhookHttp {
  const made = openWebhookTransport({ allowedHosts, certificates });
  opened.push(made);
  return made;
}

const post = (http: WebhookHttp, url: string, headers: Readonly<Record<string, string>> = {}) =>
  http.post({ url, headers, body: BODY });

test('a host of the operator is sent the exact text and headers', async () => {
  const hooks = await receiver();
  hooks.answer(statusOnly(204));

  expect(await post(transport([hooks.host]), hooks.url, { 'webhook-id': 'evt_1', 'x-of': 'crm' })).toEqual({
    kind: 'answered',
    status: 204,
    retryAfter: null,
    excerpt: '',
    tlsVersion: null,
  });
  expect(hooks.received).toEqual([
    {
      url: '/hook',
      body: BODY,
      headers: expect.objectContaining({ 'webhook-id': 'evt_1', 'x-of': 'crm', host: hooks.host }),
    },
  ]);
});

describe('where it may not go', () => {
  test('every notation of this machine is refused at the connection, and nothing is written', async () => {
    const hooks = await receiver();
    const port = hooks.host.split(':')[1] ?? '';
    const http = transport([]);
    const hosts = [
      '127.0.0.1',
      '127.1',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '①②⑦.0.0.1',
      '[::ffff:7f00:1]',
      'localhost',
    ];
    for (const host of hosts) {
      for (const scheme of ['https', 'http']) {
        expect([host, await post(http, `${scheme}://${host}:${port}/hook`)]).toEqual([
          host,
          { kind: 'unreached', error: 'address_refused' },
        ]);
      }
    }
    expect(hooks.received).toEqual([]);
  });

  test('a name with a dot behind it leads nowhere else', async () => {
    const hooks = await receiver();
    const answer = await post(transport([]), `https://localhost.:${hooks.host.split(':')[1] ?? ''}/hook`);
    // Not every resolver knows it.
    expect([
      { kind: 'unreached', error: 'address_refused' },
      { kind: 'unreached', error: 'enotfound' },
    ]).toContainEqual(answer);
    expect(hooks.received).toEqual([]);
  });

  test('not even the beginning of TLS is written to a refused address', async () => {
    const bytes: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('data', (part) => bytes.push(part));
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port }: AddressInfo = Object(server.address());

    expect(await post(transport([]), `https://127.0.0.1:${port}/`)).toEqual({
      kind: 'unreached',
      error: 'address_refused',
    });
    server.close();
    await once(server, 'close');
    expect(bytes).toEqual([]);
  });

  test('metadata of a cloud stays closed to a host that is allowed', async () => {
    expect(await post(transport(['169.254.169.254:80']), 'http://169.254.169.254/latest')).toMatchObject({
      kind: 'unreached',
    });
  });

  test('another port of an allowed host is not allowed', async () => {
    const [one, other] = [await receiver(), await receiver()];
    expect(await post(transport([one.host]), other.url)).toEqual({ kind: 'unreached', error: 'address_refused' });
  });
});

describe('an answer', () => {
  test.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    const [hooks, target] = [await receiver(), await receiver()];
    hooks.answer(statusOnly(status, { location: target.url }));

    expect(await post(transport([hooks.host, target.host]), hooks.url)).toMatchObject({ kind: 'answered', status });
    expect(target.received).toEqual([]);
  });

  test('says when to come again, and how it begins, without what controls a terminal', async () => {
    const hooks = await receiver();
    hooks.answer((_hook, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end(`slow\u001b[31m\r\ndown${'x'.repeat(5_000)}`);
    });
    expect(await post(transport([hooks.host]), hooks.url)).toEqual({
      kind: 'answered',
      status: 429,
      retryAfter: '60',
      excerpt: `slow [31m down${'x'.repeat(985)}`,
      tlsVersion: null,
    });
  });

  test('whose beginning ends in the middle of a character is kept without it', async () => {
    const hooks = await receiver();
    hooks.answer((_hook, response) => response.writeHead(200).end(`${'a'.repeat(999)}😀`));
    expect(await post(transport([hooks.host]), hooks.url)).toMatchObject({ excerpt: 'a'.repeat(999) });
  });

  test('that has no end is read no further than its beginning', async () => {
    const hooks = await receiver();
    let written = 0;
    hooks.answer((_hook, response) => {
      response.writeHead(200);
      const write = () => {
        while (!response.destroyed && written < 1_000_000_000) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536, 97))) {
            response.once('drain', write);
            return;
          }
        }
      };
      write();
    });
    expect(await post(transport([hooks.host]), hooks.url)).toMatchObject({ kind: 'answered', status: 200 });
    expect(written).toBeLessThan(50_000_000);
  });

  test('with a megabyte of headers is none', async () => {
    const hooks = await receiver();
    hooks.answer((_hook, response) => {
      response.writeHead(200, { 'x-long': 'a'.repeat(1_000_000) }).end();
    });
    expect(await post(transport([hooks.host]), hooks.url)).toEqual({
      kind: 'unreached',
      error: 'und_err_headers_overflow',
    });
  });

  test('that breaks off before its status is none', async () => {
    const hooks = await receiver();
    hooks.answer((_hook, response) => response.destroy());
    expect(await post(transport([hooks.host]), hooks.url)).toEqual({ kind: 'unreached', error: 'und_err_socket' });
  });

  test('that breaks off behind its status counts', async () => {
    const hooks = await receiver();
    hooks.answer((_hook, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('some', () => response.destroy());
    });
    expect(await post(transport([hooks.host]), hooks.url)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('where nothing listens is none', async () => {
    const hooks = await openHookReceiver();
    await hooks.close();
    expect(await post(transport([hooks.host]), hooks.url)).toEqual({ kind: 'unreached', error: 'econnrefused' });
  });
});

describe('over TLS', () => {
  test('a certificate of the name, by an authority that is believed, is taken, and the version is said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-tls-'));
    const { certificate, key, authorityFile } = await serverCertificate(folder, new Date());
    const hooks = await receiver({ cert: certificate, key });
    const http = transport([hooks.host], [await readFile(authorityFile, 'utf8')]);

    expect(await post(http, hooks.url)).toMatchObject({ kind: 'answered', status: 204, tlsVersion: 'TLSv1.3' });
    // On the connection that is there.
    expect(await post(http, hooks.url)).toMatchObject({ kind: 'answered', status: 204, tlsVersion: 'TLSv1.3' });
    expect(hooks.received.map(({ body }) => body)).toEqual([BODY, BODY]);
    await rm(folder, { recursive: true });
  });

  test('a certificate that no authority has signed is refused', async () => {
    const { certificate, key } = await clientCertificate();
    const hooks = await receiver({ cert: certificate, key });
    expect(await post(transport([hooks.host]), hooks.url)).toEqual({
      kind: 'unreached',
      error: 'depth_zero_self_signed_cert',
    });
    expect(hooks.received).toEqual([]);
  });

  test('a certificate of another name is refused', async () => {
    const { certificate, key } = await clientCertificate();
    const hooks = await receiver({ cert: certificate, key });
    expect(await post(transport([hooks.host], [certificate]), hooks.url)).toEqual({
      kind: 'unreached',
      error: 'err_tls_cert_altname_invalid',
    });
    expect(hooks.received).toEqual([]);
  });

  test('an old version is refused', async () => {
    const { certificate, key } = await clientCertificate();
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const hooks = await receiver({ cert: certificate, key, ...old });
    expect(await post(transport([hooks.host], [certificate]), hooks.url)).toMatchObject({ kind: 'unreached' });
    expect(hooks.received).toEqual([]);
  });
});
