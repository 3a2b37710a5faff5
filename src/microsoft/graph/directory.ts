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
  DirectoryPerson,
  DirectoryPort,
  ProbeResult,
} from '../../consent/ports.ts';
import type { Category } from '../../domain/selection.ts';
import type { GraphAnswer } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

const PAGE = '999';
/** Half a million people; beyond it a list that is paged for ever is cut off. */
const MOST_PAGES = 500;

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
const Grants = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      consentType: z.string(),
      principalId: z.string().nullish(),
      scope: z.string().nullish(),
    }),
  ),
});
const People = z.object({
  value: z.array(
    z.object({
      '@odata.type': z.string().optional(),
      id: z.string(),
      displayName: z.string().nullish(),
      userType: z.string().nullish(),
      accountEnabled: z.boolean().nullish(),
    }),
  ),
  '@odata.nextLink': z.string().optional(),
});
const Groups = z.object({ value: z.array(z.object({ id: z.string(), displayName: z.string().nullish() })) });
const Ids = z.object({ value: z.array(z.object({ id: z.string() })), '@odata.nextLink': z.string().optional() });
const Anything = z.object({ value: z.array(z.unknown()) });

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
    ownGroups: (accessToken) =>
      read(accessToken, transport.url('me/transitiveMemberOf', { $select: 'id', $top: PAGE }), Ids, ({ value }) =>
        value.map(({ id }) => id),
      ),
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
    grants: (accessToken, objectId) =>
      read(
        accessToken,
        transport.url('oauth2PermissionGrants', { $filter: `clientId eq '${objectId}'` }),
        Grants,
        presentGrants,
      ),
    narrowGrant: async (accessToken, grantId, scopes) => {
      const url = transport.url(`oauth2PermissionGrants/${encodeURIComponent(grantId)}`, {});
      return answerOf(await transport.change(accessToken, 'PATCH', url, { scope: scopes.join(' ') }), () => null);
    },
    people: (accessToken, search) => readPeople(transport, accessToken, peopleUrl(transport, search), search === ''),
    groups: (accessToken, search) =>
      read(accessToken, groupsUrl(transport, search), Groups, ({ value }) => value.map(presentGroup)),
    peopleOfGroup: (accessToken, groupId) => {
      const path = `groups/${encodeURIComponent(groupId)}/transitiveMembers`;
      return readPeople(transport, accessToken, transport.url(path, { $select: PERSON, $top: PAGE }), true);
    },
    probe: async (accessToken, memberId, category) =>
      probeOf(await transport.get(accessToken, probeUrl(transport, memberId, category), Anything)),
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
    $top: search === '' ? PAGE : '20',
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

function probeUrl(transport: GraphTransport, memberId: string, category: Category): string {
  const collection = category === 'calendar' ? 'events' : 'messages';
  return transport.url(`users/${encodeURIComponent(memberId)}/${collection}`, { $top: '1', $select: 'id' });
}

/** Users only, no guests and nobody who is disabled; a group may hold devices and other groups as well. */
async function readPeople(
  transport: GraphTransport,
  accessToken: string,
  first: string,
  isWhole: boolean,
): Promise<DirectoryAnswer<readonly DirectoryPerson[]>> {
  const people: DirectoryPerson[] = [];
  let url: string | undefined = first;
  for (let page = 0; url !== undefined && page < MOST_PAGES; page += 1) {
    const answer: GraphAnswer<z.infer<typeof People>> = await transport.get(accessToken, url, People);
    if (answer.kind !== 'ok') {
      return answerOf(answer, () => []);
    }
    people.push(
      ...answer.value.value
        .filter((entry) => (entry['@odata.type'] ?? '#microsoft.graph.user') === '#microsoft.graph.user')
        .filter(({ userType, accountEnabled }) => userType !== 'Guest' && accountEnabled !== false)
        .map(({ id, displayName }) => ({ memberId: id.toLowerCase(), name: displayName ?? null })),
    );
    url = isWhole ? answer.value['@odata.nextLink'] : undefined;
  }
  return { kind: 'ok', value: people };
}

function presentApplication(raw: z.infer<typeof ServicePrincipal>): ApplicationInTenant {
  return {
    objectId: raw.id,
    enabled: raw.accountEnabled !== false,
    assignmentRequired: raw.appRoleAssignmentRequired === true,
    verifiedPublisher: raw.verifiedPublisher?.displayName ?? null,
  };
}

function presentGrants({ value }: z.infer<typeof Grants>): readonly DirectoryGrant[] {
  return value.map(({ id, consentType, principalId, scope }) => ({
    id,
    memberId: consentType === 'AllPrincipals' ? null : (principalId ?? '').toLowerCase(),
    scopes: (scope ?? '').split(' ').filter((name) => name !== ''),
  }));
}

function presentGroup({ id, displayName }: z.infer<typeof Groups>['value'][number]): DirectoryGroup {
  return { groupId: id.toLowerCase(), name: displayName ?? id };
}

function answerOf<Raw, T>(answer: GraphAnswer<Raw>, present: (raw: Raw) => T): DirectoryAnswer<T> {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'ok', value: present(answer.value) };
    case 'unauthorized':
    case 'forbidden':
    case 'notFound':
      return { kind: 'refused' };
    case 'throttled':
    case 'cursorLost':
    case 'mailboxUnavailable':
    case 'failed':
      return { kind: 'unavailable' };
  }
}

function probeOf(answer: GraphAnswer<unknown>): ProbeResult {
  switch (answer.kind) {
    case 'ok':
      return 'reached';
    case 'forbidden':
    case 'unauthorized':
      return 'refused';
    case 'mailboxUnavailable':
    case 'notFound':
      return 'noMailbox';
    case 'throttled':
    case 'cursorLost':
    case 'failed':
      return 'unavailable';
  }
}
