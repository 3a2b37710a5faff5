/** What is due to be looked at again at Microsoft, across organizations. */
import type { Connection } from '../../domain/records.ts';
import type { Reader, Writer } from '../transact.ts';

/** Organizations whose tenant-wide grant was last compared before `before`; those that lost it, before `lostBefore`. */
export async function readGrantsToWatch(
  db: Reader,
  before: Date,
  lostBefore: Date,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('organizations')
    .select('tenant_id')
    .where('grant_state', '!=', 'none')
    .where((where) =>
      where.or([
        where('grant_checked_at', 'is', null),
        where.and([where('grant_missing_since', 'is', null), where('grant_checked_at', '<', before)]),
        where('grant_checked_at', '<', lostBefore),
      ]),
    )
    .orderBy('grant_checked_at')
    .limit(limit)
    .execute();
  return rows.map(({ tenant_id: tenantId }) => tenantId);
}

export async function readServicesToProbe(db: Reader, before: Date, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('organizations')
    .select(['tenant_id', 'service'])
    .where('mode', '=', 'service')
    .execute();
  return rows
    .filter(
      ({ service }) =>
        service !== null &&
        Date.parse(service.attemptedAt ?? service.checkedAt ?? service.grantedAt) < before.getTime(),
    )
    .slice(0, limit)
    .map(({ tenant_id: tenantId }) => tenantId);
}

/** Connections whose time to be looked at has come; their next time is set at once, so that none starves the rest. */
export async function takeConnectionsToRenew(
  tx: Writer,
  now: Date,
  next: Date,
  limit: number,
): Promise<readonly Pick<Connection, 'tenantId' | 'memberId'>[]> {
  const rows = await tx
    .updateTable('connections')
    .set({ renew_at: next })
    .where((where) =>
      where(
        where.refTuple('tenant_id', 'member_id'),
        'in',
        where
          .selectFrom('connections')
          .select(['tenant_id', 'member_id'])
          .where('status', '=', 'live')
          .where('credential', 'is not', null)
          .where('renew_at', '<=', now)
          .orderBy('renew_at')
          .limit(limit)
          .$asTuple('tenant_id', 'member_id'),
      ),
    )
    .returning(['tenant_id', 'member_id'])
    .execute();
  return rows.map((row) => ({ tenantId: row.tenant_id, memberId: row.member_id }));
}
