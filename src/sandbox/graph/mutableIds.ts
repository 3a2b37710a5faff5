/**
 * Without the preference for immutable ids the messages, events and contacts of a mailbox have other ids, which change
 * when something is moved; whoever asks with one is answered as with the other.
 *
 * Source  "Obtain immutable identifiers for Outlook resources" (learn.microsoft.com/graph).
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { occurrenceIn } from '../control/itemChanges.ts';
import type { Mailboxes } from './mailboxes.ts';

const IMMUTABLE = /^AAkALgAA(?!t)/;
const MUTABLE = /^AAMkAGI(.+)\.([0-9a-f]{8})$/;

export function showMutableIds(app: FastifyInstance, mailboxes: Mailboxes): void {
  const ids = new MutableIds(mailboxes);
  app.addHook('preValidation', async ({ params }) => {
    for (const [name, value] of Object.entries(Object(params))) {
      if (typeof value === 'string') {
        Reflect.set(Object(params), name, immutableId(value));
      }
    }
  });
  app.addHook('preSerialization', async (request, _reply, payload) =>
    prefersImmutable(request) ? payload : ids.in(payload),
  );
}

function prefersImmutable({ headers }: FastifyRequest): boolean {
  return /IdType="?ImmutableId"?/i.test(String(headers['prefer'] ?? ''));
}

/** The id that an item keeps, of either id of it. */
export function immutableId(id: string): string {
  const kept = MUTABLE.exec(id)?.[1];
  return kept === undefined ? id : `AAkALgAA${kept}`;
}

class MutableIds {
  readonly #mailboxes: Mailboxes;
  /** What was said last: what is gone is named by the id that it had. */
  readonly #last = new Map<string, string>();

  constructor(mailboxes: Mailboxes) {
    this.#mailboxes = mailboxes;
  }

  in(payload: unknown): unknown {
    if (Array.isArray(payload)) {
      return payload.map((each) => this.in(each));
    }
    if (typeof payload !== 'object' || payload === null) {
      return payload;
    }
    const isGone = '@removed' in payload;
    return Object.fromEntries(
      Object.entries(payload).map(([name, value]: [string, unknown]) => {
        const isId = (name === 'id' || name === 'seriesMasterId') && typeof value === 'string' && IMMUTABLE.test(value);
        return [name, isId ? this.#idOf(value, isGone) : name === 'value' ? this.in(value) : value];
      }),
    );
  }

  #idOf(id: string, isGone: boolean): string {
    const last = this.#last.get(id);
    if (isGone && last !== undefined) {
      return last;
    }
    const mark = createHash('sha256').update(this.#placeOf(id)).digest('hex').slice(0, 8);
    const mutable = `AAMkAGI${id.replace(IMMUTABLE, '')}.${mark}`;
    this.#last.set(id, mutable);
    return mutable;
  }

  #placeOf(id: string): string {
    const kept = occurrenceIn(id)?.masterId ?? id;
    const mailbox = this.#mailboxes.holding(kept);
    return (
      mailbox?.message(kept)?.folder ?? mailbox?.event(kept)?.calendar ?? mailbox?.contacts.get(kept)?.container ?? ''
    );
  }
}
