/** Where Graph says that content is: followed once, without a token, and only over TLS. */
import { describe, expect, test } from '@jest/globals';
import { Response } from 'undici';
import { openFileContent } from '../../src/microsoft/graph/fileContent.ts';
import { GraphTransport } from '../../src/microsoft/graph/transport.ts';

const ACCESS = { accessToken: 'a token', mailbox: 'me', memberId: 'm' };
const KEPT = 'https://contoso-my.sharepoint.example/download?tempauth=x';

function answering(answers: Readonly<Record<string, () => Response>>) {
  const asked: { readonly url: string; readonly authorization: string | null }[] = [];
  const http = {
    fetch: (url: string, init: { readonly headers?: unknown }) => {
      const headers = new Headers(Object(init.headers));
      asked.push({ url, authorization: headers.get('authorization') });
      const answer = answers[url] ?? (() => new Response('', { status: 404 }));
      return Promise.resolve(answer());
    },
    close: () => Promise.resolve(),
  };
  return { asked, transport: new GraphTransport(http, 'https://graph.test') };
}

const at = (id: string) => `https://graph.test/v1.0/me/drive/items/${id}/content`;
const leadingTo = (location: string) => () => new Response(null, { status: 302, headers: { location } });

test('the bytes come from the other host, which gets no token', async () => {
  const { asked, transport } = answering({ [at('f')]: leadingTo(KEPT), [KEPT]: () => new Response('bytes') });
  const answer = await openFileContent(transport, ACCESS, 'f');
  const text = answer.kind === 'ok' ? await new Response(answer.value).text() : '';

  expect(text).toBe('bytes');
  expect(asked).toEqual([
    { url: at('f'), authorization: 'Bearer a token' },
    { url: KEPT, authorization: null },
  ]);
});

describe('nothing is fetched from', () => {
  test.each(['http://sharepoint.example/x', 'file:///etc/passwd', '/relative', '', 'javascript:alert(1)'])(
    '%j',
    async (location) => {
      const { asked, transport } = answering({ [at('f')]: leadingTo(location) });

      expect(await openFileContent(transport, ACCESS, 'f')).toEqual({ kind: 'failed', code: 'foreignLink' });
      expect(asked).toHaveLength(1);
    },
  );
});

test('a second redirect is not followed', async () => {
  const { asked, transport } = answering({ [at('f')]: leadingTo(KEPT), [KEPT]: leadingTo('https://evil.example/') });

  expect(await openFileContent(transport, ACCESS, 'f')).toMatchObject({ kind: 'failed' });
  expect(asked).toHaveLength(2);
});

test('what is in an id stays in its place', async () => {
  const { asked, transport } = answering({});

  expect(await openFileContent(transport, ACCESS, '../../messages?x')).toEqual({ kind: 'notFound' });
  expect(asked.map(({ url }) => url)).toEqual([at('..%2F..%2Fmessages%3Fx')]);
});
