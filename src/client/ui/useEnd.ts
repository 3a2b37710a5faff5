/** Closes a dialog when what it is for is over. */
import { useEffect } from 'react';

export function useEnd(isOver: boolean, onClose: () => void): void {
  useEffect(() => {
    if (isOver) {
      onClose();
    }
  }, [isOver, onClose]);
}
