/** What is stored of categories that are off, each to be erased at any time, and the receipts of what was. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEraseKept, useStored } from '../../api/storedQueries.ts';
import type { ReceiptDocument } from '../../../contract/api/sync.ts';
import { CATEGORIES, type Category } from '../../../domain/categories/categories.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useDialog } from '../../ui/useDialog.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2, width: 'fit-content' },
  details: { marginBlockStart: tokens.spacingVerticalS },
});

interface KeptCategory {
  readonly category: Category;
  readonly items: number;
}

export function Kept() {
  const words = useWords();
  const styles = useStyles();
  const nameOf = useCategoryName();
  const { data } = useStored();
  const { opened, isOpen, opening, open, close } = useDialog<KeptCategory>();
  const { kept = [], receipts = [] } = data ?? {};
  if (kept.length === 0 && receipts.length === 0) {
    return null;
  }
  return (
    <Panel title={words('kept.title')}>
      {kept.length === 0 ? null : <Text className={styles.quiet}>{words('kept.text')}</Text>}
      <ul className={styles.list}>
        {kept.map(({ category, items }) => (
          <li key={category} className={styles.line}>
            <Text>{words('kept.count', { category: nameOf(category), items })}</Text>
            <Button
              size="small"
              aria-label={words('kept.eraseOf', { category: nameOf(category) })}
              onClick={() => {
                open({ category, items });
              }}
            >
              {words('kept.erase')}
            </Button>
          </li>
        ))}
      </ul>
      {receipts.length === 0 ? null : <Receipts receipts={receipts} />}
      {opened === null ? null : <EraseDialog key={opening} isOpen={isOpen} kept={opened} onClose={close} />}
    </Panel>
  );
}

interface EraseDialogProps {
  readonly isOpen: boolean;
  readonly kept: KeptCategory;
  readonly onClose: () => void;
}

function EraseDialog({ isOpen, kept: { category, items }, onClose }: EraseDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const nameOf = useCategoryName();
  const erase = useEraseKept();
  const name = nameOf(category);
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('kept.eraseOf', { category: name })}
      onClose={onClose}
      action={
        <Button
          appearance="primary"
          disabled={erase.isPending}
          onClick={() => {
            erase.mutate([category], { onSuccess: onClose });
          }}
        >
          {words('kept.confirm')}
        </Button>
      }
    >
      <Text>{words('kept.count', { category: name, items })}</Text>
      <Text>{words('kept.note')}</Text>
      {erase.isError ? <Notice intent="error">{textOf(erase.error)}</Notice> : null}
    </FormDialog>
  );
}

function Receipts({ receipts }: { readonly receipts: readonly ReceiptDocument[] }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const nameOf = useCategoryName();
  return (
    <details className={styles.details}>
      <summary className={styles.summary}>{words('kept.receipts', { count: receipts.length })}</summary>
      <ul className={styles.list}>
        {receipts.map(({ id, state, startedAt, endedAt, items }) => (
          <li key={id} className={styles.line}>
            <Text>
              {CATEGORIES.flatMap((category) => {
                const count = items[category];
                return count === undefined ? [] : [words('kept.count', { category: nameOf(category), items: count })];
              }).join(', ')}
            </Text>
            <Text size={200} className={styles.quiet}>
              {state === 'erasing'
                ? words('kept.erasing')
                : words('kept.receipt', { when: times.date(endedAt ?? startedAt), id: id.slice(0, 8) })}
            </Text>
          </li>
        ))}
      </ul>
    </details>
  );
}

function useCategoryName(): (category: Category) => string {
  const words = useWords();
  return (category) => words(categoryId(category));
}
