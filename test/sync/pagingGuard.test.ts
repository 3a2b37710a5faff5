/** Paging that does not end is noticed, and paging that only looks like it is not. */
import { describe, expect, test } from '@jest/globals';
import { PagingGuard } from '../../src/sync/pagingGuard.ts';
import type { GraphPage } from '../../src/sync/ports.ts';

function page(link: string, next: string | null, ids: readonly string[]): GraphPage<never> {
  return { link, next, delta: null, bytes: 0, changes: ids.map((id) => ({ kind: 'removed', id })) };
}

/** Whether each page in turn shows that the sequence does not end. */
function watch(pages: readonly GraphPage<never>[], guard = new PagingGuard()): readonly boolean[] {
  return pages.map((each) => guard.isEndless(each));
}

const emptyPages = (count: number) =>
  Array.from({ length: count }, (_, index) => page(`e${index}`, `e${index + 1}`, []));

test('pages that lead on and end are none', () => {
  expect(watch([page('1', '2', ['a']), page('2', '3', ['b']), page('3', null, ['c'])])).toEqual([false, false, false]);
});

test.each([
  ['itself', [page('1', '1', ['a'])]],
  ['an earlier page', [page('1', '2', ['a']), page('2', '1', ['b'])]],
])('a link that leads to %s is noticed at once', (_where, pages) => {
  expect(watch(pages).at(-1)).toBe(true);
});

test('the last page is none, whatever it is like', () => {
  const guard = new PagingGuard(1_000);

  expect(guard.isEndless(page('1', null, []))).toBe(false);
  expect(guard.empty).toBe(1_000);
});

describe('pages that bring the same again', () => {
  const same = (count: number) =>
    Array.from({ length: count }, (_, index) => page(`p${index}`, `p${index + 1}`, ['a', 'b']));

  test('are forgiven three times', () => {
    expect(watch(same(4))).toEqual([false, false, false, true]);
  });

  test('in another order are others', () => {
    const turned = Array.from({ length: 6 }, (_, index) =>
      page(`p${index}`, `p${index + 1}`, index % 2 === 0 ? ['a', `${index}`] : [`${index}`, 'a']),
    );

    expect(watch(turned)).toEqual(turned.map(() => false));
  });

  test('are forgiven anew after one that brings something else', () => {
    const [first, second, third] = same(3);
    const pages = [first, second, third, page('x', 'y', ['c']), page('q', 'r', ['a', 'b'])].flatMap(
      (each) => each ?? [],
    );

    expect(watch(pages)).toEqual([false, false, false, false, false]);
  });
});

describe('pages without anything', () => {
  test('may be many: 240 are, and one more is not', () => {
    const seen = watch(emptyPages(241));

    expect(seen.slice(0, 240)).not.toContain(true);
    expect(seen[240]).toBe(true);
  });

  test('of earlier rounds count', () => {
    const guard = new PagingGuard(239);

    expect(watch(emptyPages(2), guard)).toEqual([false, true]);
    expect(guard.empty).toBe(241);
  });

  test('are forgotten by one that has something', () => {
    const guard = new PagingGuard(200);
    watch([...emptyPages(10), page('x', 'y', ['a'])], guard);

    expect(guard.empty).toBe(0);
  });
});
