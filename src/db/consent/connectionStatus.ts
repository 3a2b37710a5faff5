/** The states of a connection as SQL literals, each checked against the one list of them. */
import { type RawBuilder, sql } from 'kysely';
import type { Connection } from '../../domain/records.ts';

export const LIVE = status('live');
export const LOST = status('lost');
export const REMOVED = status('removed');

function status(word: Connection['status']): RawBuilder<Connection['status']> {
  return sql.lit(word);
}
