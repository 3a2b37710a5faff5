/** The few cookies that popups need (RFC 6265). */

/** One cookie a window, so that two that are open at once do not take each other's; `window` tells them apart. */
export function cookieOf(what: string, window: string): string {
  return `__Host-${what}-${window.slice(-16)}`;
}

export function setCookie(name: string, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`;
}

export function cookieNamed(header: string | undefined, name: string): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? null;
}
