/** The few cookies that popups need (RFC 6265): one per window, so that two at once do not take each other's. */

const WINDOW_SECONDS = 15 * 60;
/** A browser sends all of them with every request, and a server takes only so much. */
const MAX_WINDOWS = 5;

/** What a popup is for; each purpose has its own address to come back to. */
type Purpose = 'connect' | 'consent' | 'sign-in';

/**
 * The `Set-Cookie` values that open a window: its own cookie, and the end of the oldest where there are too many.
 * `sent` is the request's `Cookie`, which names the oldest first; `state` tells the windows apart.
 */
export function openWindowCookie(
  sent: string | undefined,
  purpose: Purpose,
  state: string,
  value: string,
): readonly string[] {
  const name = nameOf(purpose, state);
  const others = pairsIn(sent).flatMap(([other = '']) =>
    other.startsWith(`__Host-${purpose}-`) && other !== name ? [other] : [],
  );
  const surplus = others.slice(0, Math.max(0, others.length + 1 - MAX_WINDOWS));
  return [cookie(name, value, WINDOW_SECONDS), ...surplus.map(ended)];
}

export function windowCookie(sent: string | undefined, purpose: Purpose, state: string): string | null {
  const name = nameOf(purpose, state);
  return pairsIn(sent).find(([key]) => key === name)?.[1] ?? null;
}

/** The `Set-Cookie` value that ends a window's cookie; for a state that has been verified. */
export function endWindowCookie(purpose: Purpose, state: string): string {
  return ended(nameOf(purpose, state));
}

function nameOf(purpose: Purpose, state: string): string {
  return `__Host-${purpose}-${state.slice(-16)}`;
}

function ended(name: string): string {
  return cookie(name, '', 0);
}

function cookie(name: string, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`;
}

function pairsIn(header = ''): readonly (readonly string[])[] {
  return header.split(';').map((pair) => pair.trim().split('='));
}
