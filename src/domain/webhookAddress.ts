/**
 * Where webhooks may go, as far as the address says it by itself: which machine that is, is checked when it is connected to.
 *
 * Source  WHATWG URL: what it takes for a number is one here, too, however it is written.
 */

/** A host with its port, as settings name one. */
export function hostOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`;
}

const MAX_LENGTH = 2_048;
const FIRST_FREE_PORT = 1_024;
const NUMBER = /^\d+\.\d+\.\d+\.\d+$/;

/** `null` for an address that may be named; otherwise what is wrong with it. */
export function faultOf(text: string, allowedHosts: readonly string[]): string | null {
  const url = URL.parse(text);
  if (url === null || text.length > MAX_LENGTH || /[\p{C}\s]/u.test(text)) {
    return `must be an https address of at most ${MAX_LENGTH} characters`;
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return 'must carry neither a name, nor a password, nor a fragment';
  }
  return (url.protocol === 'https:' || url.protocol === 'http:') && allowedHosts.includes(hostOf(url))
    ? null
    : hostFault(url);
}

function hostFault({ hostname, port, protocol }: URL): string | null {
  if (protocol !== 'https:') {
    return 'must begin with https://';
  }
  if (port !== '' && Number(port) < FIRST_FREE_PORT) {
    return 'must use port 443, or one from 1024 on';
  }
  const isNumber = NUMBER.test(hostname) || hostname.startsWith('[');
  const isName = hostname.includes('.') && !hostname.endsWith('.') && !hostname.endsWith('.localhost');
  return isNumber || !isName ? 'must name a host in full, such as hooks.example.com' : null;
}
