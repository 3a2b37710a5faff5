/** In the Outlook pane: whether the message that is selected is synchronized, and why or why not. */
import { Text } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useExplanation } from '../../api/queries.ts';
import type { Explanation } from '../../../contract/api/items.ts';
import type { Host, OpenItem } from '../../hosts/host.ts';
import { useTimes, useWords } from '../../text/Words.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Panel } from '../../ui/Panel.tsx';

export function OpenMessage({ items }: { readonly items: NonNullable<Host['items']> }) {
  const words = useWords();
  const [item, setItem] = useState<OpenItem>(() => items.current());
  useEffect(() => {
    items.onChange(setItem);
  }, [items]);
  return (
    <Panel title={words('item.title')}>
      {item.kind === 'message' ? (
        <Answer internetMessageId={item.internetMessageId} />
      ) : (
        <Text>{words(`item.${item.kind}`)}</Text>
      )}
    </Panel>
  );
}

function Answer({ internetMessageId }: { readonly internetMessageId: string }) {
  const words = useWords();
  const text = useAnswerText();
  const explanation = useExplanation(internetMessageId);
  if (explanation.isError) {
    return <LoadError error={explanation.error} onRetry={() => void explanation.refetch()} />;
  }
  return (
    <Text aria-live="polite">{explanation.data === undefined ? words('app.working') : text(explanation.data)}</Text>
  );
}

function useAnswerText(): (explanation: Explanation) => string {
  const words = useWords();
  const times = useTimes();
  return ({ verdict, level, storedAt }) => {
    if (verdict !== 'synced') {
      return words(`item.${verdict}`);
    }
    const when = times.date(storedAt ?? '');
    return words(level === 'limited' ? 'item.syncedLimited' : 'item.synced', { when });
  };
}
