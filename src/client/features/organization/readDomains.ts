/** Domains as people type them, one a line or separated by commas, and those that are none. */
import { parseDomain } from '../../../domain/relevance.ts';

export function readDomains(text: string): { readonly domains: string[]; readonly bad: readonly string[] } {
  const typed = text.split(/[\s,;]+/).filter((part) => part !== '');
  const domains = typed.flatMap((part) => parseDomain(part) ?? []);
  return { domains: [...new Set(domains)], bad: typed.filter((part) => parseDomain(part) === null) };
}
