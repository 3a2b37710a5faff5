/**
 * Turns the token that a host handed over into a connection: on-behalf-of, once, with `offline_access`.
 *
 * Errors  Entra's refusals come back as values; a refused exchange changes nothing that is stored, except
 *         that a disabled account is remembered as such.
 * Source  "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow".
 */
import { IDENTITY_SCOPES } from '../domain/permissions.ts';
import type { Connection, Organization } from '../domain/records.ts';
import { type Refusal, refusalOf } from '../domain/refusals.ts';
import type { ConsentPorts, ConsentWriter, Principal, TokenAnswer } from './ports.ts';

export type ConnectResult =
  | { readonly kind: 'connected' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly claims: string | null }
  | { readonly kind: 'unavailable' };

export async function connectMember(
  ports: ConsentPorts,
  principal: Principal,
  assertion: string,
): Promise<ConnectResult> {
  const answer = await ports.entra.onBehalfOf(principal.tenantId, assertion, IDENTITY_SCOPES);
  switch (answer.kind) {
    case 'tokens':
      await storeTokens(ports, principal.tenantId, principal.memberId, answer, 'shared');
      await learnName(ports, principal.tenantId, answer.accessToken);
      return { kind: 'connected' };
    case 'unavailable':
      return { kind: 'unavailable' };
    case 'refused':
      return refused(ports, principal, answer);
  }
}

/** The organization's name is shown wherever a person must know which one is meant; it is asked for once. */
async function learnName(ports: ConsentPorts, tenantId: string, accessToken: string): Promise<void> {
  const organization = await ports.store.organization(tenantId);
  const name = organization?.name === null ? await ports.directory.organizationName(accessToken) : null;
  if (name !== null) {
    await ports.store.transact((writer) => writer.changeOrganization(tenantId, { name }));
  }
}

async function refused(
  ports: ConsentPorts,
  { tenantId, memberId }: Principal,
  answer: Extract<TokenAnswer, { kind: 'refused' }>,
): Promise<ConnectResult> {
  const refusal = refusalOf(answer.error);
  if (refusal === 'accountDisabled') {
    await ports.store.transact((writer) => writer.setDisabled(tenantId, memberId, true));
  }
  return { kind: 'refused', refusal, claims: answer.claims };
}

/**
 * Stores the tokens of one member as the newest ones, and makes the connection where there is none.
 *
 * `origin` says whether the person just consented for themselves (`personal`), or whether the scopes may
 * as well come from a tenant-wide grant (`shared`).
 */
export async function storeTokens(
  ports: ConsentPorts,
  tenantId: string,
  memberId: string,
  tokens: Extract<TokenAnswer, { kind: 'tokens' }>,
  origin: 'personal' | 'shared',
): Promise<void> {
  const credential =
    tokens.refreshToken === null ? null : await ports.vault.seal(tenantId, memberId, tokens.refreshToken);
  await ports.store.transact((writer) =>
    saveTokens(ports, writer, { tenantId, memberId, scopes: tokens.scopes, credential, origin }),
  );
}

interface NewTokens {
  readonly tenantId: string;
  readonly memberId: string;
  readonly scopes: readonly string[];
  readonly credential: Uint8Array | null;
  readonly origin: 'personal' | 'shared';
}

async function saveTokens(ports: ConsentPorts, writer: ConsentWriter, tokens: NewTokens): Promise<void> {
  const { tenantId, memberId, scopes, credential, origin } = tokens;
  const at = ports.now();
  const organization = await writer.lockOrganization(tenantId);
  const existing = await writer.lockConnection(tenantId, memberId);
  const isPersonal = origin === 'personal' || !(await mayBeShared(writer, organization, at));
  await writer.saveConnection({
    tenantId,
    memberId,
    connectionId: existing?.connectionId ?? ports.chance.uuid(),
    scopes,
    personalScopes: isPersonal ? union(existing?.personalScopes ?? [], scopes) : (existing?.personalScopes ?? []),
    credential,
    at,
  });
  await writer.setDisabled(tenantId, memberId, false);
  await proveTenantGrant(ports, writer, organization, existing, scopes);
  const isNew = existing?.status !== 'live';
  if (isNew || !sameScopes(existing.scopes, scopes)) {
    await writer.wakeMailbox(tenantId, memberId, at);
    await writer.announce(tenantId, memberId);
  }
  if (isNew) {
    await writer.audit({ tenantId, actorId: memberId, action: 'connection.made', target: memberId, detail: {} }, at);
  }
}

/** Before any tenant-wide grant was so much as begun, what a token carries is the member's own. */
async function mayBeShared(writer: ConsentWriter, organization: Organization | null, at: Date): Promise<boolean> {
  return organization !== null && (organization.grant !== null || writer.isGrantUnderWay(organization.tenantId, at));
}

/** A token of somebody without a personal grant that carries the scopes proves the tenant-wide one. */
async function proveTenantGrant(
  ports: ConsentPorts,
  writer: ConsentWriter,
  organization: Organization | null,
  connection: Connection | null,
  scopes: readonly string[],
): Promise<void> {
  const grant = organization?.grant ?? null;
  if (organization === null || grant?.state !== 'unproven') {
    return;
  }
  const personal = connection?.personalScopes ?? [];
  if (grant.scopes.every((scope) => scopes.includes(scope) && !personal.includes(scope))) {
    const at = ports.now();
    await writer.changeOrganization(organization.tenantId, { grant: { ...grant, state: 'verified', provenAt: at } });
    await writer.announce(organization.tenantId, null);
  }
}

function union(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}

function sameScopes(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((scope) => second.includes(scope));
}
