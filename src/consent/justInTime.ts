/**
 * What an admin's permission for this moment is used for: reading how Microsoft has the application, or
 * narrowing what was granted to it for everyone.
 *
 * The access token is used here and never stored; no refresh token is asked for. After a change, the permission
 * to make changes is given back with the same token, and the directory is read again to see that it is gone.
 * What people need to sign in stays granted, so that no one is locked out of the page that says what happened.
 *
 * Errors  Returned as refusals.
 * Source  "Delete/Update oAuth2PermissionGrant", "Get authorizationPolicy", "Get servicePrincipal" (Graph v1.0).
 */
import { IDENTITY_SCOPES, MANAGE_SCOPES, missingScopes, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction, DirectoryCheck, Organization } from '../domain/records.ts';
import type { Refusal } from '../domain/refusals.ts';
import { policyKindOf } from '../domain/userConsent.ts';
import type { ConsentPorts, DirectoryAnswer, DirectoryGrant } from './ports.ts';
import type { OrganizationWriter, TransactionWriter, ChangeFeed, ConsentReader, AccessWriter } from './store.ts';
import { switchMode } from './switchMode.ts';
import { advance } from './transaction.ts';
import { isCurrent } from '../domain/consentBasis.ts';

export type JustInTimeOutcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: Refusal };

export async function useJustInTime(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'now'>,
  consent: ConsentTransaction,
  accessToken: string,
  actorId: string,
): Promise<JustInTimeOutcome> {
  const { tenantId, memberId, purpose, basedOn } = consent;
  const asker = await ports.store.member(tenantId, memberId);
  const organization = await ports.store.organization(tenantId);
  const hasRole = asker !== null && asker.productRole !== null;
  const isStill = hasRole && isCurrent(basedOn, { organization, connection: null });
  if (purpose === 'checkDirectory') {
    return isStill ? check(ports, consent, accessToken, actorId) : SUPERSEDED;
  }
  const outcome = isStill ? await changeGrant(ports, consent, accessToken, actorId) : SUPERSEDED;
  if (outcome.kind === 'refused') {
    return (await removeOwnPermission(ports, accessToken)) ? outcome : { kind: 'refused', reason: 'notGivenBack' };
  }
  return outcome;
}

const SUPERSEDED: JustInTimeOutcome = { kind: 'refused', reason: 'superseded' };
const ATTEMPTS = 3;

/** Whatever became of the change: the permission to make changes does not stay. */
async function removeOwnPermission(ports: Pick<ConsentPorts, 'directory'>, accessToken: string): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const application = await ports.directory.application(accessToken);
    const objectId = application.kind === 'ok' ? application.value.objectId : null;
    const held = objectId === null ? null : await ports.directory.grants(accessToken, objectId);
    if (held?.kind === 'ok') {
      const own = held.value.filter(({ scopes }) => scopes.some((scope) => isWithinScopes(scope, MANAGE_SCOPES)));
      const changed = await Promise.all(
        own.map(({ id, scopes }) =>
          ports.directory.narrowGrant(
            accessToken,
            id,
            scopes.filter((scope) => !isWithinScopes(scope, MANAGE_SCOPES)),
          ),
        ),
      );
      if (changed.every(({ kind }) => kind === 'ok')) {
        return true;
      }
    }
  }
  return false;
}

function isWithinScopes(scope: string, allowed: readonly string[]): boolean {
  return allowed.some((name) => name.toLowerCase() === scope.toLowerCase());
}

async function check(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'now'>,
  consent: ConsentTransaction,
  accessToken: string,
  actorId: string,
): Promise<JustInTimeOutcome> {
  const { directory } = ports;
  const application = await directory.application(accessToken);
  const policies = await directory.consentPolicies(accessToken);
  const requests = await directory.requestsEnabled(accessToken);
  if (application.kind !== 'ok' || policies.kind !== 'ok') {
    return refusedBy(application.kind === 'ok' ? policies : application);
  }
  const at = ports.now();
  const found: DirectoryCheck = {
    at: at.toISOString(),
    by: actorId,
    policy: policyKindOf(policies.value),
    enabled: application.value.enabled,
    assignmentRequired: application.value.assignmentRequired,
    verifiedPublisher: application.value.verifiedPublisher,
    requestsEnabled: requests.kind === 'ok' ? requests.value : null,
  };
  await ports.store.transact((writer) => recordCheck(writer, consent, found, at));
  return { kind: 'done' };
}

async function recordCheck(
  writer: OrganizationWriter & TransactionWriter & ChangeFeed,
  consent: ConsentTransaction,
  found: DirectoryCheck,
  at: Date,
): Promise<void> {
  const { tenantId, consentHash } = consent;
  const organization = await writer.lockOrganization(tenantId);
  const ended = await advance(writer, consent, { kind: 'verified', grantedBy: found.by });
  if (organization === null || ended === null) {
    return;
  }
  const policy = { kind: found.policy, at: found.at };
  const userConsent = { ...organization.userConsent, policy };
  await writer.changeOrganization(tenantId, { directory: found, userConsent });
  const detail = { policy: found.policy, enabled: found.enabled, assignmentRequired: found.assignmentRequired };
  await writer.record({
    tenantId,
    at,
    acts: [{ actorId: found.by, action: 'organization.checked', target: consentHash, detail }],
    tell: 'everyone',
  });
}

async function changeGrant(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'now'>,
  consent: ConsentTransaction,
  accessToken: string,
  actorId: string,
): Promise<JustInTimeOutcome> {
  const kept = scopesToKeep(consent);
  const application = await ports.directory.application(accessToken);
  if (application.kind !== 'ok') {
    return refusedBy(application);
  }
  const { objectId } = application.value;
  const before = await ports.directory.grants(accessToken, objectId);
  if (before.kind !== 'ok') {
    return refusedBy(before);
  }
  for (const { id, scopes } of changesOf(before.value, kept)) {
    const changed = await ports.directory.narrowGrant(accessToken, id, scopes);
    if (changed.kind !== 'ok') {
      return refusedBy(changed);
    }
  }
  const after = await ports.directory.grants(accessToken, objectId);
  if (after.kind !== 'ok' || changesOf(after.value, kept).length > 0) {
    return { kind: 'refused', reason: 'notGranted' };
  }
  await recordOutcome(ports, consent, actorId);
  return { kind: 'done' };
}

/** What stays granted to everyone: signing in, and what the request's selection needs. */
export function scopesToKeep({ selection }: Pick<ConsentTransaction, 'selection'>): readonly string[] {
  return [...IDENTITY_SCOPES, ...scopesForSelection(selection)];
}

/** Grants that hold too much, with what is to be left of them: everyone's first, Assent's own permission last. */
function changesOf(grants: readonly DirectoryGrant[], kept: readonly string[]): readonly DirectoryGrant[] {
  return grants
    .toSorted((first, second) => Number(first.memberId !== null) - Number(second.memberId !== null))
    .map((grant) => ({
      ...grant,
      left: grant.scopes.filter((scope) =>
        // A permission that another one contains grants nothing extra, and may be the only one that someone has.
        grant.memberId === null ? missingScopes(kept, [scope]).length === 0 : !isWithinScopes(scope, MANAGE_SCOPES),
      ),
    }))
    .filter(({ scopes, left }) => left.length < scopes.length)
    .map(({ id, memberId, left }) => ({ id, memberId, scopes: left }));
}

async function recordOutcome(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  consent: ConsentTransaction,
  actorId: string,
): Promise<void> {
  const { tenantId, consentHash, purpose, selection } = consent;
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    const awaiting = await advance(writer, consent, { kind: 'accepted', grantedBy: actorId, isQualified: true, at });
    if (organization === null || awaiting === null) {
      return;
    }
    const kept = scopesForSelection(selection);
    const scopes = (organization.grant?.scopes ?? []).filter((scope) => missingScopes(kept, [scope]).length === 0);
    const action = purpose === 'removeGrant' ? 'grant.removed' : 'grant.narrowed';
    await writer.record({
      tenantId,
      at,
      acts: [{ actorId, action, target: consentHash, detail: { scopes } }],
      tell: 'everyone',
      wake: 'everyone',
    });
    if (purpose === 'removeGrant') {
      await writer.changeOrganization(tenantId, { grant: null, raiseEpoch: true });
      await writer.saveIndividualScopes(tenantId);
      await returnToIndividualMode(ports, writer, organization, { actorId, target: consentHash });
    } else {
      const grant = organization.grant === null ? null : { ...organization.grant, scopes, checkedAt: at };
      await writer.changeOrganization(tenantId, { grant, raiseEpoch: true });
    }
  });
}

async function returnToIndividualMode(
  ports: Pick<ConsentPorts, 'now'>,
  writer: ConsentReader & OrganizationWriter & AccessWriter & ChangeFeed,
  organization: Organization,
  by: { readonly actorId: string; readonly target: string },
): Promise<void> {
  if (organization.mode === 'organization') {
    await switchMode(ports, writer, organization, { to: 'individual', ...by });
  }
}

function refusedBy(answer: DirectoryAnswer<unknown>): JustInTimeOutcome {
  return { kind: 'refused', reason: answer.kind === 'unavailable' ? 'microsoftUnavailable' : 'notAdministrator' };
}
