/**
 * Runs work in one transaction; what holds a `Reader` only cannot write.
 *
 * A deadlock or a serialization failure runs the whole work again, at most five times: work must not have
 * effects outside the database.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { errorCode } from '../domain/errorCode.ts';
import type { Database } from './openDatabase.ts';
import type { Schema } from './schema.ts';

export type Reader = Kysely<Schema>;
export type Writer = Transaction<Schema>;

const endings = new WeakMap<Writer, () => Promise<void>>();

/** Has `ending` run when the work of the transaction is done, right before its commit. There is one. */
export function beforeCommit(tx: Writer, ending: () => Promise<void>): void {
  endings.set(tx, ending);
}

const ATTEMPTS = 5;
const RETRYABLE: readonly string[] = ['40001', '40P01'];

export async function transact<T>(database: Database, work: (tx: Writer) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.kysely.transaction().execute(async (tx) => {
        const result = await work(tx);
        await endings.get(tx)?.();
        return result;
      });
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRYABLE.includes(errorCode(error) ?? '')) {
        throw error;
      }
    }
  }
}

/** Classes of SQLSTATE that are a value's fault: data exceptions, and limits of the program. */
const OF_A_VALUE = /^(?:22|54)/;

/** Whether the database refused something because of what it is, so that another value would be taken. */
export function isOfAValue(error: unknown): boolean {
  return OF_A_VALUE.test(errorCode(error) ?? '');
}

/** A value as JSON for a `jsonb` column, on both engines. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}

export const CHANGES_CHANNEL = 'assent_changes';
export const WAKE_CHANNEL = 'assent_wake';
export const FEED_CHANNEL = 'assent_feed';

/** Tells listeners of every process, when the transaction commits. */
export async function notify(tx: Writer, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx);
}
