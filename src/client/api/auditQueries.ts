/** The organization's history, page by page, and as a file. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { Audit } from '../../contract/api/audit.ts';
import { KEYS, useApi } from './queries.ts';

/** As of a version of the settings; every change of them asks for it again. */
export function useAudit(version: number) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...KEYS.organization, 'audit', version],
    queryFn: ({ pageParam }) =>
      api.get<Audit>(`/api/organization/audit${pageParam === 0 ? '' : `?before=${pageParam}`}`),
    // Zero stands for the newest; sequences begin with one.
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
}

/** The log as a file; the bearer header keeps a plain link from doing it. */
export function useExport() {
  const api = useApi();
  return useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      const path = `/api/organization/audit/export?format=${format}`;
      const response = await api.open(path, {}, new AbortController().signal);
      const url = URL.createObjectURL(await response.blob());
      const link = Object.assign(document.createElement('a'), { href: url, download: `assent-audit.${format}` });
      link.click();
      URL.revokeObjectURL(url);
    },
  });
}
