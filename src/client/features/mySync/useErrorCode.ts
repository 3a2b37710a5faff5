/** What went wrong in reading something, as a sentence, and when it is tried again. */
import { isWord } from '../../text/ScreenWords.tsx';
import { useTimes, useWords } from '../../text/Words.tsx';

export function useErrorCode(): (code: string | null, nextAttemptAt: string | null) => string {
  const words = useWords();
  const times = useTimes();
  return (code, nextAttemptAt) => {
    const id = `progress.error.${code ?? ''}`;
    const error = words(isWord(id) ? id : 'progress.error.other');
    const when = nextAttemptAt === null ? words('app.never') : times.ago(nextAttemptAt);
    return words('progress.failing', { error, when });
  };
}
