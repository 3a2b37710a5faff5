/** What went wrong in reading something, as a sentence, and when it is tried again. */
import type { SyncErrorCode } from '../../../domain/syncErrors.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';

export function useErrorCode(): (code: SyncErrorCode | null, nextAttemptAt: string | null) => string {
  const words = useWords();
  const times = useTimes();
  return (code, nextAttemptAt) => {
    const error = words(`progress.error.${code ?? 'other'}`);
    const when = nextAttemptAt === null ? words('app.never') : times.ago(nextAttemptAt);
    return words('progress.failing', { error, when });
  };
}
