/** Asks the sandbox for the tokens that a real host would hand over. */

export interface HostSettings {
  readonly as: string;
  readonly oid: string;
  readonly tenantId: string;
  readonly name: string;
  readonly appUrl: string;
  readonly authority: string;
  readonly clientId: string;
  readonly badly: Badly;
}

/** How a host behaves badly, by query parameters of its page; absent is well. */
export interface Badly {
  /** Milliseconds until the host answers the first call. */
  readonly start?: number | undefined;
  /** The host's own token call: milliseconds until it answers, or what it answers instead; `never` for silence. */
  readonly own?: string | undefined;
  /** The same for what is asked of nested app authentication without a window. */
  readonly nested?: string | undefined;
  /** The host shows the account of someone else than it signs in. */
  readonly account?: string | undefined;
}

export type HostTokenAnswer =
  | {
      readonly ok: true;
      readonly accessToken: string;
      readonly idToken: string;
      readonly expiresIn: number;
      readonly scope: string;
    }
  | { readonly ok: false; readonly code: string; readonly description: string };

export function readSettings<T extends HostSettings>(): T {
  const text = document.getElementById('host-settings')?.textContent ?? '{}';
  return JSON.parse(text);
}

/** Waits, never answers, or says with what to answer instead of a token. */
export async function misbehave(how: string | undefined): Promise<string | null> {
  if (how === undefined) {
    return null;
  }
  if (how === 'never') {
    await new Promise(() => undefined);
  }
  if (/^ms\d+$/.test(how)) {
    await new Promise((resolve) => setTimeout(resolve, Number(how.slice(2))));
    return null;
  }
  return how;
}

/** `nested`: for the application itself, as nested app authentication does; `host`: by the host's own client. */
export async function askToken(
  { as }: HostSettings,
  kind: 'nested' | 'host',
  request: { readonly clientId: string; readonly scope: string; readonly claims?: string | undefined },
): Promise<HostTokenAnswer> {
  const response = await fetch('/sandbox/hosts/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as, kind, ...request }),
  });
  return response.json();
}

/** Opens what a policy asks for beyond the sign-in, and answers when it has closed. */
export function stepUpByPopup({ as }: HostSettings): Promise<void> {
  return waitForPopupClose(`/sandbox/hosts/step-up?${new URLSearchParams({ as }).toString()}`);
}

/** Opens the sign-in in a popup of the host and answers when it has closed. */
export async function signInByPopup({ authority, tenantId, as }: HostSettings, clientId: string, scope: string) {
  const query = new URLSearchParams({
    client_id: clientId,
    scope,
    response_type: 'code',
    redirect_uri: `${location.origin}/sandbox/hosts/signed-in`,
    login_hint: as,
  });
  await waitForPopupClose(`${authority}/${tenantId}/oauth2/v2.0/authorize?${query.toString()}`);
}

async function waitForPopupClose(url: string): Promise<void> {
  const popup = window.open(url, '_blank', 'width=480,height=640');
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (popup === null || popup.closed) {
        clearInterval(timer);
        resolve();
      }
    }, 200);
  });
}
