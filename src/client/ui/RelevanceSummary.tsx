/** The rules that hold, one a line, with what they name. */
import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { RelevanceDocument } from '../../contract/api/relevance.ts';
import { useWords, type WordId } from '../text/TextProvider.tsx';
import { useSettingSentences } from './useSettingSentences.ts';

const useStyles = makeStyles({
  rules: { display: 'grid', rowGap: tokens.spacingVerticalS, margin: 0 },
  rule: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  name: { maxWidth: '100%', overflow: 'hidden', textOverflow: 'ellipsis' },
});

export interface RelevanceSummaryProps {
  readonly relevance: RelevanceDocument;
  /** What is said where there is none. */
  readonly none: string;
}

export function RelevanceSummary({ relevance, none }: RelevanceSummaryProps) {
  const words = useWords();
  const styles = useStyles();
  const { ignoredDomains, excludedAddresses, excludedDomains, excludedFolders } = relevance;
  const sentences = useSettingSentences(relevance, 'organization');
  const lists: readonly (readonly [WordId, readonly string[]])[] = [
    ['rules.shown.ignored', ignoredDomains],
    ['rules.shown.excluded', [...excludedDomains, ...excludedAddresses]],
    ['rules.shown.folders', excludedFolders],
  ];
  const filled = lists.filter(([, names]) => names.length > 0);
  if (filled.length === 0 && sentences.length === 0) {
    return <Text>{none}</Text>;
  }
  return (
    <div className={styles.rules}>
      {filled.map(([label, names]) => (
        <div key={label} className={styles.rule}>
          <Text>{words(label)}</Text>
          {names.map((name) => (
            <Badge key={name} className={styles.name} appearance="outline" color="informative">
              {name}
            </Badge>
          ))}
        </div>
      ))}
      {sentences.map((sentence) => (
        <Text key={sentence}>{sentence}</Text>
      ))}
    </div>
  );
}
