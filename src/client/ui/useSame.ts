/** Keeps the first of values that say the same, so that effects run for a change only. */
import { useState } from 'react';

export function useSame<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (JSON.stringify(kept) === JSON.stringify(value)) {
    return kept;
  }
  keep(value);
  return value;
}
