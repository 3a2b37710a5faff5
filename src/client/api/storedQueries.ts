/** What is kept without being read any more, receipts, and what could not be read. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Erasing, SetAside, Stored } from '../../contract/api/stored.ts';
import type { Category } from '../../domain/categories/categories.ts';
import { KEYS, useApi } from './queries.ts';

export function useStored() {
  const api = useApi();
  return useQuery({
    queryKey: KEYS.stored,
    queryFn: () => api.get<Stored>('/api/me/stored'),
    // An erasure ends without a change of the page.
    refetchInterval: (query) =>
      query.state.data?.receipts.some(({ state }) => state === 'erasing') === true ? 1_000 : false,
  });
}

export function useEraseKept() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (categories: readonly Category[]) => api.send<Erasing>('POST', '/api/me/erasures', { categories }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: KEYS.stored });
      void queries.invalidateQueries({ queryKey: KEYS.items });
    },
  });
}

export function useSetAside(isWanted: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: KEYS.setAside,
    queryFn: () => api.get<SetAside>('/api/me/set-aside'),
    enabled: isWanted,
  });
}
