/** What screens read and change, by TanStack Query; events keep it fresh. */
import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect } from 'react';
import type {
  ConsentDocument,
  LinkDocument,
  OrganizationConsentRequest,
  StartedConsent,
} from '../../contract/api/consents.ts';
import type { Explanation, Items } from '../../contract/api/items.ts';
import type { OrganizationChangeDocument, OrganizationDocument } from '../../contract/api/organization.ts';
import type { Session } from '../../contract/api/session.ts';
import type { Disconnected, ReceiptDocument, Sync, SyncChangeDocument } from '../../contract/api/sync.ts';
import type { Selection } from '../../domain/selection.ts';
import type { Category } from '../../domain/categories/categories.ts';
import { type Api, ApiError } from './client.ts';
import { followEvents } from './events.ts';

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) {
    throw new Error('The API is not there yet');
  }
  return api;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => error instanceof ApiError && shouldRetry(count, error),
        retryDelay: (count) => 250 * 2 ** count,
        refetchOnWindowFocus: false,
        staleTime: 60_000,
      },
    },
  });
}

/** A lost answer is asked for again twice; an organization that the session is onboarding right now, a little longer. */
function shouldRetry(count: number, { problem, code }: ApiError): boolean {
  return (problem === null && count < 2) || (code === 'tenant_not_onboarded' && count < 6);
}

export const KEYS = {
  session: ['session'],
  sync: ['sync'],
  organization: ['organization'],
  items: ['items'],
  stored: ['stored'],
  setAside: ['setAside'],
  exclusions: ['exclusions'],
} as const;

export function useSession() {
  const api = useApi();
  return useQuery({ queryKey: KEYS.session, queryFn: () => api.get<Session>('/api/session'), staleTime: Infinity });
}

export function useSync() {
  const api = useApi();
  return useQuery({ queryKey: KEYS.sync, queryFn: () => api.get<Sync>('/api/me/sync') });
}

export function useOrganization() {
  const api = useApi();
  return useQuery({
    queryKey: KEYS.organization,
    queryFn: () => api.get<OrganizationDocument>('/api/organization'),
  });
}

export function useItems(category: Category) {
  const api = useApi();
  return useQuery({
    queryKey: [...KEYS.items, category],
    queryFn: () => api.get<Items>(`/api/me/items?category=${category}`),
  });
}

export function useExplanation(internetMessageId: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: [...KEYS.items, 'explain', internetMessageId],
    queryFn: () =>
      api.get<Explanation>(`/api/me/items/explain?internetMessageId=${encodeURIComponent(internetMessageId ?? '')}`),
    enabled: internetMessageId !== null,
  });
}

/** Asks again for everything about the organization, after something that its document does not show. */
export function useRefreshOrganization(): () => void {
  const queries = useQueryClient();
  return useCallback(() => {
    void queries.invalidateQueries({ queryKey: KEYS.organization });
  }, [queries]);
}

/** Keeps what is shown as the server has it, without asking again and again. */
export function useLiveUpdates(isSignedIn: boolean): void {
  const api = useApi();
  const queries = useQueryClient();
  useEffect(() => {
    if (!isSignedIn) {
      return undefined;
    }
    return followEvents(api, ({ name, data }) => {
      if (name === 'sync' || name === 'organization') {
        queries.setQueryData(KEYS[name], JSON.parse(data));
      }
      if (name === 'organization') {
        // What is shown of it in parts of the page is asked for again, where someone looks at it.
        // A preview is of what someone is about to do, and costs too much to be asked for with every event.
        const isPart = ({ queryKey }: { readonly queryKey: readonly unknown[] }) =>
          queryKey[0] === KEYS.organization[0] && queryKey.length > 1 && queryKey[1] !== 'preview';
        void queries.invalidateQueries({ predicate: isPart });
        // What the organization leaves out, and how far looking through what is stored has come.
        void queries.invalidateQueries({ queryKey: KEYS.exclusions });
      }
      if (name === 'sync') {
        void queries.invalidateQueries({ queryKey: KEYS.items });
        void queries.invalidateQueries({ queryKey: KEYS.stored });
        void queries.invalidateQueries({ queryKey: KEYS.setAside });
        // Folders come and go with what is read, and rules name them.
        void queries.invalidateQueries({ queryKey: KEYS.exclusions });
      }
    });
  }, [api, queries, isSignedIn]);
}

export function useChangeSync() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SyncChangeDocument) => api.send<Sync>('PATCH', '/api/me/sync', change),
    onSuccess: (sync) => {
      queries.setQueryData(KEYS.sync, sync);
      void queries.invalidateQueries({ queryKey: KEYS.items });
      void queries.invalidateQueries({ queryKey: KEYS.stored });
    },
  });
}

export type MailboxChange =
  | { readonly method: 'PUT'; readonly body: { readonly address: string } }
  | { readonly method: 'DELETE'; readonly body: { readonly id: string } };

export function useChangeMailboxes() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, body }: MailboxChange) => api.send<Sync>(method, '/api/me/mailboxes', body),
    onSuccess: (sync) => {
      queries.setQueryData(KEYS.sync, sync);
    },
  });
}

export function useReceipt(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['receipts', id],
    queryFn: () => api.get<ReceiptDocument>(`/api/me/receipts/${id}`),
    refetchInterval: (query) => (query.state.data?.state === 'erased' ? false : 1_000),
  });
}

export function useDisconnect() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (data: 'keep' | 'erase') => api.send<Disconnected>('DELETE', '/api/me/connection', { data }),
    onSuccess: () => queries.invalidateQueries(),
  });
}

export function useAnswerPrompt() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (answer: 'later' | 'never') => api.send('POST', '/api/me/prompt', { answer }),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.sync }),
  });
}

/** A person says that Microsoft's page asked for an admin. */
export function useReportRefusal() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (selection: Selection) => api.send('POST', '/api/me/refusals', { selection }),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.sync }),
  });
}

export interface LinkOf {
  readonly consentType: ConsentAsk['consentType'];
  readonly consentId: string;
}

export function useMakeLink() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ consentType, consentId }: LinkOf) =>
      api.send<LinkDocument>('POST', `/api/${consentType}/consents/${consentId}/link`),
  });
}

export function useRevokeLink() {
  const api = useApi();
  return useMutation({
    mutationFn: ({ consentType, consentId }: LinkOf) =>
      api.send('DELETE', `/api/${consentType}/consents/${consentId}/link`),
  });
}

export function useClaim() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.send<OrganizationDocument>('POST', '/api/organization/claim'),
    onSuccess: (organization) => queries.setQueryData(KEYS.organization, organization),
  });
}

export function useChangeOrganization() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, change }: { readonly version: number; readonly change: OrganizationChangeDocument }) =>
      api.send<OrganizationDocument>('PATCH', '/api/organization', change, { 'if-match': `"${version}"` }),
    onSuccess: (organization) => queries.setQueryData(KEYS.organization, organization),
    onError: () => queries.invalidateQueries({ queryKey: KEYS.organization }),
  });
}

/** What a consent is asked for; the server binds it to exactly this. */
export type ConsentAsk =
  | { readonly consentType: 'me'; readonly selection: Selection }
  | ({ readonly consentType: 'organization' } & OrganizationConsentRequest)
  /** A permission for the moment: to check, to narrow, or to remove what Microsoft has granted. */
  | { readonly consentType: 'organization'; readonly moment: 'check' | 'narrow' | 'remove' };

export async function startConsent(api: Api, ask: ConsentAsk): Promise<StartedConsent> {
  if (ask.consentType === 'me') {
    return api.send('POST', '/api/me/consents', { selection: ask.selection });
  }
  if ('moment' in ask) {
    return startJustInTime(api, ask.moment);
  }
  const { consentType, ...request } = ask;
  return api.send('POST', `/api/${consentType}/consents`, request);
}

async function startJustInTime(api: Api, moment: 'check' | 'narrow' | 'remove'): Promise<StartedConsent> {
  if (moment !== 'remove') {
    return api.send('POST', moment === 'check' ? '/api/organization/readiness' : '/api/organization/grant/narrow');
  }
  try {
    return await api.send('DELETE', '/api/organization/grant');
  } catch (error) {
    if (error instanceof ApiError && error.code === 'consent_required' && error.problem?.consent !== undefined) {
      return error.problem.consent;
    }
    throw error;
  }
}

export function readConsent(api: Api, consentType: ConsentAsk['consentType'], id: string): Promise<ConsentDocument> {
  return api.get(`/api/${consentType}/consents/${id}`);
}
