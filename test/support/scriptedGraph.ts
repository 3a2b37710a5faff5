/** Graph answering word for word what a test writes: for answers that no well-meaning server gives. */
import { Response } from 'undici';
import type { MicrosoftHttp } from '../../src/microsoft/http.ts';

export const GRAPH = 'https://graph.test';

export interface Scripted {
  readonly status?: number;
  readonly body: string | object;
  readonly type?: string;
}

export class ScriptedGraph implements MicrosoftHttp {
  /** Every request, as path and query. */
  readonly asked: string[] = [];
  readonly #answer: (url: URL) => Scripted;

  constructor(answer: (url: URL) => Scripted) {
    this.#answer = answer;
  }

  fetch(url: string, init: { readonly body?: unknown } = {}): Promise<Response> {
    const asked = new URL(url);
    this.asked.push(`${asked.pathname}${asked.search}`);
    const {
      status = 200,
      body,
      type = 'application/json',
    } = asked.pathname.endsWith('/$batch') ? this.#batch(String(init.body)) : this.#answer(asked);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve(new Response(text, { status, headers: { 'content-type': type } }));
  }

  /** Each part as if it had been asked for by itself. */
  #batch(text: string): Scripted {
    const { requests }: { requests: { id: string; url: string }[] } = JSON.parse(text);
    const responses = requests.map(({ id, url }) => {
      this.asked.push(url);
      const { status = 200, body } = this.#answer(new URL(`${GRAPH}/v1.0${url}`));
      return { id, status, headers: { 'Content-Type': 'application/json' }, body };
    });
    return { body: { responses } };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
