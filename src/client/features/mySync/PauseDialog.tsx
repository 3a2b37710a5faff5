/** Pausing a category. */
import { useChangeSync } from '../../api/queries.ts';
import type { Category } from '../../../domain/categories/categories.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { PauseForm } from '../../ui/PauseForm.tsx';

export interface PauseDialogProps {
  readonly isOpen: boolean;
  readonly category: Category;
  readonly onClose: () => void;
}

export function PauseDialog({ isOpen, category, onClose }: PauseDialogProps) {
  const words = useWords();
  const { mutate, isPending, error } = useChangeSync();
  return (
    <PauseForm
      isOpen={isOpen}
      title={words('pause.title', { category: words(`category.${category}`) })}
      text={words('pause.text')}
      confirm={words('pause.confirm')}
      isPending={isPending}
      error={error}
      onPause={(pause) => {
        mutate({ pause: { [category]: pause } }, { onSuccess: onClose });
      }}
      onClose={onClose}
    />
  );
}
