/** How far the sync of a category has come. */
import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import type { Progress } from '../../../contract/api/sync.ts';
import { isWord, useTimes, useWords } from '../../text/Words.tsx';

const useStyles = makeStyles({
  line: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockStart: tokens.spacingVerticalXS },
  bar: { marginBlockStart: tokens.spacingVerticalS },
});

export function ProgressLine({ progress }: { readonly progress: Progress }) {
  const styles = useStyles();
  const text = useProgressText(progress);
  const { stage, items, expected } = progress;
  const isMoving = stage === 'first' || stage === 'waiting';
  return (
    <>
      {isMoving ? (
        <ProgressBar
          className={styles.bar}
          aria-label={text}
          {...(stage === 'first' && expected !== null && expected > 0 ? { value: Math.min(1, items / expected) } : {})}
        />
      ) : null}
      <Text className={styles.line} aria-live="polite">
        {text}
      </Text>
    </>
  );
}

function useProgressText({
  stage,
  items,
  expected,
  secondsLeft,
  lastSuccessAt,
  nextAttemptAt,
  error,
}: Progress): string {
  const words = useWords();
  const times = useTimes();
  const ago = (at: string | null) => (at === null ? words('app.never') : times.ago(at));
  switch (stage) {
    case 'waiting':
      return words('progress.waiting');
    case 'first':
      if (expected === null) {
        return words('progress.firstUnknown', { items });
      }
      return secondsLeft === null
        ? words('progress.first', { items, expected })
        : words('progress.left', { items, expected, minutes: Math.floor(secondsLeft / 60) });
    case 'current':
      return words('progress.current', { when: ago(lastSuccessAt) });
    case 'failing': {
      const id = `progress.error.${error ?? ''}`;
      const text = words(isWord(id) ? id : 'progress.error.other');
      return words('progress.failing', { error: text, when: ago(nextAttemptAt) });
    }
  }
}
