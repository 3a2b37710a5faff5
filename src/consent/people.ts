/**
 * People: owners and managers, what a person said of Microsoft's page, and whether they are asked to connect.
 */
import { missingScopes, scopesForSelection } from '../domain/permissions.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import type { Prompt } from '../domain/records.ts';
import type { ProductRole } from '../domain/roles.ts';
import type { Selection } from '../domain/selection.ts';
import { withRefusal } from '../domain/userConsent.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';

type Result = { readonly kind: 'changed' } | Refused;

/** An owner appoints or dismisses; an organization keeps at least one owner. */
export async function assignRole(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, memberId }: Principal,
  targetId: string,
  role: ProductRole | null,
): Promise<Result> {
  return ports.store.transact(async (writer): Promise<Result> => {
    await writer.lockOrganization(tenantId);
    const holders = await writer.roleHolders(tenantId);
    const owners = holders.filter(({ productRole }) => productRole === 'owner').map((owner) => owner.memberId);
    if (!owners.includes(memberId)) {
      return refuse('product_role_required');
    }
    const person = await writer.member(tenantId, targetId);
    // Someone known only from the directory cannot act, and would lock everyone else out as an owner.
    const mayAct = person !== null && person.openedAt !== null && !person.isGuest && !person.isDisabled;
    if (person === null || (role !== null && !mayAct)) {
      return refuse('not_found');
    }
    if (role !== 'owner' && owners.every((owner) => owner === person.memberId)) {
      return refuse('last_owner');
    }
    if (person.productRole !== role) {
      await writer.setProductRole(tenantId, person.memberId, role);
      const detail = { from: person.productRole, to: role };
      await writer.record({
        tenantId,
        at: ports.now(),
        acts: [{ actorId: memberId, action: 'organization.roleChanged', target: person.memberId, detail }],
        tell: 'everyone',
      });
    }
    return { kind: 'changed' };
  });
}

/** A person met Microsoft's page that asks for an admin, and says so: a closed window says nothing. */
export async function reportRefusal(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, memberId }: Principal,
  selection: Selection,
): Promise<void> {
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    const connection = await writer.connection(tenantId, memberId);
    const member = await writer.member(tenantId, memberId);
    const scopes = missingScopes(connection?.scopes ?? [], scopesForSelection(selection));
    if (organization === null || member === null || member.isGuest || scopes.length === 0) {
      return;
    }
    const userConsent = withRefusal(organization.userConsent, scopes, 'said', at);
    await writer.changeOrganization(tenantId, { userConsent });
    const detail = { scopes: [...scopes] };
    await writer.record({
      tenantId,
      at,
      acts: [{ actorId: memberId, action: 'consent.reported', target: null, detail }],
      tell: 'everyone',
    });
  });
}

const SNOOZE_DAYS = 3;

/** Whether this person is asked again: in three days, or never. */
export async function respondToPrompt(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, memberId }: Principal,
  answer: 'later' | 'never',
): Promise<void> {
  const after = answer === 'later' ? new Date(ports.now().getTime() + SNOOZE_DAYS * 86_400_000) : null;
  const prompt: Prompt = { state: answer, after };
  await ports.store.transact(async (writer) => {
    await writer.setPrompt(tenantId, memberId, prompt);
    await writer.record({ tenantId, at: ports.now(), tell: [memberId] });
  });
}
