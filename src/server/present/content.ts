/** What is stored of a member, as the API shows it. */
import { z } from 'zod';
import type { Explanation } from '../../content/explainMessage.ts';
import type { KeptContent } from '../../content/keptItems.ts';
import type { ListedItem } from '../../content/listItems.ts';
import type { ItemPlace, SetAsideItem } from '../../content/ports.ts';
import type { Explanation as ExplanationDocument, Item, Items } from '../../contract/api/items.ts';
import type { SetAside, Stored } from '../../contract/api/stored.ts';
import { titleOf } from '../../domain/items.ts';
import { presentReceipt } from './sync.ts';

export function presentItems(page: { readonly items: readonly ListedItem[]; readonly next: ItemPlace | null }): Items {
  return { items: page.items.map(presentItem), next: page.next === null ? null : cursorOf(page.next) };
}

function presentItem({ itemId, category, at, level, content, folderName }: ListedItem): Item {
  const { people, internetMessageId, end, isAllDay, isCancelled, isBusyTime } = content;
  return {
    id: itemId,
    category,
    subject: titleOf(content),
    at: at?.toISOString() ?? null,
    people: people.map(({ name, address, role }) => ({ address, role, ...(name === undefined ? {} : { name }) })),
    level,
    ...(end === undefined ? {} : { endsAt: end }),
    ...(isAllDay === true ? { isAllDay } : {}),
    ...(isCancelled === true ? { isCancelled } : {}),
    ...(isBusyTime === true ? { isBusyTime } : {}),
    ...(internetMessageId === undefined ? {} : { internetMessageId }),
    ...(folderName === null ? {} : { folder: folderName }),
  };
}

function cursorOf({ at, itemId }: ItemPlace): string {
  return Buffer.from(`${at.toISOString()} ${itemId}`).toString('base64url');
}

/** The place that a cursor stands for; `null` for one that was never given out. */
export function parseCursor(text: string): ItemPlace | null {
  const match = /^(\S+Z) (\S+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  const at = new Date(match?.[1] ?? '');
  return match?.[2] === undefined || Number.isNaN(at.getTime()) ? null : { at, itemId: match[2] };
}

export function presentExplanation(explanation: Explanation): ExplanationDocument {
  if ('stored' in explanation) {
    const { stored, ...rest } = explanation;
    return { ...rest, level: stored.level, storedAt: stored.storedAt.toISOString() };
  }
  if ('exclusion' in explanation) {
    const { exclusion, ...rest } = explanation;
    return { ...rest, ...(exclusion === null ? {} : { exclusion }) };
  }
  return explanation;
}

export function presentKept({ kept, receipts }: KeptContent): Stored {
  return { kept: [...kept], receipts: receipts.map(presentReceipt) };
}

export function presentSetAside(items: readonly SetAsideItem[]): SetAside {
  return { items: items.map(({ category, reason, raw }) => ({ category, ...namedBy(raw), reason: reasonOf(reason) })) };
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
