/**
 * A person opens Assent: the organization and the member become known, and the member is connected.
 *
 * This is the only way in which a tenant is onboarded. Doing it again only refreshes what is known.
 */
import { wantedScopes } from '../domain/decision.ts';
import { missingScopes } from '../domain/permissions.ts';
import { connectMember, type ConnectResult, recordGroupMembership } from './connectMember.ts';
import { canConnect } from './canConnect.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';

/** How long a connection's scopes count as fresh when a page opens, so that its answer does not wait for Entra. */
const FRESH_MILLISECONDS = 60_000;

export type SignInResult = ConnectResult | { readonly kind: 'notConnected' };

export async function signIn(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'vault' | 'chance' | 'now'>,
  principal: Principal,
  assertion: string,
): Promise<SignInResult> {
  await onboard(ports, principal);
  await recordCloud(ports, principal.tenantId);
  if (await staysDisconnected(ports, principal)) {
    await refreshGroupMembership(ports, principal, assertion);
    return { kind: 'notConnected' };
  }
  if (await isRecent(ports, principal)) {
    return { kind: 'connected' };
  }
  const result = await connectMember(ports, principal, assertion);
  return (await isAskedYet(ports, principal.tenantId, result)) ? result : { kind: 'notConnected' };
}

/**
 * A host's token carries no permission for Graph, so the first person of an organization is refused for want of a consent
 * that no one was asked for. Where people decide for themselves, turning something on asks.
 */
async function isAskedYet(
  { store }: Pick<ConsentPorts, 'store'>,
  tenantId: string,
  result: ConnectResult,
): Promise<boolean> {
  const isWithout = result.kind === 'refused' && result.refusal === 'notGranted' && result.claims === null;
  return !isWithout || (await store.organization(tenantId))?.mode !== 'individual';
}

/** A member who disconnected reconnects by turning something on, not by opening the page. */
async function staysDisconnected(
  { store }: Pick<ConsentPorts, 'store'>,
  { tenantId, memberId }: Principal,
): Promise<boolean> {
  const organization = await store.organization(tenantId);
  const connection = await store.connection(tenantId, memberId);
  const isIndividual = organization?.mode === 'individual';
  if (isIndividual && connection?.status === 'removed') {
    return true;
  }
  // A group's members are found by their own token, so that the first connection has to be made for it.
  const isKnown = organization?.access.kind === 'people';
  return organization !== null && isKnown && !(await canConnect(store, organization, memberId));
}

/** Where a group decides, a person may be in it before being connected; their token is used for that and not kept. */
async function refreshGroupMembership(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'now'>,
  principal: Principal,
  assertion: string,
): Promise<void> {
  const organization = await ports.store.organization(principal.tenantId);
  if (organization?.access.kind !== 'group') {
    return;
  }
  const answer = await ports.entra.onBehalfOf(principal.tenantId, assertion, ['User.Read']);
  if (answer.kind === 'tokens') {
    await recordGroupMembership(ports, principal, answer.accessToken);
  }
}

async function recordCloud(ports: Pick<ConsentPorts, 'store' | 'entra' | 'now'>, tenantId: string): Promise<void> {
  const organization = await ports.store.organization(tenantId);
  // What is in another cloud is asked for again: this installation may have been set to another one since.
  if (organization === null || (organization.cloud.checkedAt !== null && organization.cloud.value === 'supported')) {
    return;
  }
  const value = await ports.entra.cloudOf(tenantId);
  await ports.store.transact((writer) => writer.changeOrganization(tenantId, { cloud: { value, at: ports.now() } }));
}

async function onboard(ports: Pick<ConsentPorts, 'store' | 'now'>, principal: Principal): Promise<void> {
  const { tenantId, memberId } = principal;
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const isNew = await writer.addOrganization(tenantId, at);
    await writer.recordVisit(principal, at);
    if (isNew) {
      await writer.record({
        tenantId,
        at,
        acts: [{ actorId: memberId, action: 'organization.onboarded', target: null, detail: {} }],
      });
    }
  });
}

/** Known a moment ago, and lacking nothing that is wanted: what was granted since shows in a new token only. */
async function isRecent(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, memberId }: Principal,
): Promise<boolean> {
  const connection = await ports.store.connection(tenantId, memberId);
  const facts = await ports.store.decisionFacts(tenantId, memberId);
  const age = ports.now().getTime() - (connection?.scopesCheckedAt.getTime() ?? 0);
  if (connection?.status !== 'live' || age >= FRESH_MILLISECONDS || facts === null) {
    return false;
  }
  return missingScopes(connection.scopes, wantedScopes(facts)).length === 0;
}
