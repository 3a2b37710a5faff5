/** Asks the sandbox for the tokens that a real host would hand over. */

export interface HostSettings {
  readonly as: string;
  readonly oid: string;
  readonly tenantId: string;
  readonly name: string;
  readonly appUrl: string;
  readonly authority: string;
  readonly clientId: string;
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
  return untilClosed(`/sandbox/hosts/step-up?${new URLSearchParams({ as }).toString()}`);
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
  await untilClosed(`${authority}/${tenantId}/oauth2/v2.0/authorize?${query.toString()}`);
}

async function untilClosed(url: string): Promise<void> {
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
