/** What owners and managers read and change, beside the organization's own document. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Fleet, Preview, PreviewRequest, Readiness, RelevancePreview } from '../../contract/api/organization.ts';
import type { Coverage, CoverageChangeDocument, FoundGroups, FoundPeople, Roster } from '../../contract/api/people.ts';
import type { RelevanceDocument } from '../../contract/api/relevance.ts';
import type { ProductRole } from '../../domain/roles.ts';
import { KEYS, useApi } from './queries.ts';

const OWN = {
  roster: [...KEYS.organization, 'roster'],
  readiness: [...KEYS.organization, 'readiness'],
  fleet: [...KEYS.organization, 'fleet'],
  coverage: [...KEYS.organization, 'coverage'],
  preview: [...KEYS.organization, 'preview'],
  search: [...KEYS.organization, 'search'],
} as const;

/** The roster as of a version of the settings; every change of them asks for it again. */
export function useRoster(version: number) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.roster, version],
    queryFn: () => api.get<Roster>('/api/organization/members'),
    placeholderData: (before) => before,
  });
}

export function useAppoint() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, productRole }: { readonly id: string; readonly productRole: ProductRole | null }) =>
      api.send<Roster>('PATCH', `/api/organization/members/${id}`, { productRole }),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.organization }),
  });
}

export function useReadiness(version: number) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.readiness, version],
    queryFn: () => api.get<Readiness>('/api/organization/readiness'),
    placeholderData: (before) => before,
  });
}

const FLEET_MILLISECONDS = 15_000;

/** What becomes of other people's mailboxes is told by no event, so it is asked for again while someone looks. */
export function useFleet() {
  const api = useApi();
  return useQuery({
    queryKey: OWN.fleet,
    queryFn: () => api.get<Fleet>('/api/organization/fleet'),
    refetchInterval: FLEET_MILLISECONDS,
  });
}

export function useCoverage(version: number) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.coverage, version],
    queryFn: () => api.get<Coverage>('/api/organization/coverage'),
    placeholderData: (before) => before,
  });
}

export function useChangeCoverage() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: CoverageChangeDocument) => api.send<Coverage>('PUT', '/api/organization/coverage', change),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.organization }),
  });
}

export function usePreview(request: PreviewRequest | null) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.preview, request],
    queryFn: () => api.send<Preview>('POST', '/api/organization/preview', request),
    enabled: request !== null,
    placeholderData: (before) => before,
    staleTime: 0,
  });
}

export function useRelevancePreview(relevance: RelevanceDocument | null) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.preview, 'relevance', relevance],
    queryFn: () => api.send<RelevancePreview>('POST', '/api/organization/relevance/preview', relevance),
    enabled: relevance !== null,
    staleTime: 0,
  });
}

export function useFindPeople(search: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.search, 'people', search],
    queryFn: () => api.get<FoundPeople>(`/api/organization/people?search=${encodeURIComponent(search)}`),
    placeholderData: (before) => before,
  });
}

export function useFindGroups(search: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...OWN.search, 'groups', search],
    queryFn: () => api.get<FoundGroups>(`/api/organization/groups?search=${encodeURIComponent(search)}`),
    placeholderData: (before) => before,
  });
}
