/**
 * What the operator changes of an organization: suspends it, resumes it, says what its plan offers. Sync stops where it was
 * within seconds, and what is stored stays.
 *
 * Errors  `not_found`.
 */
import { type Refused, refuse } from '../domain/problems.ts';
import type { Organization } from '../domain/records.ts';
import type { Selection } from '../domain/selection.ts';
import type { ConsentPorts } from './ports.ts';
import type { OrganizationChange, RecordedAct } from './store.ts';

type OperatorPorts = Pick<ConsentPorts, 'store' | 'now'>;

export interface ChangedOrganization {
  readonly kind: 'changed';
  readonly organization: Organization;
}

/** `by` names the key, or the command, that asked for it. */
export function suspendOrganization(
  ports: OperatorPorts,
  tenantId: string,
  by: string,
): Promise<ChangedOrganization | Refused> {
  return change(ports, tenantId, ({ suspendedAt }) =>
    suspendedAt === null
      ? { change: { suspendedAt: ports.now() }, act: { action: 'organization.suspended', detail: { by } } }
      : null,
  );
}

export function resumeOrganization(
  ports: OperatorPorts,
  tenantId: string,
  by: string,
): Promise<ChangedOrganization | Refused> {
  return change(ports, tenantId, ({ suspendedAt }) =>
    suspendedAt === null
      ? null
      : { change: { suspendedAt: null }, act: { action: 'organization.unsuspended', detail: { by } } },
  );
}

/** `null`: everything that this version offers. */
export function changeCaps(
  ports: OperatorPorts,
  tenantId: string,
  caps: Selection | null,
  by: string,
): Promise<ChangedOrganization | Refused> {
  return change(ports, tenantId, () => ({
    change: { caps },
    act: { action: 'organization.capsChanged', detail: { by } },
  }));
}

interface Wanted {
  readonly change: OrganizationChange;
  readonly act: Pick<RecordedAct, 'action' | 'detail'>;
}

async function change(
  { store, now }: OperatorPorts,
  tenantId: string,
  want: (organization: Organization) => Wanted | null,
): Promise<ChangedOrganization | Refused> {
  return store.transact(async (writer): Promise<ChangedOrganization | Refused> => {
    const organization = await writer.lockOrganization(tenantId);
    if (organization === null) {
      return refuse('not_found');
    }
    const wanted = want(organization);
    if (wanted === null) {
      return { kind: 'changed', organization };
    }
    await writer.changeOrganization(tenantId, { ...wanted.change, raiseEpoch: true });
    const acts = [{ actorId: null, target: null, ...wanted.act }];
    await writer.record({ tenantId, at: now(), acts, tell: 'everyone', wake: 'everyone' });
    return { kind: 'changed', organization: { ...organization, ...changed(wanted.change) } };
  });
}

function changed({ suspendedAt, caps }: OrganizationChange): Partial<Organization> {
  return { ...(suspendedAt === undefined ? {} : { suspendedAt }), ...(caps === undefined ? {} : { caps }) };
}
