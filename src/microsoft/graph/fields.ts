/** Parts that several of Graph's resources have in common: addresses and instants. */
import { z } from 'zod';
import type { Person } from '../../domain/items.ts';

/** Source: "emailAddress resource type". */
export const EmailAddress = z.object({ name: z.string().nullish(), address: z.string().nullish() });

/** `null` for an address without anything in it. */
export function personOf(
  role: Person['role'],
  address: z.infer<typeof EmailAddress> | null | undefined,
): Person | null {
  const name = address?.name ?? undefined;
  return (address?.address ?? '') === '' && name === undefined ? null : { role, address: address?.address ?? '', name };
}

/** `null` for what is no instant, or none that PostgreSQL keeps. */
export function instantOrNull(text: string | null | undefined): Date | null {
  const instant = new Date(text ?? '');
  return Number.isNaN(instant.getTime()) ? null : instant;
}
