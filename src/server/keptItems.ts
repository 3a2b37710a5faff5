/** What is stored without being read any more, what was erased, and what could not be read. */
import { z } from 'zod';
import type { Principal } from '../consent/ports.ts';
import type { SetAside, Stored } from '../contract/api/stored.ts';
import { countItems } from '../db/erasures.ts';
import { readSetAside } from '../db/quarantine.ts';
import { decide, isKeptOnly } from '../domain/decision.ts';
import { CATEGORIES } from '../domain/categories/categories.ts';
import type { StoredItemsSources } from './findMemberMessage.ts';
import { presentReceipt } from './present/sync.ts';

const MAX_RECEIPTS = 50;
const MAX_SET_ASIDE = 200;

type Sources = Pick<StoredItemsSources, 'database' | 'keyring' | 'consents'>;

/** `null` for a member whom nobody knows. */
export async function readStored(
  { database, consents }: Sources,
  { tenantId, memberId }: Principal,
): Promise<Stored | null> {
  const facts = await consents.decisionFacts(tenantId, memberId);
  if (facts === null) {
    return null;
  }
  const connection = await consents.connection(tenantId, memberId);
  const isOver = connection === null || connection.status === 'removed';
  const off = CATEGORIES.filter(
    (category) => !facts.erasing.includes(category) && (isOver || isKeptOnly(decide(category, facts))),
  );
  const counts = await countItems(database.kysely, tenantId, memberId, off);
  const receipts = await consents.receipts(tenantId, memberId, MAX_RECEIPTS);
  return {
    kept: off.flatMap((category) => {
      const items = counts.get(category) ?? 0;
      return items === 0 ? [] : [{ category, items }];
    }),
    receipts: receipts.map(presentReceipt),
  };
}

export async function listSetAside(
  { database, keyring }: Sources,
  { tenantId, memberId }: Principal,
): Promise<SetAside> {
  const keys = await keyring.allForReading({ tenantId, memberId });
  const found = await readSetAside(database.kysely, { tenantId, memberId }, keys, MAX_SET_ASIDE);
  return {
    items: found.map(({ category, reason, raw }) => ({ category, ...namedBy(raw), reason: reasonOf(reason) })),
  };
}

/** What each kind of resource is called by, and when it was. */
const Named = z.object({
  subject: z.string().nullish(),
  displayName: z.string().nullish(),
  title: z.string().nullish(),
  name: z.string().nullish(),
  receivedDateTime: z.string().nullish(),
  start: z.object({ dateTime: z.string().nullish() }).nullish(),
});

function namedBy(raw: unknown): { readonly name: string | null; readonly at: string | null } {
  const { data } = Named.safeParse(raw);
  const { subject, displayName, title, name, receivedDateTime, start } = data ?? {};
  const time = new Date(receivedDateTime ?? (start?.dateTime ?? '').replace(/(\.\d{3})\d*$/, '$1Z'));
  return {
    name: subject ?? displayName ?? title ?? name ?? null,
    at: Number.isNaN(time.getTime()) ? null : time.toISOString(),
  };
}

function reasonOf(stored: string): SetAside['items'][number]['reason'] {
  switch (stored) {
    case 'tooHeavy':
      return 'tooHeavy';
    case 'forbidden':
      return 'refused';
    default:
      return 'unreadable';
  }
}
