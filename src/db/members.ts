/** Members: who has opened Assent, by tenant and object id, never by address. */
import type { Selectable } from 'kysely';
import type { DirectoryPerson, Principal } from '../consent/ports.ts';
import type { MailboxKind } from '../domain/decision.ts';
import type { Member, Prompt } from '../domain/records.ts';
import type { ProductRole } from '../domain/roles.ts';
import { EMPTY_SELECTION, type Selection } from '../domain/selection.ts';
import type { MembersTable } from './schema.ts';
import { json, type Reader, type Writer } from './transact.ts';

export async function readMember(db: Reader, tenantId: string, memberId: string): Promise<Member | null> {
  const row = await db
    .selectFrom('members')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('member_id', '=', memberId)
    .executeTakeFirst();
  return row === undefined ? null : present(row);
}

export async function readMembers(db: Reader, tenantId: string): Promise<readonly Member[]> {
  const rows = await db
    .selectFrom('members')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at')
    .execute();
  return rows.map(present);
}

export async function seeMember(tx: Writer, principal: Principal, at: Date): Promise<void> {
  const seen = {
    name: principal.name,
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

export async function addPerson(
  tx: Writer,
  { tenantId, memberId, name }: DirectoryPerson & { readonly tenantId: string },
  at: Date,
): Promise<void> {
  await tx
    .insertInto('members')
    .values({
      tenant_id: tenantId,
      member_id: memberId,
      name,
      login_hint: null,
      preference: json(EMPTY_SELECTION),
      created_at: at,
      seen_at: at,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'member_id']).doNothing())
    .execute();
}

interface MemberChange {
  readonly product_role?: ProductRole | null;
  readonly preference?: string;
  readonly is_disabled?: boolean;
  readonly prompt?: Prompt['state'];
  readonly prompt_after?: Date | null;
  readonly mailbox_kind?: MailboxKind;
  readonly mailbox_checked_at?: Date;
}

export async function changeMember(
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
  return changeMember(tx, tenantId, memberId, { preference: json(selection) });
}

function present(row: Selectable<MembersTable>): Member {
  return {
    tenantId: row.tenant_id,
    memberId: row.member_id,
    name: row.name,
    loginHint: row.login_hint,
    productRole: row.product_role,
    isGuest: row.is_guest,
    isDisabled: row.is_disabled,
    preference: row.preference,
    mailbox: { value: row.mailbox_kind, checkedAt: row.mailbox_checked_at?.toISOString() ?? null },
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    prompt: { state: row.prompt, after: row.prompt_after },
  };
}
