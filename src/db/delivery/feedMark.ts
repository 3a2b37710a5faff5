/**
 * What the feed is recognized by, kept in the key store, which no backup of the database has: the generation that cursors
 * carry, the secret that they are signed with, and how far the feed had come.
 *
 * A database whose feed is behind that was restored from a backup. Its numbers will be given again for other changes, so
 * it gets a new generation, and every cursor of before is refused once.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CursorSecret } from '../../delivery/ports.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Database } from '../openDatabase.ts';

const Mark = z.object({ generation: z.uuid(), secret: z.base64(), position: z.number() });
type Mark = z.infer<typeof Mark>;

export interface OpenedFeed {
  readonly cursors: CursorSecret;
  /** Whether the database was found to be older than the feed had come. */
  readonly isRestored: boolean;
}

export async function openFeedMark(database: Database, keyring: Keyring): Promise<OpenedFeed> {
  const position = await positionOf(database);
  let isRestored = false;
  const { generation, secret } = await changeMark(keyring, (mark) => {
    isRestored = position < mark.position;
    return isRestored ? { ...mark, generation: randomUUID(), position } : null;
  });
  return { cursors: { generation, secret: Buffer.from(secret, 'base64') }, isRestored };
}

/** Writes down how far the feed has come. */
export async function advanceFeedMark(database: Database, keyring: Keyring): Promise<void> {
  const position = await positionOf(database);
  await changeMark(keyring, (mark) => (position > mark.position ? { ...mark, position } : null));
}

async function changeMark(keyring: Keyring, change: (mark: Mark) => Mark | null): Promise<Mark> {
  const made = { generation: randomUUID(), secret: randomBytes(32).toString('base64'), position: 0 };
  return parse(
    await keyring.changeFeedMark(bytesOf(made), (mark) => {
      const changed = change(parse(mark));
      return changed === null ? null : bytesOf(changed);
    }),
  );
}

function parse(mark: Buffer): Mark {
  return Mark.parse(JSON.parse(mark.toString('utf8')));
}

function bytesOf(mark: Mark): Buffer {
  return Buffer.from(JSON.stringify(mark));
}

async function positionOf({ kysely }: Database): Promise<number> {
  const { position } = await kysely.selectFrom('feed_head').select('position').executeTakeFirstOrThrow();
  return position;
}
