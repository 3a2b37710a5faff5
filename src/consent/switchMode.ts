/**
 * What follows from a change of mode, no matter what caused it.
 *
 * Every connection that the new way still covers stays. Service mode needs no one's refresh token, so all of
 * them go; on the way back, who has none signs in again, silently, at the next opening of the page. A link of
 * Graph serves only the way of access that it was given to, so streams and subscriptions restart when service mode
 * begins or ends; what is stored stays.
 */
import type { Mode } from '../domain/mode.ts';
import type { Organization } from '../domain/records.ts';
import type { ConsentPorts } from './ports.ts';
import type { ConsentReader, OrganizationWriter, AccessWriter, ChangeFeed } from './store.ts';

export interface ModeSwitch {
  readonly to: Mode;
  /** Who brought it about, and by which consent; `null` where Microsoft was not asked. */
  readonly actorId: string;
  readonly target: string | null;
}

/**
 * Before a transaction in which the mode may change: takes leave of Graph for the way of access that would end, as far as
 * it does. Call what it answers after the commit, with the mode that holds then.
 */
export async function prepareLeave(
  { store, unsubscriber }: Pick<ConsentPorts, 'store' | 'unsubscriber'>,
  tenantId: string,
  to: Mode,
): Promise<() => Promise<void>> {
  const from = (await store.organization(tenantId))?.mode ?? to;
  if ((from === 'service') === (to === 'service')) {
    return () => Promise.resolve();
  }
  const leave = await unsubscriber.prepare(tenantId, from);
  return async () => {
    if ((await store.organization(tenantId))?.mode !== from) {
      await leave();
    }
  };
}

/** Inside the caller's transaction, after the organization was locked; answers whose credentials went. */
export async function switchMode(
  ports: Pick<ConsentPorts, 'now'>,
  writer: ConsentReader & OrganizationWriter & AccessWriter & ChangeFeed,
  organization: Organization,
  { to, actorId, target }: ModeSwitch,
): Promise<readonly string[]> {
  const { tenantId, mode: from } = organization;
  const at = ports.now();
  await writer.changeOrganization(tenantId, { mode: to, raiseEpoch: true });
  const dropped = from === to ? [] : await changeAccess(ports, writer, organization, to);
  const act = { actorId, action: 'organization.modeChanged', target, detail: { from, to } } as const;
  await writer.record({ tenantId, at, acts: from === to ? [] : [act], tell: 'everyone', wake: 'everyone' });
  return dropped;
}

async function changeAccess(
  ports: Pick<ConsentPorts, 'now'>,
  writer: ConsentReader & AccessWriter & ChangeFeed,
  { tenantId, mode: from, coverage }: Organization,
  to: Mode,
): Promise<readonly string[]> {
  if (to === 'service') {
    const dropped = await writer.dropCredentials(tenantId);
    await ensureConnections(ports, writer, tenantId, await writer.peopleIn(tenantId, coverage));
    await writer.changeAccess(tenantId, ports.now());
    return dropped;
  }
  if (from === 'service') {
    await writer.loseConnectionsWithoutCredential(tenantId, 'signInAgain');
    await writer.changeAccess(tenantId, ports.now());
  }
  return [];
}

/** Makes sure that every covered mailbox has a connection to synchronize under, and is looked at. */
export async function ensureConnections(
  ports: Pick<ConsentPorts, 'now'>,
  writer: AccessWriter & ChangeFeed,
  tenantId: string,
  memberIds: readonly string[],
): Promise<void> {
  const at = ports.now();
  await writer.addServiceConnections(tenantId, memberIds, at);
  await writer.record({ tenantId, at, wake: memberIds });
}

/** After the commit: no copy of a superseded refresh token can be opened any more. */
export async function destroyCredentials(
  ports: Pick<ConsentPorts, 'vault'>,
  tenantId: string,
  memberIds: readonly string[],
): Promise<void> {
  for (const memberId of memberIds) {
    await ports.vault.destroy(tenantId, memberId);
  }
}
