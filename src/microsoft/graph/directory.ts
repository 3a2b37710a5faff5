/**
 * The directory: an organization's name, its people and groups, how it has the application, and what it granted.
 *
 * Nearly everything here needs a permission that is asked for at the moment or belongs to the second
 * registration; without it Graph refuses, which is an answer like others.
 *
 * Source  "servicePrincipal", "oAuth2PermissionGrant", "authorizationPolicy", "adminConsentRequestPolicy",
 *         "List users", "List groups", "List group transitive members" (Microsoft Graph v1.0).
 */
import { z } from 'zod';
import type {
  ApplicationInTenant,
  DirectoryAnswer,
  DirectoryGrant,
  DirectoryGroup,
  DirectoryPort,
  ProbeResult,
} from '../../consent/ports.ts';
import type { DirectoryPerson } from '../../domain/people.ts';
import type { SyncLevel } from '../../domain/levels.ts';
import type { Category } from '../../domain/categories/categories.ts';
import type { GraphAnswer } from '../../sync/ports.ts';
import { failureOf } from './failures.ts';
import type { GraphTransport } from './transport.ts';
import { RESOURCES } from './resources.ts';

const PAGE = '999';
/** Half a million people; beyond it a list that is paged for ever is cut off. */
const MAX_PAGES = 500;

const Organizations = z.object({ value: z.array(z.object({ displayName: z.string().nullish() })).min(1) });
const ServicePrincipal = z.object({
  id: z.string(),
  accountEnabled: z.boolean().nullish(),
  appRoleAssignmentRequired: z.boolean().nullish(),
  verifiedPublisher: z.object({ displayName: z.string().nullish() }).nullish(),
});
const AuthorizationPolicy = z.object({
  defaultUserRolePermissions: z.object({ permissionGrantPoliciesAssigned: z.array(z.string()).nullish() }).nullish(),
});
const RequestPolicy = z.object({ isEnabled: z.boolean() });
const Grant = z.object({
  id: z.string(),
  consentType: z.string(),
  principalId: z.string().nullish(),
  scope: z.string().nullish(),
});
const Person = z.object({
  '@odata.type': z.string().optional(),
  id: z.string(),
  displayName: z.string().nullish(),
  userType: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
});
const Groups = z.object({ value: z.array(z.object({ id: z.string(), displayName: z.string().nullish() })) });
const Identified = z.object({ id: z.string() });
const Probed = z.object({ value: z.array(z.object({ body: z.unknown().optional() })) });

export function openDirectory(transport: GraphTransport, clientId: string): DirectoryPort {
  const read = async <Raw, T>(
    accessToken: string,
    url: string,
    schema: z.ZodType<Raw>,
    present: (raw: Raw) => T,
  ): Promise<DirectoryAnswer<T>> => answerOf(await transport.get(accessToken, url, schema), present);
  return {
    organizationName: async (accessToken) => {
      const url = transport.url('organization', { $select: 'id,displayName' });
      const answer = await transport.get(accessToken, url, Organizations);
      return answer.kind === 'ok' ? (answer.value.value[0]?.displayName ?? null) : null;
    },
    ownGroups: async (accessToken) => {
      const url = transport.url('me/transitiveMemberOf', { $select: 'id', $top: PAGE });
      const all = await fetchAll(transport, accessToken, url, Identified, MAX_PAGES);
      return answerOf(all, (entries) => entries.map(({ id }) => id.toLowerCase()));
    },
    application: (accessToken) =>
      read(accessToken, applicationUrl(transport, clientId), ServicePrincipal, presentApplication),
    consentPolicies: (accessToken) =>
      read(accessToken, transport.url('policies/authorizationPolicy', {}), AuthorizationPolicy, (policy) => [
        ...(policy.defaultUserRolePermissions?.permissionGrantPoliciesAssigned ?? []),
      ]),
    requestsEnabled: (accessToken) =>
      read(
        accessToken,
        transport.url('policies/adminConsentRequestPolicy', {}),
        RequestPolicy,
        ({ isEnabled }) => isEnabled,
      ),
    grants: async (accessToken, objectId) => {
      const url = transport.url('oauth2PermissionGrants', { $filter: `clientId eq '${objectId}'` });
      return answerOf(await fetchAll(transport, accessToken, url, Grant, MAX_PAGES), presentGrants);
    },
    narrowGrant: async (accessToken, grantId, scopes) => {
      const url = transport.url(`oauth2PermissionGrants/${encodeURIComponent(grantId)}`, {});
      const answer =
        scopes.length === 0
          ? await transport.change(accessToken, 'DELETE', url, null)
          : await transport.change(accessToken, 'PATCH', url, { scope: scopes.join(' ') });
      return answerOf(answer, () => null);
    },
    findPeople: (accessToken, search) => fetchPeople(transport, accessToken, peopleUrl(transport, search), 1),
    everyone: (accessToken) =>
      fetchPeople(transport, accessToken, transport.url('users', { $select: PERSON, $top: PAGE }), MAX_PAGES),
    groups: (accessToken, search) =>
      read(accessToken, groupsUrl(transport, search), Groups, ({ value }) => value.map(presentGroup)),
    peopleOfGroup: (accessToken, groupId) => {
      const path = `groups/${encodeURIComponent(groupId)}/transitiveMembers`;
      return fetchPeople(transport, accessToken, transport.url(path, { $select: PERSON, $top: PAGE }), MAX_PAGES);
    },
    probe: async (accessToken, memberId, category, { sync }) =>
      probeOf(
        await transport.get(accessToken, probeUrl(transport, memberId, category, sync), Probed),
        RESOURCES[category].probe.tellsLevelByBody && sync === 'full',
      ),
  };
}

const PERSON = 'id,displayName,userType,accountEnabled';

function applicationUrl(transport: GraphTransport, clientId: string): string {
  return transport.url(`servicePrincipals(appId='${clientId}')`, {
    $select: 'id,accountEnabled,appRoleAssignmentRequired,verifiedPublisher',
  });
}

function peopleUrl(transport: GraphTransport, search: string): string {
  const text = search.replaceAll("'", "''");
  return transport.url('users', {
    $select: PERSON,
    $top: '20',
    ...(search === '' ? {} : { $filter: `startswith(displayName,'${text}') or startswith(mail,'${text}')` }),
  });
}

function groupsUrl(transport: GraphTransport, search: string): string {
  return transport.url('groups', {
    $select: 'id,displayName',
    $top: '20',
    ...(search === '' ? {} : { $filter: `startswith(displayName,'${search.replaceAll("'", "''")}')` }),
  });
}

function probeUrl(transport: GraphTransport, memberId: string, category: Category, sync: SyncLevel): string {
  const { path, tellsLevelByBody } = RESOURCES[category].probe;
  return transport.url(`users/${encodeURIComponent(memberId)}/${path}`, {
    $top: '1',
    $select: tellsLevelByBody && sync === 'full' ? 'id,body' : 'id',
  });
}

/** Users only, no guests and no one who is disabled; a group may hold devices and other groups as well. */
async function fetchPeople(
  transport: GraphTransport,
  accessToken: string,
  first: string,
  maxPages: number,
): Promise<DirectoryAnswer<readonly DirectoryPerson[]>> {
  const all = await fetchAll(transport, accessToken, first, Person, maxPages);
  return answerOf(all, (entries) =>
    entries
      .filter((entry) => (entry['@odata.type'] ?? '#microsoft.graph.user') === '#microsoft.graph.user')
      .filter(({ userType, accountEnabled }) => userType !== 'Guest' && accountEnabled !== false)
      .map(({ id, displayName }) => ({ memberId: id.toLowerCase(), name: displayName ?? null })),
  );
}

/** Every entry of a list, over all of its pages: a part of it would be taken for the whole. */
async function fetchAll<Raw>(
  transport: GraphTransport,
  accessToken: string,
  first: string,
  entry: z.ZodType<Raw>,
  maxPages: number,
): Promise<GraphAnswer<readonly Raw[]>> {
  const Page = z.object({ value: z.array(entry), '@odata.nextLink': z.string().optional() });
  const entries: Raw[] = [];
  let url: string | undefined = first;
  for (let page = 0; url !== undefined && page < maxPages; page += 1) {
    const answer: GraphAnswer<{ value: Raw[]; '@odata.nextLink'?: string | undefined }> = await transport.get(
      accessToken,
      url,
      Page,
    );
    if (answer.kind !== 'ok') {
      return answer;
    }
    entries.push(...answer.value.value);
    url = answer.value['@odata.nextLink'];
  }
  return { kind: 'ok', value: entries };
}

function presentApplication(raw: z.infer<typeof ServicePrincipal>): ApplicationInTenant {
  return {
    objectId: raw.id,
    enabled: raw.accountEnabled !== false,
    assignmentRequired: raw.appRoleAssignmentRequired === true,
    verifiedPublisher: raw.verifiedPublisher?.displayName ?? null,
  };
}

function presentGrants(entries: readonly z.infer<typeof Grant>[]): readonly DirectoryGrant[] {
  return entries.map(({ id, consentType, principalId, scope }) => ({
    id,
    memberId: consentType === 'AllPrincipals' ? null : (principalId ?? '').toLowerCase(),
    scopes: (scope ?? '').split(' ').filter((name) => name !== ''),
  }));
}

function presentGroup({ id, displayName }: z.infer<typeof Groups>['value'][number]): DirectoryGroup {
  return { groupId: id.toLowerCase(), name: displayName ?? id };
}

function answerOf<Raw, T>(answer: GraphAnswer<Raw>, present: (raw: Raw) => T): DirectoryAnswer<T> {
  if (answer.kind === 'ok') {
    return { kind: 'ok', value: present(answer.value) };
  }
  const failure = failureOf(answer);
  return { kind: failure === 'refused' || failure === 'notFound' ? 'refused' : 'unavailable' };
}

/** Basic permissions give the item and leave its text out, which is less than the level needs. */
function probeOf(answer: GraphAnswer<z.infer<typeof Probed>>, wantsBody: boolean): ProbeResult {
  if (answer.kind === 'ok') {
    return wantsBody && answer.value.value.some(({ body }) => body === undefined) ? 'refused' : 'reached';
  }
  const failure = failureOf(answer);
  return failure === 'notFound' ? 'noMailbox' : failure;
}
