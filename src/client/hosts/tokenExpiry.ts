/** When a token expires, read from its own claims; the server judges it anew with its own clock. */
export function expiryOf(token: string): number {
  const [, body = ''] = token.split('.');
  return (readClaims(atob(body.replaceAll('-', '+').replaceAll('_', '/'))).exp ?? 0) * 1000;
}

function readClaims(text: string): { readonly exp?: number } {
  return JSON.parse(text);
}
