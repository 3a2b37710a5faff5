/**
 * Turns the token that a host handed over into a connection: on-behalf-of, once, with `offline_access`.
 *
 * Errors  Entra's refusals come back as values; a refused exchange changes nothing that is stored, except
 *         that a disabled account is remembered as such.
 * Source  "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow".
 */
import { IDENTITY_SCOPES, missingScopes } from '../domain/permissions.ts';
import { type Connection, type MemberName, type Organization } from '../domain/records.ts';
import { type Refusal, refusalOf, REFUSALS } from '../domain/refusals.ts';
import type { ConsentPorts, TokenAnswer } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import type { ConsentReader, OrganizationWriter, MemberWriter, ConnectionWriter, ChangeFeed } from './store.ts';

export type ConnectResult =
  | { readonly kind: 'connected' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly claims: string | null }
  | { readonly kind: 'unavailable' };

export async function connectMember(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'entra' | 'vault' | 'chance' | 'now'>,
  principal: Principal,
  assertion: string,
): Promise<ConnectResult> {
  const answer = await ports.entra.onBehalfOf(principal.tenantId, assertion, IDENTITY_SCOPES);
  switch (answer.kind) {
    case 'tokens':
      await storeTokens(ports, principal.tenantId, principal.memberId, answer, 'shared');
      await recordName(ports, principal.tenantId, answer.accessToken);
      await recordGroupMembership(ports, principal, answer.accessToken);
      return { kind: 'connected' };
    case 'unavailable':
      return { kind: 'unavailable' };
    case 'refused':
      return refused(ports, principal, answer);
  }
}

/** The organization's name is shown wherever a person must know which one is meant; it is asked for once. */
async function recordName(
  ports: Pick<ConsentPorts, 'store' | 'directory'>,
  tenantId: string,
  accessToken: string,
): Promise<void> {
  const organization = await ports.store.organization(tenantId);
  const name = organization?.name === null ? await ports.directory.organizationName(accessToken) : null;
  if (name !== null) {
    await ports.store.transact((writer) => writer.changeOrganization(tenantId, { name }));
  }
}

/** Where a group decides who may connect, each person's own token tells whether they are in it. */
export async function recordGroupMembership(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'now'>,
  { tenantId, memberId }: MemberName,
  accessToken: string,
): Promise<void> {
  const access = (await ports.store.organization(tenantId))?.access;
  if (access?.kind !== 'group') {
    return;
  }
  const groups = await ports.directory.ownGroups(accessToken);
  if (groups.kind === 'ok') {
    const isIn = groups.value.includes(access.groupId);
    await ports.store.transact(async (writer) => {
      if (await writer.setInGroup(tenantId, access.groupId, memberId, isIn, ports.now())) {
        await writer.raiseEpochOnDrift(tenantId, memberId);
        await writer.record({ tenantId, at: ports.now(), tell: [memberId], wake: [memberId] });
      }
    });
  }
}

async function refused(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, memberId }: Principal,
  answer: Extract<TokenAnswer, { kind: 'refused' }>,
): Promise<ConnectResult> {
  const refusal = refusalOf(answer.error);
  if (refusal === 'accountDisabled') {
    await ports.store.transact(async (writer) => {
      await writer.lockOrganization(tenantId);
      await writer.setDisabled(tenantId, memberId, true);
      await writer.raiseEpochOnDrift(tenantId, memberId);
      await writer.record({ tenantId, at: ports.now(), tell: [memberId] });
    });
  }
  return { kind: 'refused', refusal, claims: answer.claims };
}

/**
 * Stores the tokens of one member as the newest ones, and makes the connection where there is none.
 *
 * `origin` says whether the person just consented for themselves (`personal`), or whether the scopes may
 * as well come from a tenant-wide grant (`shared`). `onlyFor` names the connection that a background renewal was
 * begun for: one that has ended meanwhile is not made again by it.
 */
export async function storeTokens(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'chance' | 'now'>,
  tenantId: string,
  memberId: string,
  tokens: Extract<TokenAnswer, { kind: 'tokens' }>,
  origin: 'personal' | 'shared',
  onlyFor: string | null = null,
): Promise<void> {
  const credential =
    tokens.refreshToken === null ? null : await ports.vault.seal(tenantId, memberId, tokens.refreshToken);
  await ports.store.transact((writer) =>
    saveTokens(ports, writer, { tenantId, memberId, scopes: tokens.scopes, credential, origin, onlyFor }),
  );
}

interface TokenSet {
  readonly tenantId: string;
  readonly memberId: string;
  readonly scopes: readonly string[];
  readonly credential: Uint8Array | null;
  readonly origin: 'personal' | 'shared';
  readonly onlyFor: string | null;
}

async function saveTokens(
  ports: Pick<ConsentPorts, 'chance' | 'now'>,
  writer: ConsentReader & OrganizationWriter & MemberWriter & ConnectionWriter & ChangeFeed,
  tokens: TokenSet,
): Promise<void> {
  const { tenantId, memberId, scopes, credential, origin } = tokens;
  const at = ports.now();
  const organization = await writer.lockOrganization(tenantId);
  const existing = await writer.lockConnection(tenantId, memberId);
  if (wasDisconnected(existing, organization, tokens)) {
    return;
  }
  const isPersonal = origin === 'personal' || !(await mightBeTenantWide(writer, organization, at));
  const before = existing?.status === 'removed' ? null : existing;
  const own = individualScopes(before, scopes, isPersonal);
  await writer.saveConnection({
    tenantId,
    memberId,
    connectionId: before?.connectionId ?? ports.chance.uuid(),
    scopes,
    ...own,
    credential: organization?.mode === 'service' ? null : credential,
    at,
  });
  await writer.setDisabled(tenantId, memberId, false);
  if (organization !== null) {
    await detectDrift(ports, writer, organization, own.personalScopes, scopes);
  }
  const isNew = before?.status !== 'live';
  if (before !== null && missingScopes(scopes, before.scopes).length > 0) {
    await writer.raiseEpochOnDrift(tenantId, memberId);
  }
  const made = { actorId: memberId, action: 'connection.made', target: memberId, detail: {} } as const;
  if (isNew || !sameScopes(before.scopes, scopes)) {
    await writer.record({ tenantId, at, acts: isNew ? [made] : [], tell: [memberId], wake: [memberId] });
  }
}

/** Someone who left is connected again by turning something on only. */
function wasDisconnected(
  existing: Connection | null,
  organization: Organization | null,
  { onlyFor, origin }: TokenSet,
): boolean {
  if (onlyFor !== null) {
    return existing?.status === 'removed' || existing?.connectionId !== onlyFor;
  }
  return origin === 'shared' && existing?.status === 'removed' && organization?.mode === 'individual';
}

/** What is this member's own, and what was and is not any more. */
function individualScopes(
  before: Connection | null,
  scopes: readonly string[],
  isPersonal: boolean,
): { readonly personalScopes: readonly string[]; readonly revokedScopes: readonly string[] } {
  const personal = union(before?.personalScopes ?? [], isPersonal ? scopes : []);
  const revoked = union(before?.revokedScopes ?? [], personal);
  return {
    personalScopes: personal.filter((scope) => scopes.includes(scope)),
    revokedScopes: revoked.filter((scope) => !scopes.includes(scope)),
  };
}

/** Until a tenant-wide grant is started, all scopes in a token come from the member's own consent. */
async function mightBeTenantWide(writer: ConsentReader, organization: Organization | null, at: Date): Promise<boolean> {
  return organization !== null && (organization.grant !== null || writer.isGrantUnderWay(organization.tenantId, at));
}

/** After a proof, some of Microsoft's token servers may still answer from before it. */
const GRACE_MILLISECONDS = 2 * 60_000;

/**
 * Holds a token against the tenant-wide grant: someone's without a personal grant proves it, and anyone's that
 * lacks part of it shows that this part is gone.
 */
async function detectDrift(
  ports: Pick<ConsentPorts, 'now'>,
  writer: OrganizationWriter & ChangeFeed,
  organization: Organization,
  personal: readonly string[],
  scopes: readonly string[],
): Promise<void> {
  const { tenantId, grant } = organization;
  if (grant === null) {
    return;
  }
  const at = ports.now();
  const lacking = missingScopes(scopes, grant.scopes);
  // What a personal grant hides stays as it was believed to be.
  const hidden = grant.missing.filter((scope) => personal.includes(scope));
  const missing = union(lacking, hidden);
  const isProof = grant.scopes.every((scope) => scopes.includes(scope) && !personal.includes(scope));
  const age = at.getTime() - (grant.provenAt ?? grant.grantedAt).getTime();
  if (lacking.length > 0 && (grant.state === 'unproven' || age < GRACE_MILLISECONDS)) {
    return;
  }
  const state = isProof ? 'verified' : grant.state;
  const provenAt = isProof ? (grant.provenAt ?? at) : grant.provenAt;
  const missingSince = missing.length === 0 ? null : (grant.missingSince ?? at);
  const isNews = state !== grant.state || !sameScopes(missing, grant.missing);
  await writer.changeOrganization(tenantId, {
    grant: { ...grant, state, provenAt, missing, missingSince, checkedAt: at },
    ...(sameScopes(missing, grant.missing) ? {} : { raiseEpoch: true }),
  });
  if (isNews) {
    await announceDrift(writer, organization, missing, at);
  }
}

async function announceDrift(
  writer: ChangeFeed,
  { tenantId, grant }: Organization,
  missing: readonly string[],
  at: Date,
): Promise<void> {
  const before = grant?.missing ?? [];
  const lost = missing.filter((scope) => !before.includes(scope));
  const found = before.filter((scope) => !missing.includes(scope));
  const seen = [
    { action: 'grant.lost', detail: { scopes: lost } },
    { action: 'grant.found', detail: { scopes: found } },
  ] as const;
  const acts = seen
    .filter(({ detail }) => detail.scopes.length > 0)
    .map((act) => ({ ...act, actorId: null, target: null }));
  await writer.record({ tenantId, at, acts, tell: 'everyone', wake: 'everyone' });
}

function union(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}

function sameScopes(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((scope) => second.includes(scope));
}

/**
 * Entra refuses tokens for a reason outside the member's control. Nothing is granted while that lasts; the refresh
 * token is kept, so that sync resumes automatically when an admin has fixed it.
 */
export async function suspendAccess(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  tenantId: string,
  memberId: string,
  onlyFor: string,
  refusal: Refusal,
): Promise<void> {
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    const existing = await writer.lockConnection(tenantId, memberId);
    if (organization === null || existing?.status !== 'live' || existing.connectionId !== onlyFor) {
      return;
    }
    const revokedScopes = union(existing.revokedScopes, existing.scopes);
    const { connectionId, personalScopes, scopes } = existing;
    const barred = { tenantId, memberId, connectionId, scopes: [], personalScopes, revokedScopes };
    await writer.saveConnection({ ...barred, credential: null, at });
    if (REFUSALS[refusal].suspends === 'tenant') {
      await detectDrift(ports, writer, organization, [], []);
    }
    if (scopes.length > 0) {
      await writer.raiseEpochOnDrift(tenantId, memberId);
      await writer.record({ tenantId, at, tell: [memberId], wake: [memberId] });
    }
  });
}
