/** The receipt of an erasure: what is being erased, then what was. */
import { Spinner } from '@fluentui/react-components';
import { useReceipt } from '../../api/queries.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useRecipient } from '../../ui/Recipient.tsx';
import { CATEGORIES } from '../../../domain/categories/categories.ts';

export function ReceiptNotice({ id }: { readonly id: string }) {
  const words = useWords();
  const times = useTimes();
  const { name: recipient } = useRecipient();
  const { data: receipt } = useReceipt(id);
  if (receipt === undefined) {
    return null;
  }
  const categories = CATEGORIES.flatMap((category) => {
    const count = receipt.items[category];
    return count === undefined ? [] : [{ name: words(categoryId(category)), count }];
  });
  const names = categories.map(({ name }) => name).join(', ');
  if (receipt.state === 'erasing') {
    return (
      <Notice intent="info">
        <Spinner size="tiny" label={words('receipt.erasing', { category: names.toLowerCase() })} />
      </Notice>
    );
  }
  const count = categories.reduce((total, category) => total + category.count, 0);
  const when = times.date(receipt.endedAt ?? receipt.startedAt);
  return (
    <Notice intent="success">
      {words('receipt.erased', { category: names, count, when, id: receipt.id.slice(0, 8) })}
      {count === 0 ? null : <> {words('receipt.told', { recipient })}</>}
    </Notice>
  );
}
