/** Requests that are to have one effect, for a week. What they were answered may hold secrets: it is sealed. */
import { sql } from 'kysely';
import type { IdempotencyStore, Reservation } from '../../delivery/idempotency.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Database } from '../openDatabase.ts';
import { transact, type Writer } from '../transact.ts';

const KEPT_DAYS = 7;
/** Whoever has not answered after that has died. */
const RUNNING_SECONDS = 60;

export function openIdempotencyStore(database: Database, keyring: Keyring): IdempotencyStore {
  const { kysely: db } = database;
  return {
    begin: (scope, fingerprint, seed, now) =>
      transact(database, (tx) => begin(tx, keyring, { scope, fingerprint, seed, now })),
    end: async (scope, status, body) => {
      const sealed = keyring.sealByMaster(answerOf(scope), Buffer.from(body)).toString('base64');
      await db
        .updateTable('idempotent_requests')
        .set({ status, sealed_answer: sealed, lease_until: null })
        .where('scope', '=', scope)
        .execute();
    },
    forget: async (scope) => {
      await db.deleteFrom('idempotent_requests').where('scope', '=', scope).execute();
    },
    release: async (scope) => {
      await db.updateTable('idempotent_requests').set({ lease_until: null }).where('scope', '=', scope).execute();
    },
  };
}

interface Beginning {
  readonly scope: string;
  readonly fingerprint: string;
  readonly seed: Uint8Array;
  readonly now: Date;
}

async function begin(tx: Writer, keyring: Keyring, { scope, fingerprint, seed, now }: Beginning): Promise<Reservation> {
  const until = sql<Date>`now() + ${RUNNING_SECONDS} * interval '1 second'`;
  const made = await tx
    .insertInto('idempotent_requests')
    .values({
      scope,
      fingerprint,
      sealed_seed: keyring.sealByMaster(seedOf(scope), seed).toString('base64'),
      lease_until: until,
      status: null,
      sealed_answer: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('scope')
    .executeTakeFirst();
  if (made !== undefined) {
    return { kind: 'begun', seed };
  }
  const row = await tx
    .selectFrom('idempotent_requests')
    .selectAll()
    .select(sql<number>`ceil(extract(epoch from lease_until - now()))::int`.as('seconds'))
    .where('scope', '=', scope)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) {
    // Whoever had begun it was refused meanwhile.
    return begin(tx, keyring, { scope, fingerprint, seed, now });
  }
  if (row.fingerprint !== fingerprint) {
    return { kind: 'other' };
  }
  if (row.status !== null && row.sealed_answer !== null) {
    const body = keyring.openByMaster(answerOf(scope), Buffer.from(row.sealed_answer, 'base64')).toString('utf8');
    return { kind: 'ended', status: row.status, body };
  }
  if (row.lease_until !== null && row.seconds > 0) {
    return { kind: 'running', retryAfterSeconds: row.seconds };
  }
  await tx.updateTable('idempotent_requests').set({ lease_until: until }).where('scope', '=', scope).execute();
  return { kind: 'begun', seed: keyring.openByMaster(seedOf(scope), Buffer.from(row.sealed_seed, 'base64')) };
}

export async function pruneIdempotentRequests({ kysely }: Database, now: Date): Promise<void> {
  await sql`
    delete from idempotent_requests where created_at < ${now}::timestamptz - ${KEPT_DAYS} * interval '1 day'
  `.execute(kysely);
}

function seedOf(scope: string): readonly string[] {
  return ['seed of a request', scope];
}

function answerOf(scope: string): readonly string[] {
  return ['answer to a request', scope];
}
