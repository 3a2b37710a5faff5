/** What was synced last, by category: text as text, whatever it contains. */
import { makeStyles, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useItems } from '../../api/queries.ts';
import type { Item } from '../../../contract/api/items.ts';
import { CATEGORIES, type Category } from '../../../domain/categories/categories.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Panel } from '../../ui/Panel.tsx';

const SHOWN = 8;

const useStyles = makeStyles({
  tabs: { flexWrap: 'wrap', marginInlineStart: `calc(${tokens.spacingHorizontalMNudge} * -1)` },
  list: { listStyleType: 'none', margin: 0, padding: 0, minHeight: '48px' },
  line: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  subject: { gridColumn: '1 / -1', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: {
    color: tokens.colorNeutralForeground2,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  empty: { display: 'block', paddingBlock: tokens.spacingVerticalM, color: tokens.colorNeutralForeground2 },
});

const [FIRST = 'mail'] = CATEGORIES;

export function Activity() {
  const words = useWords();
  const styles = useStyles();
  const [category, setCategory] = useState<Category>(FIRST);
  return (
    <Panel title={words('activity.title')}>
      <TabList
        className={styles.tabs}
        selectedValue={category}
        aria-label={words('activity.kind')}
        onTabSelect={(_event, { value }) => {
          setCategory(CATEGORIES.find((known) => known === value) ?? FIRST);
        }}
      >
        {CATEGORIES.map((known) => (
          <Tab key={known} value={known}>
            {words(categoryId(known))}
          </Tab>
        ))}
      </TabList>
      <Recent category={category} />
    </Panel>
  );
}

function Recent({ category }: { readonly category: Category }) {
  const words = useWords();
  const styles = useStyles();
  const items = useItems(category);
  if (items.isError) {
    return <LoadError error={items.error} onRetry={() => void items.refetch()} />;
  }
  const shown = items.data?.items.slice(0, SHOWN) ?? [];
  if (items.isSuccess && shown.length === 0) {
    return <Text className={styles.empty}>{words('activity.empty')}</Text>;
  }
  return (
    <ul className={styles.list} aria-busy={items.isPending}>
      {shown.map((item) => (
        <Line key={item.id} item={item} />
      ))}
    </ul>
  );
}

/** When it is: whole days as days, wherever one is, and nothing where no one knows. */
function useMoment({ at, endsAt, isAllDay, isCancelled }: Item): string {
  const words = useWords();
  const times = useTimes();
  if (at === null) {
    return '';
  }
  const moment = isAllDay === true ? times.days(at, endsAt ?? at) : times.date(at);
  return isCancelled === true ? words('activity.cancelled', { moment }) : moment;
}

function Line({ item }: { readonly item: Item }) {
  const words = useWords();
  const moment = useMoment(item);
  const styles = useStyles();
  const unnamed = words(item.isBusyTime === true ? 'activity.private' : 'activity.noSubject');
  const title = item.subject === '' ? unnamed : item.subject;
  const first = item.people[0];
  // A contact is a person: its name stands above already.
  const isSaid = first?.name === undefined || first.name === item.subject;
  const notes = [(isSaid ? first?.address : first.name) ?? '', item.folder ?? ''];
  if (item.level === 'limited') {
    notes.push(words('activity.headersOnly'));
  }
  return (
    <li className={styles.line}>
      <Text className={styles.subject}>{title}</Text>
      <Text size={200} className={styles.quiet}>
        {notes.filter((note) => note !== '').join(' · ')}
      </Text>
      <Text size={200} className={styles.quiet}>
        {moment}
      </Text>
    </li>
  );
}
