/**
 * Relevance: which items are worth storing at all. What a rule excludes is never stored.
 *
 * Shapes  Domains are lower case, without `@`; a rule covers the domain and its subdomains.
 *         Participants are mail addresses as Graph gives them: sender, from, to, cc, bcc, attendees.
 * Errors  None: an address without a domain counts as outside every listed domain.
 */

export interface RelevancePolicy {
  /** Mail and events whose every participant is inside one of these are dropped. */
  readonly ignoredDomains: readonly string[];
}

export const EVERYTHING: RelevancePolicy = { ignoredDomains: [] };

export type Relevance = { readonly relevant: true } | { readonly relevant: false; readonly rule: 'ignoredDomains' };

/** Judges an item by its participants; an item without participants is kept. */
export function judge(policy: RelevancePolicy, participants: readonly string[]): Relevance {
  const inside = (address: string) => policy.ignoredDomains.some((domain) => isInDomain(address, domain));
  return participants.length > 0 && participants.every(inside)
    ? { relevant: false, rule: 'ignoredDomains' }
    : { relevant: true };
}

/** Puts a domain that a person typed into the form that rules use, or `null` where it is no domain. */
export function parseDomain(typed: string): string | null {
  const domain = typed.trim().toLowerCase().replace(/^@/, '').replace(/\.$/, '');
  return DOMAIN.test(domain) && domain.length <= 253 ? domain : null;
}

const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{1,62}$/u;

function isInDomain(address: string, domain: string): boolean {
  const at = address.lastIndexOf('@');
  const host =
    at < 0
      ? ''
      : address
          .slice(at + 1)
          .trim()
          .toLowerCase();
  return host === domain || host.endsWith(`.${domain}`);
}
