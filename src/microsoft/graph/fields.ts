/**
 * Parts that several of Graph's resources have in common: addresses, bodies and instants.
 *
 * Shapes  Whatever Microsoft's schema calls nullable is nullable here, and what is left out is like null.
 */
import { z } from 'zod';
import { IMPORTANCES, type ItemContent, type Person } from '../../domain/items.ts';

/** Source: "emailAddress resource type". */
export const EmailAddress = z.object({ name: z.string().nullish(), address: z.string().nullish() });

/** Source: "recipient resource type". */
export const Recipient = z.object({ emailAddress: EmailAddress.nullish() });

/** Source: "itemBody resource type". */
export const ItemBody = z.object({ contentType: z.string().nullish(), content: z.string().nullish() });

/** Source: "dateTimeTimeZone resource type". */
export const DateTimeTimeZone = z.object({ dateTime: z.string().nullish(), timeZone: z.string().nullish() });

/** Nothing for what is not in the list, as what Microsoft adds to it later. */
export function oneOf<Word extends string>(words: readonly Word[], text: string | null | undefined): Word | undefined {
  return words.find((word) => word === text);
}

/** What messages and events have in common beside their people. Source: "outlookItem resource type". */
export const OUTLOOK_ITEM = ['importance', 'categories', 'webLink'];
export const OutlookItem = z.object({
  importance: z.string().nullish(),
  categories: z.array(z.string().nullable()).nullish(),
  webLink: z.string().nullish(),
});

/** What is as usual is not said. */
export function outlookItemOf({
  importance,
  categories,
  webLink,
}: z.infer<typeof OutlookItem>): Pick<ItemContent, 'importance' | 'labels' | 'webLink'> {
  const kept = oneOf(IMPORTANCES, importance);
  const labels = (categories ?? []).flatMap((name) => name ?? []);
  return {
    ...(kept === undefined || kept === 'normal' ? {} : { importance: kept }),
    ...(labels.length === 0 ? {} : { labels }),
    webLink: webLink ?? undefined,
  };
}

/** `null` for an address without anything in it. */
export function personOf(
  role: Person['role'],
  address: z.infer<typeof EmailAddress> | null | undefined,
): Person | null {
  const name = address?.name ?? undefined;
  return (address?.address ?? '') === '' && name === undefined ? null : { role, address: address?.address ?? '', name };
}

/** Nothing where there is no content. */
export function bodyOf(body: z.infer<typeof ItemBody> | null | undefined): ItemContent['body'] {
  const content = body?.content ?? null;
  return content === null ? undefined : { contentType: body?.contentType ?? 'text', content };
}

/**
 * Programs that know no time write the first one that they can: year 1 in .NET, 1601 in Windows, 1970 in Unix. Nothing
 * in a mailbox is older than the second day of the last.
 */
const FIRST_INSTANT = Date.parse('1970-01-02T00:00:00Z');

/** `null` for what is no instant, or stands for none. */
export function instantOrNull(text: string | null | undefined): Date | null {
  const instant = new Date(text ?? '');
  return instant.getTime() >= FIRST_INSTANT ? instant : null;
}

/** The first of several that is one. */
export function firstInstant(...texts: readonly (string | null | undefined)[]): Date | null {
  return texts.map(instantOrNull).find((instant) => instant !== null) ?? null;
}
