/** What a consent transaction was begun on, and whether that still is so. */
import type { Connection, ConsentBasis, ConsentTransaction, Organization } from './records.ts';

/**
 * The basis of a transaction whose number is stored: a request for oneself stands on the member's connection, also where an
 * admin opens it by a link; everything else stands on the organization's settings.
 */
export function basisOf(
  { grantFor, mode, linkHash }: Pick<ConsentTransaction, 'grantFor' | 'mode' | 'linkHash'>,
  number: number,
): ConsentBasis {
  const isOwn = grantFor === 'self' || (mode === 'individual' && linkHash !== null);
  return isOwn ? { kind: 'connection', epoch: number } : { kind: 'settings', version: number };
}

/** The number of a basis, as it is stored. */
export function numberOf(basis: ConsentBasis): number {
  return basis.kind === 'connection' ? basis.epoch : basis.version;
}

/** Whether no one has decided otherwise since. */
export function isCurrent(
  basis: ConsentBasis,
  now: { readonly organization: Organization | null; readonly connection: Connection | null },
): boolean {
  return basis.kind === 'connection'
    ? now.connection?.epoch === basis.epoch
    : now.organization?.version === basis.version;
}
