/**
 * Addresses as mail and calendars really have them.
 *
 * Source  RFC 5322, section 3.4 (a name before an address in angle brackets); RFC 6068 (`mailto:`); "X500 addresses" of
 *         Exchange: a distinguished name of the organization's own directory, as older clients and copies write it.
 */

/** The address in what stands for one, in lower case: `Tom <tom@x.example>` is `tom@x.example`. */
export function addressIn(written: string): string {
  const text = written.trim();
  // By hand: senders choose this text, and an expression would try every way to part it.
  const bracketed = text.endsWith('>') ? text.slice(text.lastIndexOf('<') + 1, -1) : text;
  return (bracketed.includes('@') ? bracketed : text)
    .trim()
    .replace(/^(?:mailto|smtp):/i, '')
    .replace(/^['"]+|['"]+$/g, '')
    .trim()
    .toLowerCase();
}

/** Whether it is a distinguished name from the organization's own directory rather than an address. */
export function isDirectoryName(address: string): boolean {
  return /^(?:ex:|x500:)?\/o=[^/]+\//i.test(address.trim());
}
