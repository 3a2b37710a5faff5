/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { followEvents, parseEvent, type ServerEvent } from '../../../src/client/api/events.ts';
import { anApi } from '../../support/anApi.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});
afterEach(() => {
  jest.useRealTimers();
});

const bytes = (text: string) => new TextEncoder().encode(text);

/** A connection that sends these parts and ends. */
function sending(...parts: readonly Uint8Array[]): Response {
  return new Response(
    new ReadableStream({
      start: (stream) => {
        parts.forEach((part) => {
          stream.enqueue(part);
        });
        stream.close();
      },
    }),
  );
}

/** Follows connections that answer one after another, the last of them again and again. */
function follow(...connections: readonly (() => Promise<Response>)[]) {
  const opened: { readonly second: number; readonly headers: Record<string, string> }[] = [];
  const signals: AbortSignal[] = [];
  const events: ServerEvent[] = [];
  const { api } = anApi(
    {},
    {
      open: (path, headers, signal) => {
        expect(path).toBe('/api/events');
        const connect = connections[opened.length] ?? connections.at(-1);
        opened.push({ second: (Date.now() - NOW) / 1_000, headers });
        signals.push(signal);
        return connect?.() ?? Promise.reject(new Error('no connection'));
      },
    },
  );
  const stop = followEvents(api, (event) => events.push(event));
  return { opened, events, signals, stop, seconds: () => opened.map(({ second }) => second) };
}

const gone = () => Promise.reject(new Error('offline'));
const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1_000);

describe('parsing', () => {
  test('an event has an id, a name and its data', () => {
    expect(parseEvent('id: a.b\nevent: sync\ndata: {"mode":"individual: yes"}')).toEqual({
      id: 'a.b',
      name: 'sync',
      data: '{"mode":"individual: yes"}',
    });
  });

  test('one space after the colon is no part of the value, and a further one is', () => {
    expect(parseEvent('id:1\nevent:sync\ndata:  {}')).toEqual({ id: '1', name: 'sync', data: ' {}' });
  });

  test('an event without id and data is one still', () => {
    expect(parseEvent('event: hello')).toEqual({ id: '', name: 'hello', data: '' });
  });

  test.each([':', '', ': keep-alive', 'data: without a name'])('%j is no event', (block) => {
    expect(parseEvent(block)).toBeNull();
  });
});

describe('following', () => {
  test('an event is whole however its bytes arrive, in the middle of a character as well', async () => {
    const whole = bytes(
      ': hello\n\nid: 1\nevent: organization\ndata: {"name":"Bücher"}\n\nid: 2\nevent: sync\ndata: {}\n\n',
    );
    const middle = whole.indexOf(0xc3) + 1;
    const { events, stop } = follow(() => Promise.resolve(sending(whole.slice(0, middle), whole.slice(middle))));
    await pass(0);
    stop();

    expect(events).toEqual([
      { id: '1', name: 'organization', data: '{"name":"Bücher"}' },
      { id: '2', name: 'sync', data: '{}' },
    ]);
  });

  test('what was cut off is not told, and asked for again after the last whole event', async () => {
    const { events, opened, stop } = follow(
      () => Promise.resolve(sending(bytes('id: 1\nevent: sync\ndata: {}\n\nid: 2\nevent: sync\ndata: {'))),
      () => Promise.resolve(sending(bytes('id: 2\nevent: sync\ndata: {"prompt":true}\n\n'))),
    );
    await pass(2);
    stop();

    expect(events).toEqual([
      { id: '1', name: 'sync', data: '{}' },
      { id: '2', name: 'sync', data: '{"prompt":true}' },
    ]);
    expect(opened).toEqual([
      { second: 0, headers: {} },
      { second: 2, headers: { 'last-event-id': '1' } },
    ]);
  });

  test('a connection that fails each time is tried less and less often, at least twice a minute', async () => {
    const { seconds, stop } = follow(gone);
    await pass(95);
    stop();

    expect(seconds()).toEqual([0, 2, 6, 14, 30, 60, 90]);
  });

  test('after a connection that held, the next is tried after a second', async () => {
    const held = () =>
      new Promise<Response>((resolve) => {
        setTimeout(resolve, 60_000, sending());
      });
    const { seconds, stop } = follow(gone, gone, held, gone);
    await pass(70);
    stop();

    expect(seconds()).toEqual([0, 2, 6, 67, 69]);
  });

  test('a refusal is not read as events', async () => {
    const { events, seconds, stop } = follow(() =>
      Promise.resolve(new Response('id: 1\nevent: sync\ndata: {}\n\n', { status: 503 })),
    );
    await pass(2);
    stop();

    expect(events).toEqual([]);
    expect(seconds()).toEqual([0, 2]);
  });

  test('stopping aborts the connection that is open, and opens none again', async () => {
    const { signals, seconds, stop } = follow(() => new Promise(() => undefined));
    await pass(1);
    const wasAborted = signals.map(({ aborted }) => aborted);
    stop();

    expect(wasAborted).toEqual([false]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await pass(120);
    expect(seconds()).toEqual([0]);
  });

  test('stopping between two connections opens none again', async () => {
    const { seconds, stop } = follow(gone);
    await pass(1);
    stop();
    await pass(120);

    expect(seconds()).toEqual([0]);
  });
});
