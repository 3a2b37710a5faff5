/** Members: who has opened Assent, by tenant and object id, never by address. */
import { type Selectable, sql } from 'kysely';
import type { DirectoryPerson, Principal } from '../../domain/people.ts';
import type { MailboxKind } from '../../domain/decision.ts';
import type { Pauses } from '../../domain/pause.ts';
import type { Member, Prompt } from '../../domain/records.ts';
import type { ProductRole } from '../../domain/roles.ts';
import { EMPTY_SELECTION, offeredOf, type Selection } from '../../domain/selection.ts';
import type { MembersTable } from './organizationTables.ts';
import { json, type Reader, type Writer } from '../transact.ts';
import { LIVE, LOST } from '../consent/connectionStatus.ts';

export async function readMember(db: Reader, tenantId: string, memberId: string): Promise<Member | null> {
  const row = await db
    .selectFrom('members')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .executeTakeFirst();
  return row === undefined ? null : toMember(row);
}

export async function readMembers(db: Reader, tenantId: string): Promise<readonly Member[]> {
  const rows = await membersIn(db, tenantId).execute();
  return rows.map(toMember);
}

/** Those of `memberIds` who are known, longest first. */
export async function readMembersOf(
  db: Reader,
  tenantId: string,
  memberIds: readonly string[],
): Promise<readonly Member[]> {
  const rows = await membersIn(db, tenantId)
    .where(sql<boolean>`member_id = any(${[...memberIds]}::uuid[])`)
    .execute();
  return rows.map(toMember);
}

export async function seeMember(tx: Writer, principal: Principal, at: Date): Promise<void> {
  const seen = {
    name: principal.name,
    account: principal.account,
    login_hint: principal.loginHint,
    is_guest: principal.isGuest,
    seen_at: at,
    opened_at: at,
  };
  await tx
    .insertInto('members')
    .values({
      tenant_id: principal.tenantId,
      member_id: principal.memberId,
      preference: json(EMPTY_SELECTION),
      created_at: at,
      ...seen,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'member_id']).doUpdateSet({
        ...seen,
        opened_at: (row) => row.fn.coalesce('members.opened_at', 'excluded.opened_at'),
      }),
    )
    .execute();
}

/** Adds people known only from the directory so far; those who are known stay as they are. */
export async function insertPeople(
  tx: Writer,
  tenantId: string,
  people: readonly DirectoryPerson[],
  at: Date,
): Promise<void> {
  await sql`
    insert into members (tenant_id, member_id, name, preference, created_at, seen_at)
    select ${tenantId}::uuid, member_id, name, ${json(EMPTY_SELECTION)}::jsonb, ${at}, ${at}
    from unnest(${people.map(({ memberId }) => memberId)}::uuid[], ${people.map(({ name }) => name)}::text[])
      as found (member_id, name)
    on conflict (tenant_id, member_id) do nothing
  `.execute(tx);
}

/** Who holds a product role, longest first. */
export async function readOwnersAndManagers(db: Reader, tenantId: string): Promise<readonly Member[]> {
  const rows = await membersIn(db, tenantId).where('product_role', 'is not', null).execute();
  return rows.map(toMember);
}

/** How many people have opened Assent, are connected, or have to sign in again. */
export async function countMembers(
  db: Reader,
  tenantId: string,
): Promise<{ readonly opened: number; readonly live: number; readonly withCredential: number; readonly lost: number }> {
  const { rows } = await sql<{ opened: number; live: number; with_credential: number; lost: number }>`
    select (select count(*) from members where tenant_id = ${tenantId} and opened_at is not null)::int as opened,
      count(*) filter (where status = ${LIVE})::int as live,
      count(*) filter (where status = ${LIVE} and credential is not null)::int as with_credential,
      count(*) filter (where status = ${LOST})::int as lost
    from connections where tenant_id = ${tenantId}
  `.execute(db);
  const [counted] = rows;
  return {
    opened: counted?.opened ?? 0,
    live: counted?.live ?? 0,
    withCredential: counted?.with_credential ?? 0,
    lost: counted?.lost ?? 0,
  };
}

interface MemberChange {
  readonly product_role?: ProductRole | null;
  readonly preference?: string;
  readonly pauses?: string;
  readonly rules?: Uint8Array | null;
  readonly retention_days?: number | null;
  readonly is_disabled?: boolean;
  readonly prompt?: Prompt['state'];
  readonly prompt_after?: Date | null;
  readonly mailbox_kind?: MailboxKind;
  readonly mailbox_checked_at?: Date;
}

export async function updateMember(
  tx: Writer,
  tenantId: string,
  memberId: string,
  change: MemberChange,
): Promise<void> {
  await tx
    .updateTable('members')
    .set(change)
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .execute();
}

export function setPreference(tx: Writer, tenantId: string, memberId: string, selection: Selection): Promise<void> {
  return updateMember(tx, tenantId, memberId, { preference: json(selection) });
}

export function setPauses(tx: Writer, tenantId: string, memberId: string, pauses: Pauses): Promise<void> {
  return updateMember(tx, tenantId, memberId, { pauses: json(pauses) });
}

/** Longest first. */
function membersIn(db: Reader, tenantId: string) {
  return db.selectFrom('members').selectAll().where('tenant_id', '=', tenantId).orderBy('created_at');
}

function toMember(row: Selectable<MembersTable>): Member {
  return {
    tenantId: row.tenant_id,
    memberId: row.member_id,
    name: row.name,
    account: row.account,
    loginHint: row.login_hint,
    productRole: row.product_role,
    isGuest: row.is_guest,
    isDisabled: row.is_disabled,
    preference: offeredOf(row.preference),
    pauses: row.pauses,
    mailbox: { value: row.mailbox_kind, checkedAt: row.mailbox_checked_at?.toISOString() ?? null },
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    prompt: { state: row.prompt, after: row.prompt_after },
  };
}
