/** What a member leaves out: read, and changed one thing at a time. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RuleSettingsDocument, ExclusionDocument, Exclusions } from '../../contract/api/relevance.ts';
import { KEYS, useApi } from './queries.ts';

const REVIEWING_MILLISECONDS = 2_000;
const PATH = '/api/me/exclusions';

export function useExclusions() {
  const api = useApi();
  return useQuery({
    queryKey: KEYS.exclusions,
    queryFn: () => api.get<Exclusions>(PATH),
    // How far looking through one's own has come is told by no event.
    refetchInterval: ({ state }) => (isReviewing(state.data) ? REVIEWING_MILLISECONDS : false),
  });
}

function isReviewing(exclusions: Exclusions | undefined): boolean {
  const review = exclusions?.review ?? null;
  return review !== null && review.endedAt === null;
}

export type ExclusionChange =
  | { readonly method: 'PUT' | 'DELETE'; readonly body: ExclusionDocument }
  | { readonly method: 'PATCH'; readonly body: RuleSettingsDocument };

export function useChangeExclusions() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, body }: ExclusionChange) => api.send<Exclusions>(method, PATH, body),
    onSuccess: (exclusions) => {
      queries.setQueryData(KEYS.exclusions, exclusions);
      void queries.invalidateQueries({ queryKey: KEYS.items });
    },
  });
}
