/** Which members were found in which group of the directory, and which people an audience includes. */
import { sql } from 'kysely';
import type { Audience } from '../../domain/audience.ts';
import type { Reader, Writer } from '../transact.ts';

export async function readGroupsOf(db: Reader, tenantId: string, memberId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('member_groups')
    .select('group_id')
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .execute();
  return rows.map(({ group_id: groupId }) => groupId);
}

/** The groups of everyone who was found in one. */
export async function readMemberships(db: Reader, tenantId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom('member_groups')
    .select(['member_id', 'group_id'])
    .where('tenant_id', '=', tenantId)
    .execute();
  const groups = new Map<string, string[]>();
  for (const { member_id: memberId, group_id: groupId } of rows) {
    groups.set(memberId, [...(groups.get(memberId) ?? []), groupId]);
  }
  return groups;
}

export async function readPeopleIn(db: Reader, tenantId: string, audience: Audience): Promise<readonly string[]> {
  const rows = await peopleIn(db, tenantId, audience)
    .select('member_id')
    .orderBy('created_at')
    .orderBy('member_id')
    .execute();
  return rows.map(({ member_id: memberId }) => memberId);
}

export async function countPeopleIn(db: Reader, tenantId: string, audience: Audience): Promise<number> {
  const row = await peopleIn(db, tenantId, audience)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function isPersonIn(db: Reader, tenantId: string, audience: Audience, memberId: string): Promise<boolean> {
  const row = await peopleIn(db, tenantId, audience)
    .select('member_id')
    .where('member_id', '=', memberId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Everyone means everyone who is known and no guest. */
function peopleIn(db: Reader, tenantId: string, audience: Audience) {
  const known = db.selectFrom('members').where('tenant_id', '=', tenantId).where('is_guest', '=', false);
  return audience.kind === 'everyone'
    ? known
    : audience.kind === 'people'
      ? known.where('member_id', '=', sql<string>`any(${[...audience.memberIds]}::uuid[])`)
      : known.where('member_id', 'in', (select) =>
          select
            .selectFrom('member_groups')
            .select('member_id')
            .where('tenant_id', '=', tenantId)
            .where('group_id', '=', audience.groupId),
        );
}

/** Notes whether one person is in a group; says whether that is news. */
export async function setInGroup(
  tx: Writer,
  tenantId: string,
  groupId: string,
  memberId: string,
  isIn: boolean,
  at: Date,
): Promise<boolean> {
  const wasIn = (await readGroupsOf(tx, tenantId, memberId)).includes(groupId);
  if (isIn) {
    await add(tx, tenantId, groupId, [memberId], at);
    return !wasIn;
  }
  await tx
    .deleteFrom('member_groups')
    .where('tenant_id', '=', tenantId)
    .where('group_id', '=', groupId)
    .where('member_id', '=', memberId)
    .execute();
  return wasIn;
}

export async function setGroup(
  tx: Writer,
  tenantId: string,
  groupId: string,
  memberIds: readonly string[],
  at: Date,
): Promise<void> {
  await tx.deleteFrom('member_groups').where('tenant_id', '=', tenantId).where('group_id', '=', groupId).execute();
  await add(tx, tenantId, groupId, memberIds, at);
}

async function add(
  tx: Writer,
  tenantId: string,
  groupId: string,
  memberIds: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    insert into member_groups (tenant_id, group_id, member_id, checked_at)
    select ${tenantId}::uuid, ${groupId}::uuid, member_id, ${at}
    from unnest(${[...memberIds]}::uuid[]) as found (member_id)
    on conflict (tenant_id, group_id, member_id) do update set checked_at = excluded.checked_at
  `.execute(tx);
}
