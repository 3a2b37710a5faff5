/** Organizations as the operator's product lists them: each with how many people it has. */
import { sql } from 'kysely';
import type { ListedOrganization, OrganizationList } from '../../delivery/ports.ts';
import type { Database } from '../openDatabase.ts';

export function openOrganizationList({ kysely }: Database): OrganizationList {
  return async (organizationIds, after, limit) => {
    const rows = await kysely
      .selectFrom('organizations')
      .select(['tenant_id', 'name', 'enabled', 'mode', 'grant_state', 'created_at', 'suspended_at'])
      .select(({ selectFrom, fn }) => [
        selectFrom('members')
          .whereRef('members.tenant_id', '=', 'organizations.tenant_id')
          .select(fn.countAll<number>().as('count'))
          .as('members'),
        selectFrom('connections')
          .whereRef('connections.tenant_id', '=', 'organizations.tenant_id')
          .where('status', '=', 'live')
          .where((where) => where.or([where('credential', 'is not', null), where('mode', '=', 'service')]))
          .select(fn.countAll<number>().as('count'))
          .as('connected'),
      ])
      .$if(organizationIds !== null, (query) =>
        query.where('tenant_id', '=', sql<string>`any(${organizationIds ?? []}::uuid[])`),
      )
      .$if(after !== null, (query) => query.where('tenant_id', '>', after))
      .orderBy('tenant_id')
      .limit(limit)
      .execute();
    return rows.map(
      ({
        tenant_id: tenantId,
        grant_state: grant,
        created_at: admittedAt,
        members,
        connected,
        ...row
      }): ListedOrganization => ({
        tenantId,
        name: row.name,
        isEnabled: row.enabled,
        mode: row.mode,
        grant,
        admittedAt,
        suspendedAt: row.suspended_at,
        members: Number(members),
        connected: Number(connected),
      }),
    );
  };
}
