/** How far looking through what is stored has come after a change of the rules. */
import { makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import type { ReviewDocument } from '../../contract/api/relevance.ts';
import { useTimes, useWords } from '../text/TextProvider.tsx';

const useStyles = makeStyles({
  line: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    marginBlockStart: tokens.spacingVerticalS,
    color: tokens.colorNeutralForeground2,
  },
});

export function ReviewLine({ review }: { readonly review: ReviewDocument }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const { looked, removed, endedAt } = review;
  return (
    <div className={styles.line} aria-live="polite">
      {endedAt === null ? <Spinner size="extra-tiny" /> : null}
      <Text size={200}>
        {endedAt === null
          ? words('rules.reviewing', { looked, removed })
          : words('rules.reviewed', { looked, removed, when: times.date(endedAt) })}
      </Text>
    </div>
  );
}
