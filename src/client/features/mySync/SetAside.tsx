/** Items of a category that could not be read, each with its name and reason. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { SetAside as SetAsideDocument } from '../../../contract/api/stored.ts';
import type { Progress } from '../../../contract/api/sync.ts';
import { useSetAside } from '../../api/storedQueries.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';

const useStyles = makeStyles({
  details: { marginBlockStart: tokens.spacingVerticalXS },
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2, width: 'fit-content' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  line: { paddingBlock: tokens.spacingVerticalXS, overflowWrap: 'anywhere' },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
});

export function SetAside({ progress: { category, setAside } }: { readonly progress: Progress }) {
  const words = useWords();
  const styles = useStyles();
  const [isOpen, setIsOpen] = useState(false);
  const { data } = useSetAside(isOpen);
  const items = data?.items.filter((item) => item.category === category) ?? [];
  return (
    <details
      className={styles.details}
      onToggle={({ currentTarget }) => {
        setIsOpen(currentTarget.open);
      }}
    >
      <summary className={styles.summary}>{words('aside.count', { count: setAside })}</summary>
      <ul className={styles.list} aria-busy={isOpen && data === undefined}>
        {items.map((item, index) => (
          <Line key={`${index} ${item.name ?? ''}`} item={item} />
        ))}
      </ul>
      <Text size={200} className={styles.quiet}>
        {words('aside.again')}
      </Text>
    </details>
  );
}

function Line({ item: { name, at, reason } }: { readonly item: SetAsideDocument['items'][number] }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  return (
    <li className={styles.line}>
      <Text>{name === null || name === '' ? words('aside.unnamed') : name}</Text>
      <Text size={200} className={styles.quiet}>
        {words(`aside.${reason}`)} {at === null ? '' : times.date(at)}
      </Text>
    </li>
  );
}
