/** A value that is recreated with every render and says the same doesn't count as a change. */
import { expect, test } from '@jest/globals';
import { renderHook } from '@testing-library/react';
import { useSame } from '../../../src/client/ui/useSame.ts';

test('the first of equal values stays, and another replaces it at once', () => {
  const first = { category: 'mail', level: 'full' };
  const other = { category: 'mail', level: 'limited' };
  const { result, rerender } = renderHook(({ value }) => useSame(value), { initialProps: { value: first } });
  rerender({ value: { ...first } });
  const afterEqual = result.current;
  rerender({ value: other });
  const afterOther = result.current;
  rerender({ value: { ...other } });

  expect(afterEqual).toBe(first);
  expect(afterOther).toBe(other);
  expect(result.current).toBe(other);
});

test('nothing is a value like any other', () => {
  const something = { category: 'mail' };
  const initialProps: { value: object | null } = { value: null };
  const { result, rerender } = renderHook(({ value }) => useSame(value), { initialProps });
  const before = result.current;
  rerender({ value: something });

  expect(before).toBeNull();
  expect(result.current).toBe(something);
});
