/** Which dialog was opened last, and whether it is open still; every opening begins with fresh fields. */
import { useCallback, useState } from 'react';

export interface Opened<T> {
  readonly opened: T | null;
  readonly isOpen: boolean;
  /** Differs with every opening; serves as the dialog's key. */
  readonly opening: number;
  open(what: T): void;
  close(): void;
}

export function useDialog<T>(): Opened<T> {
  const [state, setState] = useState<{ readonly opened: T | null; readonly isOpen: boolean; readonly opening: number }>(
    {
      opened: null,
      isOpen: false,
      opening: 0,
    },
  );
  const open = useCallback((what: T) => {
    setState(({ opening }) => ({ opened: what, isOpen: true, opening: opening + 1 }));
  }, []);
  const close = useCallback(() => {
    setState((before) => ({ ...before, isOpen: false }));
  }, []);
  return { ...state, open, close };
}
