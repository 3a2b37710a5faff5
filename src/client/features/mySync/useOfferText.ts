/** How it is known that a person may not grant something alone. */
import type { Offer } from '../../../contract/api/sync.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';

export function useOfferText(): (offer: Offer) => string {
  const words = useWords();
  const times = useTimes();
  return ({ source, checkedAt }) => {
    const date = checkedAt === null ? '' : times.date(checkedAt);
    switch (source) {
      case 'policy':
        return words('offer.policy', { date });
      case 'refusal':
        return words('offer.refusal', { date });
      case 'likely':
        return words('offer.likely', { date });
      case 'said':
        return words('offer.said', { date });
      case 'permission':
      case 'grant':
      case null:
        return words('offer.permission');
    }
  };
}
