/** Which host is around the page is the word of its library; here there is none, or a script that never came. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { openHost } from '../../../src/client/hosts/openHost.ts';

function putOffice(onReady: () => Promise<unknown>): void {
  Object.defineProperty(globalThis, 'Office', { value: { onReady }, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'Office');
});

describe('the pane', () => {
  test('without office.js says that a file is missing', async () => {
    expect(await openHost('/pane')).toEqual({ kind: 'notLoaded' });
  });

  test('in a plain browser has no host', async () => {
    putOffice(() => Promise.resolve({ host: null }));

    expect(await openHost('/pane')).toEqual({ kind: 'none' });
  });

  test.each([
    ['its name only', new RangeError('mara@alderpoint.example is not here'), 'RangeError'],
    ['no name where it has none', 'mara@alderpoint.example is not here', 'unknown'],
  ])('whose host fails is broken, and of the failure it says %s', async (_what, failure, code) => {
    putOffice(() => Promise.reject(failure));

    expect(await openHost('/pane')).toEqual({ kind: 'broken', code });
  });
});

test('the tab in a plain browser has no host, and asks Outlook for none', async () => {
  putOffice(() => Promise.reject(new Error('asked')));

  expect(await openHost('/tab/me')).toEqual({ kind: 'none' });
});
