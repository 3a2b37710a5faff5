/** How far the sync of a category has come. */
import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import type { Progress, StreamDocument } from '../../../contract/api/sync.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { useErrorCode } from './useErrorCode.ts';

const useStyles = makeStyles({
  line: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockStart: tokens.spacingVerticalXS },
  bar: { marginBlockStart: tokens.spacingVerticalS },
  details: { marginBlockStart: tokens.spacingVerticalS },
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2, width: 'fit-content' },
  parts: { listStyleType: 'none', margin: 0, padding: 0 },
  part: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
  },
  name: { minWidth: 0, overflowWrap: 'anywhere' },
  state: { color: tokens.colorNeutralForeground2 },
});

export function ProgressLine({ progress }: { readonly progress: Progress }) {
  const styles = useStyles();
  const state = useProgressText(progress);
  const text = useException(progress)(state);
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
      {progress.partCount > 1 ? <Parts progress={progress} /> : null}
    </>
  );
}

/** The progress of each folder, calendar or list. */
function Parts({ progress: { parts, partCount } }: { readonly progress: Progress }) {
  const words = useWords();
  const styles = useStyles();
  const nameOf = usePartName();
  const stateOf = usePartState();
  const more = partCount - parts.length;
  return (
    <details className={styles.details}>
      <summary className={styles.summary}>{words('progress.parts', { count: partCount })}</summary>
      <ul className={styles.parts}>
        {parts.map((part, index) => (
          <li key={`${index} ${nameOf(part)}`} className={styles.part}>
            <Text className={styles.name}>{nameOf(part)}</Text>
            <Text className={styles.state}>{stateOf(part)}</Text>
          </li>
        ))}
      </ul>
      {more > 0 ? <Text className={styles.line}>{words('progress.partsMore', { more })}</Text> : null}
    </details>
  );
}

/** What is in someone else's mailbox is called by that mailbox, too. */
function usePartName(): (part: StreamDocument) => string {
  const words = useWords();
  return ({ kind, name, mailbox }) => {
    const own = kind === 'folder' ? (name ?? words('progress.part.unnamed')) : words(`progress.part.${kind}`);
    return mailbox === null ? own : words('progress.part.shared', { name: own, mailbox });
  };
}

function usePartState(): (part: StreamDocument) => string {
  const words = useWords();
  const errorText = useErrorCode();
  return ({ stage, items, expected, error, nextAttemptAt }) => {
    switch (stage) {
      case 'failing':
        return errorText(error, nextAttemptAt);
      case 'first':
        return expected === null
          ? words('progress.part.first', { items })
          : words('progress.part.firstOf', { items, expected });
      case 'waiting':
      case 'current':
        return words(`progress.part.${stage}`);
    }
  };
}

/** One part that fails is named beside how the others are doing. */
function useException({ stage, error, nextAttemptAt, failing, parts }: Progress): (state: string) => string {
  const words = useWords();
  const nameOf = usePartName();
  const errorText = useErrorCode();
  const [first] = parts.filter((part) => part.stage === 'failing' && part.mailbox === null);
  return (state) => {
    if (stage === 'failing' || error === null || first === undefined) {
      return state;
    }
    const shown = { state, name: nameOf(first), error: errorText(error, nextAttemptAt) };
    return failing === 1
      ? words('progress.except', shown)
      : words('progress.exceptMore', { ...shown, more: failing - 1 });
  };
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
  const errorText = useErrorCode();
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
    case 'failing':
      return errorText(error, nextAttemptAt);
  }
}
