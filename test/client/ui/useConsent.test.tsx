/** A consent from the page's side: what each answer of the server and each end of the window leads to. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, renderHook } from '@testing-library/react';
import type { ConsentAsk } from '../../../src/client/api/queries.ts';
import type { Popup, PopupEnd } from '../../../src/client/hosts/host.ts';
import { isSubmitted, useConsent } from '../../../src/client/ui/useConsent.ts';
import { EMPTY_SELECTION } from '../../../src/domain/selection.ts';
import { aHost } from '../../support/aHost.ts';
import { type Answer, anApi, aProblem } from '../../support/anApi.ts';
import { inApp } from '../../support/inApp.tsx';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const LOOK = 700;
const MAIL = { sync: 'full', act: 'none', shared: false } as const;
const WANTED = { ...EMPTY_SELECTION, mail: MAIL };
const ASK: ConsentAsk = { consentType: 'me', selection: WANTED };
const WANTED_LESS = { ...EMPTY_SELECTION, mail: { ...MAIL, sync: 'limited' } } as const;
const LESS: ConsentAsk = { consentType: 'me', selection: WANTED_LESS };
const started = (id: string) => ({
  id,
  startUrl: `https://assent.test/consent/start/${id}`,
  expiresAt: '2026-11-21T13:00:00.000Z',
});

/** Passes time, and lets the page see what came of it. */
const pass = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds));

/** A page that asks; transactions are called c1, c2, … in the order in which they are started. */
async function asking(initial: ConsentAsk | null = ASK, more: Readonly<Record<string, Answer>> = {}) {
  let begun = 0;
  const answers: Record<string, Answer> = {
    'POST /api/me/consents': () => {
      begun += 1;
      return started(`c${begun}`);
    },
    'GET /api/me/consents/c1': { id: 'c1', state: 'started' },
    ...more,
  };
  const { api, calls } = anApi(answers);
  const windows: string[] = [];
  let end: (end: PopupEnd) => void = () => undefined;
  const host = aHost({
    openPopup: (url): Popup => {
      windows.push(`open ${url}`);
      return { ended: new Promise((resolve) => (end = resolve)), close: () => windows.push('close') };
    },
  });
  const { result, rerender, unmount } = renderHook(({ ask }) => useConsent(host, ask), {
    wrapper: inApp(api),
    initialProps: { ask: initial },
  });
  await pass(0);
  return {
    answers,
    windows,
    consent: () => result.current,
    change: (ask: ConsentAsk | null) => rerender({ ask }),
    unmount,
    endWindow: (how: PopupEnd) => end(how),
    posts: () => calls.filter(({ method }) => method === 'POST').map(({ body }) => body),
    looks: () => calls.filter(({ method }) => method === 'GET').map(({ path }) => path),
    open: () => {
      act(() => {
        result.current.open();
      });
    },
    again: async () => {
      act(() => {
        result.current.again();
      });
      await pass(0);
    },
  };
}

describe('preparing', () => {
  test('starts one transaction of exactly what is asked, and opens nothing', async () => {
    const { consent, posts, windows } = await asking();

    expect(consent()).toMatchObject({ state: { kind: 'ready', started: started('c1') }, id: 'c1' });
    expect(posts()).toEqual([{ selection: WANTED }]);
    expect(windows).toEqual([]);
  });

  test('starts none where there is nothing to ask, and a click opens nothing', async () => {
    const { consent, posts, windows, open } = await asking(null);
    open();

    expect(consent()).toMatchObject({ state: { kind: 'preparing' }, id: null });
    expect([posts(), windows]).toEqual([[], []]);
  });

  test('what says the same with every render is asked once', async () => {
    const { change, posts } = await asking();
    change({ ...ASK });
    await pass(0);

    expect(posts()).toHaveLength(1);
  });

  test('another question takes the place of the one before, whichever answer comes last', async () => {
    const slow = Promise.withResolvers<object>();
    let begun = 0;
    const { consent, change } = await asking(ASK, {
      'POST /api/me/consents': () => {
        begun += 1;
        return begun === 1 ? slow.promise : started('second');
      },
    });
    change(LESS);
    await pass(0);
    slow.resolve(started('first'));
    await pass(0);

    expect(consent()).toMatchObject({ state: { kind: 'ready', started: started('second') }, id: 'second' });
  });

  test('a refusal keeps the id of the transaction that was refused, for a link to be made from', async () => {
    const error = aProblem('administrator_required', 'Only an administrator grants this.', 'Send a link.', {
      consent: started('refused'),
    });
    const { consent, open, windows } = await asking(ASK, { 'POST /api/me/consents': error });
    open();

    expect(consent()).toMatchObject({ state: { kind: 'failed', error }, id: 'refused' });
    expect(isSubmitted(consent().state)).toBe(false);
    expect(windows).toEqual([]);
  });

  test('that failed is tried again by a new transaction', async () => {
    const { consent, answers, again, posts } = await asking(ASK, {
      'POST /api/me/consents': aProblem('unavailable', 'Not now.', 'Try again.'),
    });
    answers['POST /api/me/consents'] = started('second');
    await again();

    expect(consent()).toMatchObject({ state: { kind: 'ready' }, id: 'second' });
    expect(posts()).toHaveLength(2);
  });
});

describe('the answer of the server', () => {
  test.each([
    [{ state: 'verified' }, { kind: 'done' }],
    [{ state: 'grantedUnproven' }, { kind: 'done' }],
    [
      { state: 'refused', reason: 'declined' },
      { kind: 'refused', reason: 'declined' },
    ],
    [{ state: 'refused' }, { kind: 'refused', reason: 'other' }],
    [{ state: 'expired' }, { kind: 'refused', reason: 'expired' }],
  ])('%j is %j, closes the window and ends the looking', async (document, state) => {
    const { consent, open, windows, looks } = await asking(ASK, {
      'GET /api/me/consents/c1': { id: 'c1', ...document },
    });
    open();
    expect(consent().state).toEqual({ kind: 'waiting', started: started('c1') });
    await pass(LOOK);
    await pass(10 * LOOK);

    expect(consent().state).toEqual(state);
    expect(windows).toEqual(['open https://assent.test/consent/start/c1', 'close']);
    expect(looks()).toEqual(['/api/me/consents/c1']);
    expect(isSubmitted(consent().state)).toBe(true);
  });

  test.each(['propagating', 'settling'])('%s closes the window, and is looked at until it is over', async (state) => {
    const { consent, open, windows, answers } = await asking(ASK, { 'GET /api/me/consents/c1': { id: 'c1', state } });
    open();
    await pass(3 * LOOK);
    const meanwhile = consent().state;
    answers['GET /api/me/consents/c1'] = { id: 'c1', state: 'verified' };
    await pass(LOOK);

    expect(meanwhile).toEqual({ kind: 'propagating' });
    expect(windows[1]).toBe('close');
    expect(consent().state).toEqual({ kind: 'done' });
  });

  test('that does not come changes nothing and is asked for again', async () => {
    const { consent, open, answers, looks } = await asking(ASK, { 'GET /api/me/consents/c1': new Error('offline') });
    open();
    await pass(20 * LOOK);
    const meanwhile = consent().state.kind;
    answers['GET /api/me/consents/c1'] = { id: 'c1', state: 'verified' };
    await pass(LOOK);

    expect(meanwhile).toBe('waiting');
    expect(consent().state).toEqual({ kind: 'done' });
    expect(looks()).toHaveLength(21);
  });
});

describe('a server that cannot be reached', () => {
  test('while a grant spreads does not take back that Microsoft accepted', async () => {
    const { consent, open, answers, endWindow } = await asking(ASK, {
      'GET /api/me/consents/c1': { id: 'c1', state: 'propagating' },
    });
    open();
    await pass(LOOK);
    endWindow({ kind: 'closed' });
    answers['GET /api/me/consents/c1'] = new Error('offline');
    await pass(10 * LOOK);

    expect(consent().state).toEqual({ kind: 'propagating' });
  });

  test('does not keep from saying that the browser has blocked the window', async () => {
    const { consent, open, endWindow } = await asking(ASK, { 'GET /api/me/consents/c1': new Error('offline') });
    open();
    endWindow({ kind: 'blocked' });
    await pass(LOOK);

    expect(consent().state.kind).toBe('popupBlocked');
  });
});

describe('the end of the window', () => {
  test.each([{ kind: 'closed' }, { kind: 'finished', message: 'done' }] satisfies readonly PopupEnd[])(
    '%j alone is said only after the server was given time',
    async (end) => {
      const { consent, open, endWindow } = await asking();
      open();
      await pass(LOOK);
      endWindow(end);
      await pass(3 * LOOK);
      const early = consent().state.kind;
      await pass(LOOK);

      expect(early).toBe('waiting');
      expect(consent().state).toEqual({ kind: 'closed' });
    },
  );

  test('is no answer: what the server says afterwards counts', async () => {
    const { consent, open, endWindow, answers } = await asking();
    open();
    endWindow({ kind: 'closed' });
    await pass(6 * LOOK);
    answers['GET /api/me/consents/c1'] = { id: 'c1', state: 'verified' };
    await pass(LOOK);

    expect(consent().state).toEqual({ kind: 'done' });
  });

  test('where the browser blocked it, its address is there at once to be opened by hand', async () => {
    const { consent, open, endWindow, answers } = await asking();
    open();
    endWindow({ kind: 'blocked' });
    await pass(LOOK);
    const blocked = consent().state;
    answers['GET /api/me/consents/c1'] = { id: 'c1', state: 'verified' };
    await pass(LOOK);

    expect(blocked).toEqual({ kind: 'popupBlocked', started: started('c1') });
    expect(consent().state).toEqual({ kind: 'done' });
  });
});

describe('while one is under way', () => {
  test('another question does not replace it', async () => {
    const { consent, open, change, posts } = await asking();
    open();
    change(LESS);
    await pass(LOOK);

    expect(consent().state).toEqual({ kind: 'waiting', started: started('c1') });
    expect(posts()).toHaveLength(1);
  });

  test('a second click opens no second window', async () => {
    const { open, windows } = await asking();
    open();
    open();

    expect(windows).toEqual(['open https://assent.test/consent/start/c1']);
  });

  test('beginning again asks what is wanted now, and the answer to the first is not looked at any more', async () => {
    const { consent, open, change, again, posts, looks, answers } = await asking();
    open();
    change(LESS);
    await again();
    answers['GET /api/me/consents/c1'] = { id: 'c1', state: 'refused', reason: 'declined' };
    await pass(5 * LOOK);

    expect(posts().at(-1)).toEqual({ selection: WANTED_LESS });
    expect(consent()).toMatchObject({ state: { kind: 'ready', started: started('c2') }, id: 'c2' });
    expect(looks().length).toBeLessThanOrEqual(1);
  });

  test('leaving the page ends the looking', async () => {
    const { open, unmount, looks } = await asking();
    open();
    await pass(LOOK);
    unmount();
    await pass(10 * LOOK);

    // The look that was due when the page was left may still go out.
    expect(looks().length).toBeLessThanOrEqual(2);
  });
});
